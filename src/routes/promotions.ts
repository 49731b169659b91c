// Promotions of the signed-in organizer, and their one-use codes.

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
  changePromotionSchema,
  codePageQuerySchema,
  codePageSchema,
  createCodesSchema,
  createPromotionSchema,
  createdCodesSchema,
  promotionPageQuerySchema,
  promotionPageSchema,
  promotionSchema,
  toCodePageBody,
  toDiscount,
  toPromotionBody,
  toPromotionPageBody,
} from "../contracts/promotions.ts";
import { idempotencyHeaderSchema } from "../contracts/reservations.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { changePromotion } from "../services/promotions/change-promotion.ts";
import { createCodes } from "../services/promotions/create-codes.ts";
import { createPromotion } from "../services/promotions/create-promotion.ts";
import { deletePromotion } from "../services/promotions/delete-promotion.ts";
import { getPromotion } from "../services/promotions/get-promotion.ts";
import { listCodes } from "../services/promotions/list-codes.ts";
import { listPromotions } from "../services/promotions/list-promotions.ts";

export const promotionRoutes = createRouter();

const common = { tags: ["promotions"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/promotions",
    summary: "Your promotions, newest first",
    middleware: [requireSession("catalog.read")] as const,
    request: { query: promotionPageQuerySchema },
    responses: {
      200: jsonResponse("A page of promotions.", promotionPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const page = { after: cursor ?? null, limit };
    const result = await listPromotions(context.var.dependencies, context.var.actor, page);
    return context.json(toPromotionPageBody(result), 200);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/promotions",
    summary: "Add a promotion",
    description:
      "For an area, an event, or all of your events. An order has at most one: that of its code, else the first " +
      "without a code that applies.",
    middleware: [requireSession("catalog.write")] as const,
    request: { body: jsonBody(createPromotionSchema) },
    responses: {
      201: jsonResponse("The new promotion.", promotionSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await createPromotion(context.var.dependencies, context.var.actor, {
      name: body.name,
      code: body.code,
      codePrefix: body.code_prefix,
      discount: toDiscount(body.discount),
      discountInCentsMax: body.discount_in_cents_max,
      unitsMin: body.units_min,
      usesMax: body.uses_max,
      usesPerBuyerMax: body.uses_per_buyer_max,
      startsAt: toTime(body.starts_at),
      endsAt: toTime(body.ends_at),
      eventId: body.event_id,
      areaId: body.area_id,
    });
    return result.ok
      ? context.json(toPromotionBody(result.value), 201, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/promotions/{id}",
    summary: "One promotion",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("The promotion.", promotionSchema), default: problemResponse },
  }),
  async (context) => {
    const { dependencies, actor } = context.var;
    const result = await getPromotion(dependencies, actor, context.req.valid("param").id);
    return result.ok
      ? context.json(toPromotionBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/promotions/{id}",
    summary: "Change a promotion",
    description: "It holds for what is reserved from then on.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema, body: jsonBody(changePromotionSchema) },
    responses: {
      200: jsonResponse("The promotion, with its changes.", promotionSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await changePromotion(context.var.dependencies, context.var.actor, {
      promotionId: context.req.valid("param").id,
      changes: {
        name: body.name,
        code: body.code,
        discount: body.discount && toDiscount(body.discount),
        discountInCentsMax: body.discount_in_cents_max,
        unitsMin: body.units_min,
        usesMax: body.uses_max,
        usesPerBuyerMax: body.uses_per_buyer_max,
        startsAt: body.starts_at === undefined ? undefined : toTime(body.starts_at),
        endsAt: body.ends_at === undefined ? undefined : toTime(body.ends_at),
      },
      expected: readIfMatch(context),
    });
    return result.ok
      ? context.json(toPromotionBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/promotions/{id}",
    summary: "Take a promotion away",
    description: "What is held or sold already keeps its discount. The code may be given again.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema },
    responses: {
      204: { description: "It applies to nothing any more." },
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, actor } = context.var;
    const result = await deletePromotion(dependencies, actor, {
      promotionId: context.req.valid("param").id,
      expected: readIfMatch(context),
    });
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/promotions/{id}/codes",
    summary: "Make one-use codes",
    description:
      "Each serves one order. They work before the answer comes. Send an `Idempotency-Key`: after a lost answer the same call " +
      "makes no more of them and answers the same ones.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: idempotencyHeaderSchema, body: jsonBody(createCodesSchema) },
    responses: {
      201: jsonResponse("The new codes.", createdCodesSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const result = await createCodes(context.var.dependencies, context.var.actor, {
      promotionId: context.req.valid("param").id,
      quantity: context.req.valid("json").quantity,
      idempotencyKey: key.value,
    });
    return result.ok
      ? context.json({ codes: result.value }, 201)
      : answerProblem(context, result.refusal);
  },
);

promotionRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/promotions/{id}/codes",
    summary: "The one-use codes of a promotion, in alphabetical order",
    middleware: [requireSession("catalog.read")] as const,
    request: { params, query: codePageQuerySchema },
    responses: { 200: jsonResponse("A page of codes.", codePageSchema), default: problemResponse },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const result = await listCodes(context.var.dependencies, context.var.actor, {
      promotionId: context.req.valid("param").id,
      afterCode: cursor?.[0] ?? "",
      limit,
    });
    return result.ok
      ? context.json(toCodePageBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);
