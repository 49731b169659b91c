// Areas as an organizer sends and sees them.

import { z } from "@hono/zod-openapi";
import type { Area } from "../db/areas-repository.ts";
import type { CreatedPage } from "../db/created-page.ts";
import {
  centsSchema,
  currencySchema,
  idSchema,
  lineSchema,
  nextCursorSchema,
  textSchema,
  timeSchema,
} from "./common.ts";
import { createdCursorSchema, encodeCreatedCursor } from "./page-cursor.ts";
import { rule } from "../shared/field-rules.ts";

/** What a buyer may ask for in one area of a reservation; see `contracts/reservations.ts`. */
const UNITS_PER_RESERVATION_MAX = 50;

const nameSchema = lineSchema.min(1).max(120);
const descriptionSchema = textSchema.max(10_000);
const unitCapacitySchema = z.int().min(1).max(1000).openapi({ description: "People per unit." });
const letterSchema = z
  .string()
  .trim()
  .regex(/^[A-Za-z]{1,3}$/, rule("not_letters"))
  .toUpperCase()
  .openapi({ description: "Begins the labels of units made from now on.", example: "A" });

const perReservationSchema = z.int().min(1).max(UNITS_PER_RESERVATION_MAX).openapi({
  description: "Units of one reservation.",
});
const perBuyerSchema = z.int().min(1).max(10_000).nullable().openapi({
  description: "Units one buyer may have here, held and bought together; null: any number.",
});
const reentrySchema = z
  .boolean()
  .openapi({ description: "Whoever was scanned out may come in again." });

export const createAreaSchema = z
  .strictObject({
    name: nameSchema,
    description: descriptionSchema.default(""),
    price_in_cents: centsSchema,
    currency: currencySchema.default("COP"),
    service_in_cents: centsSchema
      .default(0)
      .openapi({ description: "Fee per unit, on top of the price." }),
    unit_capacity: unitCapacitySchema.default(1),
    nomenclature_letter: letterSchema.default("A"),
    units_per_reservation_max: perReservationSchema.default(10),
    units_per_buyer_max: perBuyerSchema.default(null),
    allows_reentry: reentrySchema.default(false),
  })
  .openapi("CreateArea");

export const changeAreaSchema = z
  .strictObject({
    name: nameSchema,
    description: descriptionSchema,
    price_in_cents: centsSchema,
    service_in_cents: centsSchema,
    unit_capacity: unitCapacitySchema,
    nomenclature_letter: letterSchema,
    units_per_reservation_max: perReservationSchema,
    units_per_buyer_max: perBuyerSchema,
    allows_reentry: reentrySchema,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, rule("nothing_to_change"))
  .openapi("ChangeArea");

export const areaSchema = z
  .object({
    id: idSchema,
    event_id: idSchema,
    name: z.string(),
    description: z.string(),
    price_in_cents: centsSchema,
    currency: z.string(),
    service_in_cents: centsSchema,
    unit_capacity: z.int(),
    nomenclature_letter: z.string(),
    units_per_reservation_max: z.int(),
    units_per_buyer_max: z.int().nullable(),
    allows_reentry: z.boolean(),
    capacity: z.int().openapi({ description: "Number of units." }),
    created_at: timeSchema,
  })
  .openapi("Area");

const AREAS_PER_PAGE_MAX = 100;

export const areaPageQuerySchema = z.object({
  cursor: createdCursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(AREAS_PER_PAGE_MAX).default(AREAS_PER_PAGE_MAX),
});

export const areaPageSchema = z
  .object({ areas: z.array(areaSchema), next_cursor: nextCursorSchema })
  .openapi("AreaPage");

export function toAreaBody(area: Area): z.infer<typeof areaSchema> {
  return {
    id: area.areaId,
    event_id: area.eventId,
    name: area.name,
    description: area.description,
    price_in_cents: area.priceInCents,
    currency: area.currency,
    service_in_cents: area.serviceInCents,
    unit_capacity: area.unitCapacity,
    nomenclature_letter: area.nomenclatureLetter,
    units_per_reservation_max: area.unitsPerReservationMax,
    units_per_buyer_max: area.unitsPerBuyerMax,
    allows_reentry: area.allowsReentry,
    capacity: area.capacity,
    created_at: area.createdAt.toISOString(),
  };
}

export function toAreaPageBody(page: CreatedPage<Area>): z.infer<typeof areaPageSchema> {
  return { areas: page.items.map(toAreaBody), next_cursor: encodeCreatedCursor(page.next) };
}
