// Units of areas. SQL and row shapes only. `status` belongs to the area's object: it is read here,
// never written.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const unitRow = z
  .object({
    id: z.uuid(),
    position: z.int(),
    label: z.string(),
    status: z.enum(["available", "reserved", "sold", "blocked"]),
    row_number: z.int(),
    row_name: z.string().nullable(),
    nomenclature_number_unit: z.int(),
    place: z.int(),
  })
  .transform((row) => ({
    unitId: row.id,
    position: row.position,
    label: row.label,
    status: row.status,
    /** 0 in general admission. */
    row: row.row_number,
    /** As it is printed; null in general admission. */
    rowName: row.row_name,
    number: row.nomenclature_number_unit,
    /** Units of a row with consecutive places sit side by side. */
    place: row.place,
  }));

export type UnitRecord = z.infer<typeof unitRow>;

/** The area's units from a position on, in order of sale. */
export async function findUnits(
  tenant: DatabaseScope,
  areaId: string,
  page: { fromPosition: number; limit: number },
): Promise<UnitRecord[]> {
  const rows = await tenant.query(
    // A unit's own row changes with its sale; until then the reservation that holds it says so.
    `SELECT id, position, label, coalesce(nomenclature_number_area, 0) AS row_number,
       coalesce(row_name, nullif(nomenclature_number_area, 0)::text) AS row_name,
       nomenclature_number_unit, coalesce(place, nomenclature_number_unit) AS place,
       CASE WHEN status = 'available' AND id IN (
         SELECT unit_id FROM waro_held_units
         WHERE cluster_id = (SELECT cluster_id FROM areas WHERE id = $1) AND area_id = $1
       ) THEN 'reserved' ELSE status END AS status
     FROM units WHERE area_id = $1 AND position >= $2 ORDER BY position LIMIT $3`,
    [areaId, page.fromPosition, page.limit],
  );
  return z.array(unitRow).parse(rows);
}

/**
 * Blocked units in order of position. Looks through the area's units by position: an index over their status would have
 * to be written with every sale.
 */
export async function findBlockedUnits(
  tenant: DatabaseScope,
  areaId: string,
  page: { afterPosition: number; limit: number },
): Promise<{ unitId: string; position: number }[]> {
  const rows = await tenant.query(
    `SELECT id AS "unitId", position FROM units
     WHERE area_id = $1 AND status = 'blocked' AND position > $2 ORDER BY position LIMIT $3`,
    [areaId, page.afterPosition, page.limit],
  );
  return z.array(z.object({ unitId: z.uuid(), position: z.int() })).parse(rows);
}
