// API tokens, with which an organizer's own systems call what members call.

import { createRoute, z } from "@hono/zod-openapi";
import {
  apiTokenPageQuerySchema,
  apiTokenPageSchema,
  createApiTokenSchema,
  createdApiTokenSchema,
  toApiTokenBody,
  toApiTokenPageBody,
} from "../contracts/api-tokens.ts";
import { idSchema, jsonBody, jsonResponse, toTime } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { createApiToken } from "../services/api-tokens/create-api-token.ts";
import { listApiTokens } from "../services/api-tokens/list-api-tokens.ts";
import { revokeApiToken } from "../services/api-tokens/revoke-api-token.ts";

export const apiTokenRoutes = createRouter();

const common = { tags: ["api-tokens"], security: [{ session: [] }] };
/** A token is shown once, and to nobody on the way. */
const NO_STORE = { "Cache-Control": "no-store" };

apiTokenRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/api-tokens",
    summary: "Your API tokens, the oldest first",
    middleware: [requireSession("tokens.manage")] as const,
    request: { query: apiTokenPageQuerySchema },
    responses: {
      200: jsonResponse("A page of tokens, without their secrets.", apiTokenPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const { dependencies, actor } = context.var;
    const page = await listApiTokens(dependencies, actor, { after: cursor ?? null, limit });
    return context.json(toApiTokenPageBody(page), 200);
  },
);

apiTokenRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/api-tokens",
    summary: "Make an API token for a system of yours",
    description:
      "It is sent as `Authorization: Bearer` where a session is, and may do what its scopes say. " +
      "No scope lets a token manage the team or tokens.",
    middleware: [requireSession("tokens.manage")] as const,
    request: { body: jsonBody(createApiTokenSchema) },
    responses: {
      201: jsonResponse("The token; it is shown this once.", createdApiTokenSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { name, scopes, expires_at: expiresAt } = context.req.valid("json");
    const result = await createApiToken(context.var.dependencies, context.var.actor, {
      name,
      scopes,
      expiresAt: toTime(expiresAt),
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const body = { ...toApiTokenBody(result.value), token: result.value.token };
    return context.json(body, 201, NO_STORE);
  },
);

apiTokenRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/api-tokens/{id}",
    summary: "Revoke an API token",
    description: "It stops working everywhere within half a minute.",
    middleware: [requireSession("tokens.manage")] as const,
    request: { params: z.object({ id: idSchema }) },
    responses: { 204: { description: "Revoked." }, default: problemResponse },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await revokeApiToken(context.var.dependencies, context.var.actor, id);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
