// Who the session is.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";

const meSchema = z
  .object({
    user_id: idSchema,
    profile_id: idSchema,
    role: z.enum(["owner", "manager", "finance", "gate"]),
  })
  .openapi("Me");

export const authRoutes = createRouter();

authRoutes.openapi(
  createRoute({
    method: "get",
    path: "/auth/me",
    tags: ["auth"],
    summary: "The signed-in member",
    security: [{ session: [] }],
    middleware: [requireSession("session.read")] as const,
    responses: { 200: jsonResponse("The member.", meSchema), default: problemResponse },
  }),
  (context) => {
    const { userId, profileId, role } = context.var.actor;
    return context.json({ user_id: userId, profile_id: profileId, role }, 200);
  },
);
