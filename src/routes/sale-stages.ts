// Sale stages of the signed-in organizer's events.

import { createRoute, z } from "@hono/zod-openapi";
import {
  idSchema,
  ifMatchHeaderSchema,
  jsonBody,
  jsonResponse,
  toTime,
} from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  changeSaleStageSchema,
  createSaleStageSchema,
  saleStageSchema,
  saleStagesSchema,
  toAdjustment,
  toSaleStageBody,
} from "../contracts/sale-stages.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { changeSaleStage } from "../services/sale-stages/change-sale-stage.ts";
import { createSaleStage } from "../services/sale-stages/create-sale-stage.ts";
import { deleteSaleStage } from "../services/sale-stages/delete-sale-stage.ts";
import { getSaleStage } from "../services/sale-stages/get-sale-stage.ts";
import { listSaleStages } from "../services/sale-stages/list-sale-stages.ts";

export const saleStageRoutes = createRouter();

const common = { tags: ["sale stages"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

saleStageRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/events/{id}/sale-stages",
    summary: "The sale stages of an event, in the order of their turns",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("All of them.", saleStagesSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await listSaleStages(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json({ sale_stages: result.value.map(toSaleStageBody) }, 200)
      : answerProblem(context, result.refusal);
  },
);

saleStageRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/sale-stages",
    summary: "Add a sale stage to an event",
    description:
      "Another price for a time, or for so many units. A stage that is over, or has no room for an order, hands over " +
      "to the next by itself; without any the area's own price holds.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, body: jsonBody(createSaleStageSchema) },
    responses: { 201: jsonResponse("The new stage.", saleStageSchema), default: problemResponse },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await createSaleStage(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      areaId: body.area_id,
      name: body.name,
      adjustment: toAdjustment(body.adjustment),
      quantity: body.quantity,
      startsAt: toTime(body.starts_at),
      endsAt: toTime(body.ends_at),
      priority: body.priority,
    });
    return result.ok
      ? context.json(toSaleStageBody(result.value), 201, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

saleStageRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/sale-stages/{id}",
    summary: "One sale stage",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("The stage.", saleStageSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await getSaleStage(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json(toSaleStageBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

saleStageRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/sale-stages/{id}",
    summary: "Change a sale stage",
    description: "It holds for what is reserved from then on.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema, body: jsonBody(changeSaleStageSchema) },
    responses: {
      200: jsonResponse("The stage, with its changes.", saleStageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await changeSaleStage(context.var.dependencies, context.var.actor, {
      stageId: context.req.valid("param").id,
      changes: {
        name: body.name,
        adjustment: body.adjustment && toAdjustment(body.adjustment),
        quantity: body.quantity,
        startsAt: body.starts_at === undefined ? undefined : toTime(body.starts_at),
        endsAt: body.ends_at === undefined ? undefined : toTime(body.ends_at),
        priority: body.priority,
      },
      expected: readIfMatch(context),
    });
    return result.ok
      ? context.json(toSaleStageBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

saleStageRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/sale-stages/{id}",
    summary: "Take a sale stage away",
    description: "What is held or sold already keeps its price.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema },
    responses: { 204: { description: "It sets no price any more." }, default: problemResponse },
  }),
  async (context) => {
    const result = await deleteSaleStage(context.var.dependencies, context.var.actor, {
      stageId: context.req.valid("param").id,
      expected: readIfMatch(context),
    });
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
