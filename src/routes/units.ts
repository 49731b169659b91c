// Units of the signed-in organizer's areas.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  createUnitsSchema,
  createdUnitsSchema,
  toUnitPageBody,
  unitPageQuerySchema,
  unitPageSchema,
} from "../contracts/units.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { createUnits } from "../services/units/create-units.ts";
import { listUnits } from "../services/units/list-units.ts";

export const unitRoutes = createRouter();

const common = { tags: ["units"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

unitRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/areas/{id}/units/bulk",
    summary: "Make the units of an area, all or none",
    description:
      "Labels come from the area's nomenclature: letter-row-number, such as `A-12-5`; " +
      "letter-number in general admission.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, body: jsonBody(createUnitsSchema) },
    responses: {
      201: jsonResponse("The units were made.", createdUnitsSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const result = await createUnits(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      block: context.req.valid("json"),
    });
    return result.ok ? context.json(result.value, 201) : answerProblem(context, result.refusal);
  },
);

unitRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/areas/{id}/units",
    summary: "The units of an area, in order of sale",
    middleware: [requireSession("catalog.read")] as const,
    request: { params, query: unitPageQuerySchema },
    responses: { 200: jsonResponse("A page of units.", unitPageSchema), default: problemResponse },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const result = await listUnits(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      fromPosition: cursor?.[0] ?? 0,
      limit,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    return context.json(toUnitPageBody(result.value.units, result.value.nextPosition), 200);
  },
);
