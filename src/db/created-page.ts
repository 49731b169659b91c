// Keyset pages of lists in order of creation. Knows no table.

import * as z from "zod";
import type { Row } from "../ports/database.ts";

/** The last row of a page. The time is text with microseconds: a Date would lose them, and rows. */
export interface CreatedPlace {
  createdAt: string;
  id: string;
}

export interface CreatedPage<Item> {
  items: Item[];
  /** Null on the last page. */
  next: CreatedPlace | null;
}

export interface PageRequest {
  after: CreatedPlace | null;
  limit: number;
}

/** Before and after every row there is. */
export const earliestPlace: CreatedPlace = {
  createdAt: "-infinity",
  id: "00000000-0000-0000-0000-000000000000",
};
export const latestPlace: CreatedPlace = {
  createdAt: "infinity",
  id: "ffffffff-ffff-ffff-ffff-ffffffffffff",
};

const placeRow = z
  .object({ id: z.uuid(), exact_created_at: z.string() })
  .transform((row) => ({ createdAt: row.exact_created_at, id: row.id }));

/** The column a list selects besides its own, so that `pageOf` can tell where the page ends. */
export function exactCreatedAt(table: string): string {
  const utc = `${table}.created_at AT TIME ZONE 'utc'`;
  return `to_char(${utc}, 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS exact_created_at`;
}

/** The page in rows of a query that asked for one row more than `limit`. */
export function pageOf<Item>(
  rows: readonly Row[],
  limit: number,
  readItem: (row: Row) => Item,
): CreatedPage<Item> {
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? placeRow.parse(shown.at(-1)) : null;
  return { items: shown.map(readItem), next };
}
