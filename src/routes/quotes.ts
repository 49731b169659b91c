// What an order would cost, and whether a code applies to it. Anybody may ask, nothing is held.

import { createRoute } from "@hono/zod-openapi";
import { jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  quoteOrderSchema,
  quoteSchema,
  toCodeBody,
  toQuoteBody,
  validateCodeSchema,
  validatedCodeSchema,
} from "../contracts/quotes.ts";
import { toItem } from "../contracts/reservations.ts";
import { clientNetwork } from "../http/client-address.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSite } from "../http/site.ts";
import { quoteOrder } from "../services/pricing/quote-order.ts";
import { validateCode } from "../services/pricing/validate-code.ts";

export const quoteRoutes = createRouter();

quoteRoutes.openapi(
  createRoute({
    method: "post",
    path: "/public/quote",
    tags: ["public"],
    summary: "What holding these units would cost now",
    description:
      "Refused as the hold would be, except for its code: one that does not apply is left out, and `reason` says why.",
    middleware: [requireSite] as const,
    request: { body: jsonBody(quoteOrderSchema) },
    responses: {
      200: jsonResponse("The price of this moment; nothing is held.", quoteSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { event_id: eventId, items, promotion_code: code } = context.req.valid("json");
    const result = await quoteOrder(dependencies, {
      profileId,
      eventId,
      items: items.map((item) => toItem(item, undefined)),
      promotionCode: code,
      address: clientNetwork(context) ?? "",
    });
    return result.ok
      ? context.json(toQuoteBody(eventId, result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

quoteRoutes.openapi(
  createRoute({
    method: "post",
    path: "/public/promotions/validate",
    tags: ["public"],
    summary: "Whether a code applies to an order",
    description: "A quote of which only the code is answered. Does not use the code up.",
    middleware: [requireSite] as const,
    request: { body: jsonBody(validateCodeSchema) },
    responses: {
      200: jsonResponse("What the code does, or why it does not.", validatedCodeSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { event_id: eventId, items, promotion_code: code } = context.req.valid("json");
    const result = await validateCode(dependencies, {
      profileId,
      eventId,
      items: items.map((item) => toItem(item, undefined)),
      promotionCode: code,
      address: clientNetwork(context) ?? "",
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { totalInCents, currency, ...answer } = result.value;
    return context.json({ ...toCodeBody(answer), total_in_cents: totalInCents, currency }, 200);
  },
);
