// Cursors as query parameters. A cursor that this API never handed out is a validation failure, not
// a database error.

import { z } from "@hono/zod-openapi";
import type { CreatedPlace } from "../db/created-page.ts";
import { decodeCursor, encodeCursor } from "../shared/cursor.ts";
import { rule } from "../shared/field-rules.ts";

const CHARACTERS_MAX = 200;

/** A query parameter that is read back into the keys `encodeCursor` was given. */
export function cursorSchema<Keys>(keys: z.ZodType<Keys>) {
  return z
    .string()
    .max(CHARACTERS_MAX)
    .transform((text, context) => {
      const decoded = decodeCursor(text, keys);
      if (decoded !== null) return decoded;
      context.issues.push({ code: "custom", message: rule("not_a_cursor"), input: text });
      return z.NEVER;
    })
    .openapi({ type: "string", description: "`next_cursor` of the page before." });
}

/** Where a list in order of creation continues. */
export const createdCursorSchema = cursorSchema(
  z
    // Microseconds, as Postgres keeps them; and Postgres has no year 0.
    .tuple([z.iso.datetime({ precision: 6 }).regex(/^[1-9]/), z.uuid()])
    .transform(([createdAt, id]): CreatedPlace => ({ createdAt, id })),
);

/** The cursor that `createdCursorSchema` reads; null on the last page. */
export function encodeCreatedCursor(place: CreatedPlace | null): string | null {
  return place === null ? null : encodeCursor([place.createdAt, place.id]);
}
