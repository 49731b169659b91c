// How anybody looks for events of a site.

import { z } from "@hono/zod-openapi";
import type { PublicEventFilter } from "../db/public-repository.ts";
import { lineSchema, pageQuerySchema } from "./common.ts";
import { eventTypeSchema } from "./events.ts";
import { rule } from "../shared/field-rules.ts";

const WORDS_MAX = 10;

const daySchema = z.iso.date().regex(/^(?:20\d\d|2100)-/, rule("year_not_2000_to_2100"));

export const publicEventQuerySchema = pageQuerySchema
  .extend({
    q: lineSchema.max(100).default("").openapi({
      description:
        "Words that must all be in the event's name, venue or city, or begin or end in them, whatever their accents and capitals.",
      example: "salsa metro",
    }),
    city: lineSchema.max(100).default("").openapi({ example: "bogota" }),
    category: eventTypeSchema.optional().openapi({ description: "An `event_type`." }),
    from: daySchema.optional().openapi({
      description:
        "The first day, where the event is. One that has begun before and goes on counts.",
      example: "2027-03-19",
    }),
    to: daySchema.optional().openapi({ description: "The last day.", example: "2027-03-21" }),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ["to"],
    message: rule("before_from"),
  });

/** What an answer depends on, beside the site. */
export const searchParameters = Object.keys(publicEventQuerySchema.shape);

export function toFilter({
  q,
  city,
  category,
  from,
  to,
}: Omit<z.infer<typeof publicEventQuerySchema>, "cursor" | "limit">): PublicEventFilter {
  return {
    words: q
      .split(/\s+/u)
      .filter((word) => word !== "")
      .slice(0, WORDS_MAX),
    type: category ?? null,
    city: city === "" ? null : city,
    firstDay: from ?? null,
    lastDay: to ?? null,
  };
}
