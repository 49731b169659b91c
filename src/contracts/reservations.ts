// Holding units: what a buyer asks for and gets.

import { z } from "@hono/zod-openapi";
import type { ReservationItem } from "../services/reservations/hold-areas.ts";
import type { Reservation } from "../services/reservations/reservation.ts";
import { idSchema, timeSchema } from "./common.ts";

/** Areas in one reservation. */
const AREAS_MAX = 5;
/** Units asked for in one area; the organizer's own limit may be lower. */
const UNITS_MAX = 50;

const bestAvailableSchema = z.strictObject({
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
  area_id: idSchema,
  unit_ids: z
    .array(idSchema)
    .min(1)
    .max(UNITS_MAX)
    .refine((ids) => new Set(ids).size === ids.length, "names a unit twice"),
});

export const placeReservationSchema = z
  .strictObject({
    event_id: idSchema,
    items: z
      .array(z.union([bestAvailableSchema, namedUnitsSchema]))
      .min(1)
      .max(AREAS_MAX)
      .refine(
        (items) => new Set(items.map((item) => item.area_id)).size === items.length,
        "names an area twice",
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
    status: z.enum(["held", "paid", "released", "expired", "refund_due"]),
    expires_at: timeSchema.openapi({ description: "The units are yours until then." }),
    units: z.array(
      z.object({
        reservation_unit_id: idSchema,
        area_id: idSchema,
        unit_id: idSchema,
        label: z.string().openapi({ example: "A-12-5" }),
        price_in_cents: z.int(),
        service_in_cents: z.int(),
      }),
    ),
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
): ReservationItem {
  if ("unit_ids" in item) {
    return { areaId: item.area_id, selection: { kind: "units", unitIds: item.unit_ids } };
  }
  const { quantity, together } = item;
  return { areaId: item.area_id, selection: { kind: "best-available", quantity, together } };
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
      })),
    ),
    total_in_cents: reservation.totalInCents,
    currency: reservation.currency,
  };
}
