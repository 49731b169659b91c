// Areas of the signed-in organizer's events.

import { createRoute, z } from "@hono/zod-openapi";
import {
  areaPageQuerySchema,
  areaPageSchema,
  areaSchema,
  changeAreaSchema,
  createAreaSchema,
  toAreaBody,
  toAreaPageBody,
} from "../contracts/areas.ts";
import { idSchema, ifMatchHeaderSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { changeArea } from "../services/areas/change-area.ts";
import { createArea } from "../services/areas/create-area.ts";
import { deleteArea } from "../services/areas/delete-area.ts";
import { getArea } from "../services/areas/get-area.ts";
import { listAreas } from "../services/areas/list-areas.ts";

export const areaRoutes = createRouter();

const common = { tags: ["areas"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

areaRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/events/{id}/areas",
    summary: "The areas of an event, oldest first",
    middleware: [requireSession("catalog.read")] as const,
    request: { params, query: areaPageQuerySchema },
    responses: { 200: jsonResponse("A page of areas.", areaPageSchema), default: problemResponse },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const { id: eventId } = context.req.valid("param");
    const result = await listAreas(context.var.dependencies, context.var.actor, {
      eventId,
      after: cursor ?? null,
      limit,
    });
    return result.ok
      ? context.json(toAreaPageBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

areaRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/areas",
    summary: "Add an area to an event",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, body: jsonBody(createAreaSchema) },
    responses: {
      201: jsonResponse("The new area, without units.", areaSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await createArea(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      name: body.name,
      description: body.description,
      priceInCents: body.price_in_cents,
      currency: body.currency,
      serviceInCents: body.service_in_cents,
      unitCapacity: body.unit_capacity,
      nomenclatureLetter: body.nomenclature_letter,
      unitsPerReservationMax: body.units_per_reservation_max,
      unitsPerBuyerMax: body.units_per_buyer_max,
      allowsReentry: body.allows_reentry,
    });
    return result.ok
      ? context.json(toAreaBody(result.value), 201, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

areaRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/areas/{id}",
    summary: "One area",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("The area.", areaSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await getArea(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json(toAreaBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

areaRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/areas/{id}",
    summary: "Change an area",
    description:
      "A new price holds for what is reserved from then on. Once units are held or sold, `unit_capacity` may only rise and " +
      "`nomenclature_letter` stays. What is held at the very moment of the change admits as many people as before. All of " +
      "the changes are made, or none.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema, body: jsonBody(changeAreaSchema) },
    responses: {
      200: jsonResponse("The area, with its changes.", areaSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await changeArea(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      changes: {
        name: body.name,
        description: body.description,
        priceInCents: body.price_in_cents,
        serviceInCents: body.service_in_cents,
        unitCapacity: body.unit_capacity,
        nomenclatureLetter: body.nomenclature_letter,
        unitsPerReservationMax: body.units_per_reservation_max,
        unitsPerBuyerMax: body.units_per_buyer_max,
        allowsReentry: body.allows_reentry,
      },
      expected: readIfMatch(context),
    });
    return result.ok
      ? context.json(toAreaBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

areaRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/areas/{id}",
    summary: "Delete an area, with its units",
    description:
      "Not while its event is on sale, tickets of it are sold, units are held or money is on its way. Stages and promotions " +
      "that are for it alone go with it.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema },
    responses: { 204: { description: "It is gone." }, default: problemResponse },
  }),
  async (context) => {
    const result = await deleteArea(context.var.dependencies, context.var.actor, {
      areaId: context.req.valid("param").id,
      expected: readIfMatch(context),
    });
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
