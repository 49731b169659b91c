// What an order would cost: asked like a hold, answered without one.

import { z } from "@hono/zod-openapi";
import type { Quote, QuotedCode } from "../services/pricing/quote-order.ts";
import { idSchema, priceLineSchema, toPriceLineBody } from "./common.ts";
import { stageSchema, toStageBody } from "./live-price.ts";
import { placeReservationSchema } from "./reservations.ts";

const { promotion_code: codeSchema, ...orderShape } = placeReservationSchema.shape;

export const quoteOrderSchema = z
  .strictObject({ ...orderShape, promotion_code: codeSchema })
  .openapi("QuoteOrder", { description: "As for a hold." });

export const validateCodeSchema = z
  .strictObject({ ...orderShape, promotion_code: codeSchema.unwrap() })
  .openapi("ValidatePromotionCode");

const codeAnswerSchema = z.object({
  code: z.string(),
  applies: z.boolean(),
  reason: z
    .enum(["unknown", "not_yet", "over", "too_few_units", "other_area", "used_up"])
    .nullable()
    .openapi({
      description:
        "Why it does not apply; the prices are then those without it. `other_area`: it is for another area of the event.",
    }),
  promotion_id: idSchema.nullable(),
  discount_in_cents: z.int(),
});

const totalSchema = z.int().openapi({ description: "With fees, in minor units." });

export const quoteSchema = z
  .object({
    event_id: idSchema,
    areas: z.array(
      z.object({
        area_id: idSchema,
        units: z.int(),
        total_in_cents: totalSchema.openapi({
          description: "Name it in the hold, and nobody pays anything else.",
        }),
        available: z.int().openapi({ description: "Free units of the area." }),
        stage: stageSchema,
      }),
    ),
    lines: z.array(priceLineSchema).openapi({
      description: "What the total is made of, area by area. They add up to it, in whatever order.",
    }),
    total_in_cents: totalSchema,
    currency: z.string(),
    promotion_code: codeAnswerSchema.nullable().openapi({ description: "Null without a code." }),
  })
  .openapi("Quote");

export const validatedCodeSchema = codeAnswerSchema
  .extend({ total_in_cents: totalSchema, currency: z.string() })
  .openapi("ValidatedPromotionCode");

export function toQuoteBody(eventId: string, quote: Quote): z.infer<typeof quoteSchema> {
  return {
    event_id: eventId,
    areas: quote.areas.map(({ areaId, units, totalInCents, available, stage }) => ({
      area_id: areaId,
      units,
      total_in_cents: totalInCents,
      available,
      stage: toStageBody(stage),
    })),
    lines: quote.lines.map(toPriceLineBody),
    total_in_cents: quote.totalInCents,
    currency: quote.currency,
    promotion_code: quote.code && toCodeBody(quote.code),
  };
}

export function toCodeBody(code: QuotedCode): z.infer<typeof codeAnswerSchema> {
  return {
    code: code.code,
    applies: code.reason === null,
    reason: code.reason,
    promotion_id: code.promotionId,
    discount_in_cents: code.discountInCents,
  };
}
