// Areas to be filled with units on a running stack, and how their calls are made. Asserts nothing.

import { z } from "zod";
import type { Answer, CallOptions } from "./api.ts";
import { openStackShop } from "./stack-shop.ts";

const withId = z.looseObject({ id: z.string() });
const lineShape = z.union([
  z.strictObject({
    progress: z.strictObject({ step: z.string(), done: z.number(), total: z.number() }),
  }),
  z.strictObject({ result: z.unknown() }),
  z.strictObject({ problem: z.looseObject({ code: z.string(), status: z.number() }) }),
]);

export function openLayouts() {
  const shop = openStackShop();
  const { asOrganizer, database } = shop;
  const send = (path: string, options: CallOptions) => asOrganizer("POST", path, options);

  return {
    ...shop,

    /** An area without units, of a draft unless its event is published with another area. */
    emptyArea: async ({ letter = "A", isPublished = false } = {}): Promise<string> => {
      const event = isPublished
        ? await shop.publishEvent([{ units: 1 }])
        : await shop.draftEvent([]);
      const body = {
        name: `Zona ${crypto.randomUUID().slice(0, 8)}`,
        price_in_cents: 5_000_000,
        nomenclature_letter: letter,
      };
      const answer = await asOrganizer("POST", `/v1/events/${event.eventId}/areas`, { body });
      return withId.parse(answer.body).id;
    },

    bulk: (areaId: string, body: unknown, options: CallOptions & { query?: string } = {}) =>
      send(`/v1/areas/${areaId}/units/bulk${options.query ?? ""}`, { body, ...options }),

    csv: (areaId: string, body: string, options: CallOptions & { query?: string } = {}) =>
      send(`/v1/areas/${areaId}/units/csv${options.query ?? ""}`, {
        body,
        ...options,
        headers: { "content-type": "text/csv; charset=utf-8", ...options.headers },
      }),

    labels: async (areaId: string): Promise<string[]> =>
      (await shop.units(areaId)).map(({ label }) => label),

    /** Units and what is kept about them, to see that nothing changed. */
    stored: async (areaId: string): Promise<unknown> => {
      const { rows } = await database.query(
        `SELECT (SELECT count(*)::int FROM units WHERE area_id = $1) AS units,
           (SELECT capacity FROM areas WHERE id = $1) AS capacity,
           (SELECT count(*)::int FROM unit_batches WHERE area_id = $1) AS batches`,
        [areaId],
      );
      return rows[0];
    },
  };
}

/** The lines of an answer in progress. */
export function linesOf(answer: Answer): z.infer<typeof lineShape>[] {
  return String(answer.body)
    .trim()
    .split("\n")
    .map((line) => lineShape.parse(JSON.parse(line)));
}
