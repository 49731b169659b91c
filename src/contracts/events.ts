// Events as an organizer sends and sees them.

import { z } from "@hono/zod-openapi";
import type { CreatedPage } from "../db/created-page.ts";
import type { Event } from "../db/events-repository.ts";
import {
  idSchema,
  lineSchema,
  nextCursorSchema,
  pageQuerySchema,
  textSchema,
  timeInputSchema,
  timeSchema,
} from "./common.ts";
import { pulepCodeSchema } from "./legal-info.ts";
import { createdCursorSchema, encodeCreatedCursor } from "./page-cursor.ts";
import { rule } from "../shared/field-rules.ts";

const nameSchema = lineSchema.min(1).max(200);
const slugSchema = z
  .string()
  .regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, rule("not_a_slug"))
  .max(120);
export const eventTypeSchema = z.enum([
  "concert",
  "theater",
  "sports",
  "festival",
  "conference",
  "other",
]);
const timeZoneSchema = z
  .string()
  .max(64)
  .refine(isTimeZone, rule("not_a_time_zone"))
  .openapi({ example: "America/Bogota" });

const salesStartSchema = timeInputSchema
  .nullable()
  .openapi({ description: "Nothing is held before it; null: on sale as soon as it is published." });
const salesEndSchema = timeInputSchema
  .nullable()
  .openapi({ description: "Nothing is held from then on; null: until the event ends." });
const pulepSchema = pulepCodeSchema.openapi({
  description: "Of this event alone; null: that of your legal information.",
});
const placeSchema = {
  city: lineSchema.min(1).max(100).nullable().openapi({ example: "Bogotá" }),
  venue_name: lineSchema.min(1).max(200).nullable().openapi({ example: "Teatro Metro" }),
  venue_address: lineSchema.min(1).max(300).nullable().openapi({ example: "Calle 34 # 19-20" }),
};

export const createEventSchema = z
  .strictObject({
    name: nameSchema,
    description: textSchema.max(10_000).default(""),
    slug: slugSchema.optional().openapi({ description: "Made from the name when absent." }),
    event_type: eventTypeSchema.default("other"),
    starts_at: timeInputSchema,
    ends_at: timeInputSchema,
    time_zone: timeZoneSchema.default("America/Bogota"),
    sales_start_at: salesStartSchema.default(null),
    sales_end_at: salesEndSchema.default(null),
    pulep_code: pulepSchema.default(null),
    city: placeSchema.city.default(null),
    venue_name: placeSchema.venue_name.default(null),
    venue_address: placeSchema.venue_address.default(null),
  })
  .openapi("CreateEvent");

export const changeEventSchema = z
  .strictObject({
    name: nameSchema,
    description: textSchema.max(10_000),
    slug: slugSchema.openapi({
      description: "A new name leaves it as it is. Links to the old one lead to the new one.",
    }),
    event_type: eventTypeSchema,
    starts_at: timeInputSchema,
    ends_at: timeInputSchema,
    time_zone: timeZoneSchema,
    sales_start_at: salesStartSchema,
    sales_end_at: salesEndSchema,
    pulep_code: pulepSchema,
    ...placeSchema,
  })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, rule("nothing_to_change"))
  .openapi("ChangeEvent");

export const duplicateEventSchema = z
  .strictObject({
    name: nameSchema.optional().openapi({ description: "Absent: the old one and “(copia)”." }),
    slug: slugSchema.optional().openapi({ description: "Made from the name when absent." }),
    starts_at: timeInputSchema.optional().openapi({
      description: "All other times move with it: the end, the sales, stages and promotions.",
    }),
    ends_at: timeInputSchema.optional(),
  })
  .openapi("DuplicateEvent");

export const eventSchema = z
  .object({
    id: idSchema,
    name: z.string(),
    description: z.string(),
    slug: z.string(),
    event_type: z.string(),
    status: z.enum(["draft", "published", "cancelled", "postponed", "finished"]),
    starts_at: timeSchema,
    ends_at: timeSchema,
    time_zone: z.string(),
    sales_start_at: timeSchema.nullable(),
    sales_end_at: timeSchema.nullable(),
    pulep_code: z.string().nullable(),
    city: z.string().nullable(),
    venue_name: z.string().nullable(),
    venue_address: z.string().nullable(),
    created_at: timeSchema,
  })
  .openapi("Event");

export const eventPageQuerySchema = pageQuerySchema.extend({
  cursor: createdCursorSchema.optional(),
});

export const eventPageSchema = z
  .object({ events: z.array(eventSchema), next_cursor: nextCursorSchema })
  .openapi("EventPage");

export function toEventBody(event: Event): z.infer<typeof eventSchema> {
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
    sales_end_at: event.salesEndAt?.toISOString() ?? null,
    pulep_code: event.pulepCode,
    city: event.city,
    venue_name: event.venueName,
    venue_address: event.venueAddress,
    created_at: event.createdAt.toISOString(),
  };
}

export function toEventPageBody(page: CreatedPage<Event>): z.infer<typeof eventPageSchema> {
  return { events: page.items.map(toEventBody), next_cursor: encodeCreatedCursor(page.next) };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
