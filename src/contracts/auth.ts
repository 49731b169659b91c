// Signing in, and the sessions of whoever did.

import { z } from "@hono/zod-openapi";
import type { CreatedPage } from "../db/created-page.ts";
import type { Person } from "../db/members-repository.ts";
import type { ListedSession, OpenedSession } from "../db/sessions-repository.ts";
import type { Member } from "../services/actor.ts";
import { idSchema, lineSchema, nextCursorSchema, pageQuerySchema, timeSchema } from "./common.ts";
import { createdCursorSchema, encodeCreatedCursor } from "./page-cursor.ts";

export const roleSchema = z.enum(["owner", "manager", "finance", "gate"]);

/** However a telephone's keyboard spells it. */
export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .pipe(z.email())
  .openapi({ example: "caribe@example.com" });

export const requestMagicLinkSchema = z
  .strictObject({ email: emailSchema })
  .openapi("RequestMagicLink");

export const requestedMagicLinkSchema = z
  .object({ expires_in_seconds: z.int().openapi({ description: "How long a link works." }) })
  .openapi("RequestedMagicLink");

export const openSessionSchema = z
  .strictObject({
    token: z.string().min(1).max(200).openapi({ description: "`token` of the mailed address." }),
  })
  .openapi("OpenSession");

export const openedSessionSchema = z
  .object({
    token: z.string().openapi({
      description: "For `Authorization: Bearer`. Shown this once; browsers get it as a cookie too.",
    }),
    expires_at: timeSchema.openapi({ description: "Moves on while the session is used." }),
    user: z.object({ id: idSchema, email: z.string(), name: z.string() }),
    organizer: z.object({ id: idSchema, name: z.string() }),
    role: roleSchema,
  })
  .openapi("OpenedSession");

export const meSchema = z
  .object({
    user_id: idSchema,
    email: z.string().nullable(),
    name: z.string(),
    profile_id: idSchema,
    organizer_name: z.string(),
    role: roleSchema,
  })
  .openapi("Me");

export const changeMeSchema = z
  .strictObject({
    name: lineSchema.min(1).max(200).openapi({ example: "Luz Marina Rojas" }),
  })
  .openapi("ChangeMe");

export const sessionPageQuerySchema = pageQuerySchema.extend({
  cursor: createdCursorSchema.optional(),
});

export const sessionPageSchema = z
  .object({
    sessions: z.array(
      z.object({
        id: idSchema,
        created_at: timeSchema,
        last_used_at: timeSchema.openapi({ description: "To the day." }),
        user_agent: z
          .string()
          .nullable()
          .openapi({ description: "What signed in.", example: "Firefox · Windows" }),
        current: z.boolean().openapi({ description: "Whether it is the one that asks." }),
      }),
    ),
    next_cursor: nextCursorSchema,
  })
  .openapi("SessionPage");

export function toOpenedSessionBody(
  session: OpenedSession & { token: string },
): z.infer<typeof openedSessionSchema> {
  return {
    token: session.token,
    expires_at: session.expiresAt.toISOString(),
    user: { id: session.userId, email: session.email, name: session.name },
    organizer: { id: session.profileId, name: session.organizerName },
    role: session.role,
  };
}

export function toMeBody(me: Member & Person): z.infer<typeof meSchema> {
  return {
    user_id: me.userId,
    email: me.email,
    name: me.name,
    profile_id: me.profileId,
    organizer_name: me.organizerName,
    role: me.role,
  };
}

export function toSessionPageBody(
  page: CreatedPage<ListedSession>,
  currentId: string,
): z.infer<typeof sessionPageSchema> {
  return {
    sessions: page.items.map((session) => ({
      id: session.sessionId,
      created_at: session.createdAt.toISOString(),
      last_used_at: session.lastUsedAt.toISOString(),
      user_agent: session.userAgent,
      current: session.sessionId === currentId,
    })),
    next_cursor: encodeCreatedCursor(page.next),
  };
}
