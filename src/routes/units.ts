// Units of the signed-in organizer's areas.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { idempotencyHeaderSchema } from "../contracts/reservations.ts";
import {
  changeUnitsSchema,
  changedUnitsSchema,
  reserveUnitsSchema,
  reservedUnitsSchema,
  toUnitPageBody,
  unitPageQuerySchema,
  unitPageSchema,
} from "../contracts/units.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { reserveUnits } from "../services/units/reserve-units.ts";
import { returnUnits } from "../services/units/return-units.ts";
import { setUnitsBlocked } from "../services/units/set-units-blocked.ts";
import { listUnits } from "../services/units/list-units.ts";

export const unitRoutes = createRouter();

const common = { tags: ["units"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

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

unitRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/areas/{id}/units",
    summary: "Take units off sale or put them back, all or none",
    description: "A unit that is held or sold is refused by name as `units_taken`.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: idempotencyHeaderSchema, body: jsonBody(changeUnitsSchema) },
    responses: {
      200: jsonResponse("The units are like this now.", changedUnitsSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const { unit_ids: unitIds, status } = context.req.valid("json");
    const result = await setUnitsBlocked(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      unitIds,
      isBlocked: status === "blocked",
      idempotencyKey: key.value,
    });
    return result.ok ? context.json(result.value, 200) : answerProblem(context, result.refusal);
  },
);

unitRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/areas/{id}/reservations",
    summary: "Keep units back for the organizer, without an end",
    description: "Also before the event is published, and beyond the limits of buyers.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: idempotencyHeaderSchema, body: jsonBody(reserveUnitsSchema) },
    responses: {
      201: jsonResponse("Kept back until they are given back.", reservedUnitsSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const body = context.req.valid("json");
    const result = await reserveUnits(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      selection:
        "quantity" in body
          ? { kind: "best-available", quantity: body.quantity }
          : { kind: "units", unitIds: body.unit_ids },
      idempotencyKey: key.value,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { reservationId, units } = result.value;
    const named = units.map(({ unitId, label }) => ({ unit_id: unitId, label }));
    return context.json({ id: reservationId, units: named }, 201);
  },
);

unitRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/areas/{id}/reservations/{reservation_id}",
    summary: "Give back units that the organizer kept",
    middleware: [requireSession("catalog.write")] as const,
    request: { params: params.extend({ reservation_id: idSchema }) },
    responses: { 204: { description: "On sale again." }, default: problemResponse },
  }),
  async (context) => {
    const { id: areaId, reservation_id: reservationId } = context.req.valid("param");
    const result = await returnUnits(context.var.dependencies, context.var.actor, {
      areaId,
      reservationId,
    });
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
