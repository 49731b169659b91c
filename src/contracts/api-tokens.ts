// API tokens of an organizer's own systems.

import { z } from "@hono/zod-openapi";
import type { ApiToken } from "../db/api-tokens-repository.ts";
import type { CreatedPage } from "../db/created-page.ts";
import type { Scope } from "../services/actor.ts";
import { namesOf } from "../shared/names-of.ts";
import {
  idSchema,
  lineSchema,
  nextCursorSchema,
  pageQuerySchema,
  timeInputSchema,
  timeSchema,
} from "./common.ts";
import { createdCursorSchema, encodeCreatedCursor } from "./page-cursor.ts";
import { rule } from "../shared/field-rules.ts";

/** A scope that is missing here does not compile. */
const known: Record<Scope, true> = {
  "catalog.read": true,
  "catalog.write": true,
  "legal.write": true,
  "inventory.audit": true,
  "tickets.admit": true,
};
const scopeSchema = z.enum(namesOf<Scope>(known));

export const createApiTokenSchema = z
  .strictObject({
    name: lineSchema.min(1).max(100).openapi({ example: "Taquilla del teatro" }),
    scopes: z
      .array(scopeSchema)
      .min(1)
      .refine((scopes) => new Set(scopes).size === scopes.length, rule("names_scope_twice")),
    expires_at: timeInputSchema
      .nullable()
      .default(null)
      .openapi({ description: "Null for a token that works until it is revoked." }),
  })
  .openapi("CreateApiToken");

export const apiTokenPageQuerySchema = pageQuerySchema.extend({
  cursor: createdCursorSchema.optional(),
});

export const apiTokenSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    scopes: z.array(z.string()),
    created_at: timeSchema,
    expires_at: timeSchema.nullable(),
    last_used_at: timeSchema.nullable().openapi({ description: "To the hour." }),
  })
  .openapi("ApiToken");

export const createdApiTokenSchema = apiTokenSchema
  .extend({
    token: z.string().openapi({ description: "For `Authorization: Bearer`. Shown this once." }),
  })
  .openapi("CreatedApiToken");

export const apiTokenPageSchema = z
  .object({ api_tokens: z.array(apiTokenSchema), next_cursor: nextCursorSchema })
  .openapi("ApiTokenPage");

export function toApiTokenBody(token: ApiToken): z.infer<typeof apiTokenSchema> {
  return {
    id: token.tokenId,
    name: token.name,
    scopes: token.scopes,
    created_at: token.createdAt.toISOString(),
    expires_at: token.expiresAt?.toISOString() ?? null,
    last_used_at: token.lastUsedAt?.toISOString() ?? null,
  };
}

export function toApiTokenPageBody(
  page: CreatedPage<ApiToken>,
): z.infer<typeof apiTokenPageSchema> {
  return {
    api_tokens: page.items.map(toApiTokenBody),
    next_cursor: encodeCreatedCursor(page.next),
  };
}
