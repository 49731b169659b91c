// Areas and pools that should have let a hold go by now, as far as Postgres was told. SQL and row shapes only.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

/** Reservations looked at: however late a crowded area is, the question costs milliseconds. */
const RESERVATIONS_MAX = 2_000;

const lateRow = z
  .object({ area_id: z.guid(), late_since: z.date() })
  .transform((row) => ({ areaId: row.area_id, lateSince: row.late_since }));

export type LateArea = z.infer<typeof lateRow>;

/** Those with a held part that ended before, whatever became of their events; the latest of all first. System scope. */
export async function findLateAreas(
  system: DatabaseScope,
  { before, limit }: { before: Date; limit: number },
): Promise<LateArea[]> {
  const rows = await system.query(
    `WITH late AS (
       SELECT end_date, extra_attributes -> 'areas' AS parts FROM reservations
       WHERE status = 'active' AND end_date < $1 ORDER BY end_date LIMIT $2
     )
     SELECT part.key AS area_id, min(late.end_date) AS late_since
     FROM late, jsonb_each(late.parts) AS part
     WHERE part.value ->> 'state' = 'held'
       AND (part.value ->> 'expiresAtMs')::numeric < extract(epoch FROM $1::timestamptz) * 1000
     GROUP BY part.key ORDER BY late_since, area_id LIMIT $3`,
    [before.toISOString(), RESERVATIONS_MAX, limit],
  );
  return z.array(lateRow).parse(rows);
}
