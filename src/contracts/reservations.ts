// Holding units: what a buyer asks for and gets.

import { z } from "@hono/zod-openapi";
import type { ReservationItem } from "../services/reservations/hold-areas.ts";
import type { Reservation } from "../services/reservations/reservation.ts";
import { idSchema, lineSchema, priceLineSchema, timeSchema, toPriceLineBody } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

/** Areas in one reservation. */
const AREAS_MAX = 5;
/** Units asked for in one area; the organizer's own limit may be lower. */
const UNITS_MAX = 50;

const shownSchema = {
  stage_id: idSchema.optional().openapi({
    description: "The sale stage the buyer was shown; any other is refused.",
  }),
  total_in_cents: z.int().min(0).optional().openapi({
    description: "What the buyer was shown that these units cost, with fees; else `price_changed`.",
  }),
};

const bestAvailableSchema = z.strictObject({
  ...shownSchema,
  area_id: idSchema,
  quantity: z
    .int()
    .min(1)
    .max(UNITS_MAX)
    .openapi({ description: "The best units free, side by side where possible." }),
  together: z
    .boolean()
    .default(false)
    .openapi({ description: "Rather be refused than get units of several rows." }),
});
const namedUnitsSchema = z.strictObject({
  ...shownSchema,
  area_id: idSchema,
  unit_ids: z
    .array(idSchema)
    .min(1)
    .max(UNITS_MAX)
    .refine((ids) => new Set(ids).size === ids.length, rule("names_unit_twice")),
});

/** As a buyer types it: in any case, with spaces around it. */
const codeSchema = lineSchema
  .min(1)
  .max(60)
  .toUpperCase()
  .openapi({ description: "Of a promotion, in any case.", example: "PREVENTA10" });

export const placeReservationSchema = z
  .strictObject({
    event_id: idSchema,
    promotion_code: codeSchema.optional(),
    items: z
      .array(z.union([bestAvailableSchema, namedUnitsSchema]))
      .min(1)
      .max(AREAS_MAX)
      .refine(
        (items) => new Set(items.map((item) => item.area_id)).size === items.length,
        rule("names_area_twice"),
      ),
  })
  .openapi("PlaceReservation");

export const idempotencyHeaderSchema = z.object({
  "idempotency-key": z.string().optional().openapi({
    description: "A random UUID. The same key and content get the first answer again.",
  }),
});

export const reservationHeaderSchema = z.object({
  "reservation-token": z
    .string()
    .optional()
    .openapi({ description: "`token` of the reservation." }),
});

export const reservationSchema = z
  .object({
    id: idSchema,
    event_id: idSchema,
    status: z.enum(["held", "paid", "released", "expired", "refund_due", "cancelled"]),
    expires_at: timeSchema.openapi({ description: "The units are yours until then." }),
    units: z.array(
      z.object({
        reservation_unit_id: idSchema,
        area_id: idSchema,
        unit_id: idSchema,
        label: z.string().openapi({ example: "A-12-5" }),
        price_in_cents: z.int().openapi({ description: "After stage and discount." }),
        service_in_cents: z.int(),
        base_price_in_cents: z
          .int()
          .optional()
          .openapi({ description: "The area's own price, where another one holds." }),
        discount_in_cents: z.int().optional(),
        stage_id: idSchema.optional(),
        promotion_id: idSchema.optional(),
      }),
    ),
    lines: z.array(priceLineSchema).openapi({ description: "What the total is made of." }),
    total_in_cents: z.int(),
    currency: z.string(),
  })
  .openapi("Reservation");

export const placedReservationSchema = reservationSchema
  .extend({
    token: z
      .string()
      .openapi({ description: "Send it as Reservation-Token to read, pay or release." }),
  })
  .openapi("PlacedReservation");

/** An item as the services know it. */
export function toItem(
  item: z.infer<typeof placeReservationSchema>["items"][number],
  promotionCode: string | undefined,
): ReservationItem {
  const terms = {
    ...(item.stage_id !== undefined && { stageId: item.stage_id }),
    ...(item.total_in_cents !== undefined && { totalInCents: item.total_in_cents }),
    ...(promotionCode !== undefined && { promotionCode }),
  };
  const areaId = item.area_id;
  if ("unit_ids" in item) {
    const { unit_ids: unitIds } = item;
    return { areaId, selection: { kind: "units", unitIds }, quantity: unitIds.length, terms };
  }
  const { quantity, together } = item;
  return { areaId, selection: { kind: "best-available", quantity, together }, quantity, terms };
}

export function toReservationBody(reservation: Reservation): z.infer<typeof reservationSchema> {
  return {
    id: reservation.reservationId,
    event_id: reservation.eventId,
    status: reservation.status,
    expires_at: new Date(reservation.expiresAtMs).toISOString(),
    units: reservation.parts.flatMap(({ areaId, units }) =>
      units.map((unit) => ({
        reservation_unit_id: unit.reservationUnitId,
        area_id: areaId,
        unit_id: unit.unitId,
        label: unit.label,
        price_in_cents: unit.priceInCents,
        service_in_cents: unit.serviceInCents,
        ...(unit.baseInCents !== undefined && { base_price_in_cents: unit.baseInCents }),
        ...(unit.discountInCents !== undefined && { discount_in_cents: unit.discountInCents }),
        ...(unit.stageId !== undefined && { stage_id: unit.stageId }),
        ...(unit.promotionId !== undefined && { promotion_id: unit.promotionId }),
      })),
    ),
    lines: reservation.lines.map(toPriceLineBody),
    total_in_cents: reservation.totalInCents,
    currency: reservation.currency,
  };
}
