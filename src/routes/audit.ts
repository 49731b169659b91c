// Whether an area's inventory and the database say the same.

import { createRoute, z } from "@hono/zod-openapi";
import { areaAuditSchema, auditAreaSchema, toAreaAuditBody } from "../contracts/audit.ts";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { auditArea } from "../services/inventory/audit-area.ts";

export const auditRoutes = createRouter();

auditRoutes.openapi(
  createRoute({
    tags: ["areas"],
    security: [{ session: [] }],
    method: "post",
    path: "/areas/{id}/audit",
    summary: "Compare an area's inventory with the database, and repair what differs",
    description:
      "Changes on their way to the database are no differences. With `repair`, what is certain is repaired; " +
      "what a person has to decide is only named. A large area takes several requests: send `next_cursor` as " +
      "`cursor` until it is null.",
    middleware: [requireSession("inventory.audit")] as const,
    request: { params: z.object({ id: idSchema }), body: jsonBody(auditAreaSchema) },
    responses: {
      200: jsonResponse("What differs.", areaAuditSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { id: areaId } = context.req.valid("param");
    const { repair, cursor } = context.req.valid("json");
    const result = await auditArea(context.var.dependencies, context.var.actor, {
      areaId,
      isRepairing: repair,
      from: cursor ?? null,
    });
    return result.ok
      ? context.json(toAreaAuditBody(areaId, result.value), 200)
      : answerProblem(context, result.refusal);
  },
);
