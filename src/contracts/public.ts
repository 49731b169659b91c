// What anybody may read: events, areas, what is left of them.

import { z } from "@hono/zod-openapi";
import type { Availability, UnitPage } from "../../durable-objects/area-inventory/contract.ts";
import type { PublicArea, PublicEvent } from "../db/public-repository.ts";
import { imageUrl } from "../shared/images/files.ts";
import { idSchema, nextCursorSchema, textSchema, timeSchema } from "./common.ts";
import { centsSchema, livePriceShape, toLivePriceBody, toTimeBody } from "./live-price.ts";
import { rule } from "../shared/field-rules.ts";

export const versionSchema = z
  .int()
  .openapi({ description: "Rises with every change of the area." });

export const slugParamsSchema = z.object({ slug: textSchema.min(1).max(200) });
export const areaParamsSchema = slugParamsSchema.extend({ area_id: idSchema });

export const publicEventSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    slug: z.string(),
    event_type: z.string(),
    status: z.enum(["published", "postponed", "cancelled"]).openapi({
      description:
        "Nothing is sold of a postponed or a cancelled event. A postponed one has the times it had.",
    }),
    starts_at: timeSchema,
    ends_at: timeSchema,
    time_zone: z.string(),
    sales_start_at: timeSchema.nullable().openapi({ description: "Null: it is on sale already." }),
    sales_end_at: timeSchema.openapi({ description: "Nothing can be held from then on." }),
    city: z.string().nullable(),
    venue_name: z.string().nullable(),
    venue_address: z.string().nullable(),
    cover_url: z.string().nullable(),
    price_from_in_cents: centsSchema.nullable().openapi({
      description:
        "With fees, by the areas' own prices. Stages and promotions may set others: the event's page has what is paid now.",
    }),
    price_to_in_cents: centsSchema.nullable().openapi({ description: "As `price_from_in_cents`." }),
    currency: z.literal("COP"),
  })
  .openapi("PublicEvent");

export const publicEventPageSchema = z
  .object({ events: z.array(publicEventSchema), next_cursor: nextCursorSchema })
  .openapi("PublicEventPage");

export const publicAreaSchema = z.object({
  id: idSchema,
  name: z.string(),
  description: z.string(),
  capacity: z.int().openapi({ description: "Units in the area." }),
  unit_capacity: z.int().openapi({ description: "People one unit admits." }),
  price_in_cents: centsSchema,
  service_in_cents: centsSchema,
  total_in_cents: centsSchema.openapi({ description: "What one unit costs the buyer." }),
  currency: z.string(),
});

export const availabilitySchema = z
  .object({
    area_id: idSchema,
    on_sale: z.boolean().openapi({ description: "Now: published, and between the two below." }),
    sales_start_at: timeSchema.nullable(),
    sales_end_at: timeSchema.nullable(),
    available: z.int(),
    held: z.int(),
    sold: z.int(),
    blocked: z.int(),
    price_in_cents: centsSchema.openapi({
      description: "What one unit costs now without its fee, with what applies by itself.",
    }),
    service_in_cents: centsSchema,
    currency: z.string(),
    ...livePriceShape,
    version: versionSchema,
  })
  .openapi("Availability");

/** Units on one page of the map. Fixed, so that pages are few and the edge cache answers them. */
export const UNITS_PER_PAGE = 1_000;

export const unitPageQuerySchema = z.object({
  // One way to write each number: `00` must not be a way past the edge cache.
  page: z
    .string()
    .regex(/^(?:0|[1-9]\d{0,3})$/, rule("not_a_page"))
    .transform(Number)
    .default(0)
    .openapi({ type: "integer", description: `From 0; ${UNITS_PER_PAGE} units each.` }),
});

export const unitStatusSchema = z.enum(["available", "held", "sold", "blocked"]);

export const publicUnitsSchema = z
  .object({
    units: z.array(
      z.object({
        id: idSchema,
        label: z.string(),
        status: unitStatusSchema,
      }),
    ),
    next_page: z.int().nullable().openapi({ description: "Null on the last page." }),
    version: versionSchema,
  })
  .openapi("PublicUnits");

export function toPublicEventBody(
  event: PublicEvent,
  publicBaseUrl: string,
): z.infer<typeof publicEventSchema> {
  const { cover } = event;
  return {
    id: event.eventId,
    name: event.name,
    description: event.description,
    slug: event.slug,
    event_type: event.type,
    status: event.status,
    starts_at: event.startsAt.toISOString(),
    ends_at: event.endsAt.toISOString(),
    time_zone: event.timeZone,
    sales_start_at: event.salesStartAt?.toISOString() ?? null,
    sales_end_at: event.salesEndAt.toISOString(),
    city: event.city,
    venue_name: event.venueName,
    venue_address: event.venueAddress,
    cover_url: cover === null ? null : imageUrl(publicBaseUrl, cover.imageId, cover.contentType),
    price_from_in_cents: event.priceMinInCents,
    price_to_in_cents: event.priceMaxInCents,
    currency: "COP",
  };
}

export function toPublicAreaBody(area: PublicArea): z.infer<typeof publicAreaSchema> {
  return {
    id: area.areaId,
    name: area.name,
    description: area.description,
    capacity: area.capacity,
    unit_capacity: area.unitCapacity,
    price_in_cents: area.priceInCents,
    service_in_cents: area.serviceInCents,
    total_in_cents: area.priceInCents + area.serviceInCents,
    currency: area.currency,
  };
}

export function toAvailabilityBody(
  areaId: string,
  availability: Availability,
  nowMs: number,
): z.infer<typeof availabilitySchema> {
  const { settings, available, held, sold, blocked, version, price } = availability;
  return {
    area_id: areaId,
    on_sale: isOnSale(settings, nowMs),
    sales_start_at: toTimeBody(settings.salesStartAtMs ?? null),
    sales_end_at: toTimeBody(settings.salesEndAtMs ?? null),
    available,
    held,
    sold,
    blocked,
    price_in_cents: price?.priceInCents ?? settings.priceInCents,
    service_in_cents: settings.serviceInCents,
    currency: settings.currency,
    ...toLivePriceBody(price ?? null),
    version,
  };
}

/** Absent: since ever, or without an end. */
function isOnSale(
  { isOpen, salesStartAtMs = -Infinity, salesEndAtMs = Infinity }: Availability["settings"],
  nowMs: number,
): boolean {
  return isOpen && nowMs >= salesStartAtMs && nowMs < salesEndAtMs;
}

export function toPublicUnitsBody(
  page: UnitPage & { nextPage: number | null },
): z.infer<typeof publicUnitsSchema> {
  return {
    units: page.units.map(({ unitId, label, state }) => ({ id: unitId, label, status: state })),
    next_page: page.nextPage,
    version: page.version,
  };
}
