// Promotions and their one-use codes as an organizer sends and sees them.

import { z } from "@hono/zod-openapi";
import type { CreatedPage } from "../db/created-page.ts";
import type { Promotion } from "../db/promotions-repository.ts";
import { encodeCursor } from "../shared/cursor.ts";
import {
  centsSchema,
  idSchema,
  lineSchema,
  nextCursorSchema,
  pageQuerySchema,
  timeInputSchema,
  timeSchema,
} from "./common.ts";
import { createdCursorSchema, cursorSchema, encodeCreatedCursor } from "./page-cursor.ts";
import { rule } from "../shared/field-rules.ts";

/** Units one reservation can have: see `contracts/reservations.ts`. */
const UNITS_MAX = 250;
const USES_MAX = 1_000_000;
const CODES_MAX = 10_000;

const positiveCentsSchema = centsSchema.min(1);
const discountSchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("percentage"),
      basis_points: z
        .int()
        .min(1)
        .max(10_000)
        .openapi({ description: "Hundredths of a percent.", example: 1_000 }),
    }),
    z.strictObject({
      type: z.literal("fixed"),
      amount_in_cents: positiveCentsSchema,
      per: z.enum(["order", "unit"]).openapi({
        description: "`order`: once, over all areas of the order.",
      }),
    }),
  ])
  .openapi({ description: "Taken off what the units cost without their fees; never more." });

const nameSchema = lineSchema.min(1).max(120);
const codeSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9_-]{3,40}$/, rule("not_a_promotion_code"))
  .nullable()
  .openapi({ description: "Kept in capitals, given in any case. Null: none.", example: "AMIGOS" });
const prefixSchema = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^[A-Z0-9_-]{2,20}$/, rule("not_a_code_prefix"))
  .nullable()
  .openapi({
    description:
      "For one-use codes, which begin with it. Without it and without `code` the promotion applies by itself.",
    example: "VIP-",
  });
const unitsMinSchema = z
  .int()
  .min(1)
  .max(UNITS_MAX)
  .openapi({ description: "Units the whole order must have." });
const discountMaxSchema = positiveCentsSchema.nullable().openapi({
  description: "The most a percentage takes off an order.",
});
const usesMaxSchema = z
  .int()
  .min(1)
  .max(USES_MAX)
  .nullable()
  .openapi({
    description:
      "Orders that may use it; null: any number. One that is set later counts, where the promotion is for several " +
      "areas, the orders held from then on.",
  });
const perBuyerSchema = z.int().min(1).max(USES_MAX).nullable().openapi({
  description: "Orders of one buyer, counted from the payment on. Needs a code or a prefix.",
});
const startsAtSchema = timeInputSchema.nullable().openapi({ description: "Null: from the start." });
const endsAtSchema = timeInputSchema.nullable().openapi({ description: "Null: without an end." });

export const createPromotionSchema = z
  .strictObject({
    name: nameSchema,
    code: codeSchema.default(null),
    code_prefix: prefixSchema.default(null),
    discount: discountSchema,
    discount_in_cents_max: discountMaxSchema.default(null),
    units_min: unitsMinSchema.default(1),
    uses_max: usesMaxSchema.default(null),
    uses_per_buyer_max: perBuyerSchema.default(null),
    starts_at: startsAtSchema.default(null),
    ends_at: endsAtSchema.default(null),
    event_id: idSchema.nullable().default(null),
    area_id: idSchema
      .nullable()
      .default(null)
      .openapi({ description: "Instead of `event_id`; neither: all of your events." }),
  })
  .refine(({ event_id: event, area_id: area }) => event === null || area === null, {
    path: ["area_id"],
    message: rule("given_with_event_id"),
  })
  .openapi("CreatePromotion");

export const changePromotionSchema = z
  .strictObject({
    name: nameSchema,
    code: codeSchema,
    discount: discountSchema,
    discount_in_cents_max: discountMaxSchema,
    units_min: unitsMinSchema,
    uses_max: usesMaxSchema,
    uses_per_buyer_max: perBuyerSchema,
    starts_at: startsAtSchema,
    ends_at: endsAtSchema,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, rule("nothing_to_change"))
  .openapi("ChangePromotion");

export const promotionSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    code: z.string().nullable(),
    code_prefix: z.string().nullable(),
    discount: discountSchema,
    discount_in_cents_max: z.int().nullable(),
    units_min: z.int(),
    uses_max: z.int().nullable(),
    uses_per_buyer_max: z.int().nullable(),
    starts_at: timeSchema.nullable(),
    ends_at: timeSchema.nullable(),
    event_id: idSchema.nullable(),
    area_id: idSchema.nullable(),
    created_at: timeSchema,
  })
  .openapi("Promotion");

export const promotionPageQuerySchema = pageQuerySchema.extend({
  cursor: createdCursorSchema.optional(),
});

export const promotionPageSchema = z
  .object({ promotions: z.array(promotionSchema), next_cursor: nextCursorSchema })
  .openapi("PromotionPage");

export const createCodesSchema = z
  .strictObject({ quantity: z.int().min(1).max(CODES_MAX) })
  .openapi("CreatePromotionCodes");

export const createdCodesSchema = z
  .object({ codes: z.array(z.string()).openapi({ example: ["VIP-7KQ2M9XWADF4T"] }) })
  .openapi("CreatedPromotionCodes");

export const codePageQuerySchema = z.object({
  cursor: cursorSchema(z.tuple([z.string().regex(/^[A-Z0-9_-]{1,60}$/)])).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export const codePageSchema = z
  .object({ codes: z.array(z.string()), next_cursor: nextCursorSchema })
  .openapi("PromotionCodePage");

/** As the services know it. */
export function toDiscount(body: z.infer<typeof discountSchema>): Promotion["discount"] {
  return body.type === "percentage"
    ? { type: body.type, value: body.basis_points, per: "order" }
    : { type: body.type, value: body.amount_in_cents, per: body.per };
}

export function toPromotionBody(promotion: Promotion): z.infer<typeof promotionSchema> {
  const { type, value, per } = promotion.discount;
  return {
    id: promotion.promotionId,
    name: promotion.name,
    code: promotion.code,
    code_prefix: promotion.codePrefix,
    discount:
      type === "percentage" ? { type, basis_points: value } : { type, amount_in_cents: value, per },
    discount_in_cents_max: promotion.discountInCentsMax,
    units_min: promotion.unitsMin,
    uses_max: promotion.usesMax,
    uses_per_buyer_max: promotion.usesPerBuyerMax,
    starts_at: promotion.startsAt?.toISOString() ?? null,
    ends_at: promotion.endsAt?.toISOString() ?? null,
    event_id: promotion.eventId,
    area_id: promotion.areaId,
    created_at: promotion.createdAt.toISOString(),
  };
}

export function toPromotionPageBody(
  page: CreatedPage<Promotion>,
): z.infer<typeof promotionPageSchema> {
  return {
    promotions: page.items.map(toPromotionBody),
    next_cursor: encodeCreatedCursor(page.next),
  };
}

export function toCodePageBody(page: {
  codes: string[];
  nextAfter: string | null;
}): z.infer<typeof codePageSchema> {
  const { codes, nextAfter } = page;
  return { codes, next_cursor: nextAfter === null ? null : encodeCursor([nextAfter]) };
}
