// Units of areas. SQL and row shapes only. `status` belongs to the area's object: it is read here,
// never written.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";
import {
  type Area,
  lockArea,
  lockEventOfArea,
  readAreas,
  recountCapacity,
} from "./areas-repository.ts";

/** Keeps statements short, so that labels that are taken are found early. */
const INSERT_ROWS_MAX = 10_000;

/** Both ends belong to it. */
export interface NumberRange {
  from: number;
  to: number;
}

/**
 * Units to be made from an area's nomenclature. General admission has no rows: its units are
 * numbered on, in row 0.
 */
export type UnitBlock =
  | { kind: "seats"; rows: NumberRange; numbers: NumberRange }
  | { kind: "general-admission"; quantity: number };

/** How many units a block has. */
export function unitsIn(block: UnitBlock): number {
  if (block.kind === "general-admission") return block.quantity;
  return lengthOf(block.rows) * lengthOf(block.numbers);
}

/**
 * Makes all units of the block, or none, after the area's last one, and recounts the area's
 * capacity. The area as it is afterwards; null for an unknown one.
 * Throws `UniqueViolation` on `waro_units_label`.
 */
export async function insertUnits(
  tenant: DatabaseScope,
  areaId: string,
  block: UnitBlock,
): Promise<Area | null> {
  const count = unitsIn(block);
  const chunks: Statement[] = [];
  for (let first = 0; first < count; first += INSERT_ROWS_MAX) {
    chunks.push(
      insertChunk(areaId, block, { from: first, to: Math.min(first + INSERT_ROWS_MAX, count) - 1 }),
    );
  }
  const results = await tenant.transaction([
    lockEventOfArea(areaId),
    lockArea(areaId),
    ...chunks,
    recountCapacity(areaId),
  ]);
  return readAreas(results.at(-1) ?? [])[0] ?? null;
}

/** `chunk` counts units of the block from 0. Every chunk sees those before it and follows them. */
function insertChunk(areaId: string, block: UnitBlock, chunk: NumberRange): Statement {
  return block.kind === "seats"
    ? insertSeats(areaId, block, chunk)
    : insertGeneralAdmission(areaId, chunk);
}

function insertSeats(
  areaId: string,
  { rows, numbers }: Extract<UnitBlock, { kind: "seats" }>,
  chunk: NumberRange,
): Statement {
  return {
    text: `
      INSERT INTO units (profile_id, area_id, position, label,
        nomenclature_letter_area, nomenclature_number_area, nomenclature_number_unit)
      SELECT area.profile_id, area.id, area.next_position + (place - $2::integer),
        concat_ws('-', area.letter, seat.row_number, seat.number),
        area.letter, seat.row_number, seat.number
      FROM (
        SELECT areas.id, areas.profile_id, areas.nomenclature_letter AS letter,
          (SELECT coalesce(max(position), -1) + 1 FROM units WHERE area_id = $1) AS next_position
        FROM areas JOIN clusters ON clusters.id = areas.cluster_id AND clusters.is_active
        WHERE areas.id = $1 AND areas.is_active
      ) AS area
      CROSS JOIN generate_series($2::integer, $3::integer) AS place
      CROSS JOIN LATERAL (
        SELECT $4::integer + place / $6::integer AS row_number,
          $5::integer + place % $6::integer AS number
      ) AS seat`,
    parameters: [areaId, chunk.from, chunk.to, rows.from, numbers.from, lengthOf(numbers)],
  };
}

function insertGeneralAdmission(areaId: string, chunk: NumberRange): Statement {
  return {
    text: `
      INSERT INTO units (profile_id, area_id, position, label,
        nomenclature_letter_area, nomenclature_number_area, nomenclature_number_unit)
      SELECT area.profile_id, area.id, area.next_position + place,
        concat_ws('-', area.letter, area.next_number + place),
        area.letter, 0, area.next_number + place
      FROM (
        SELECT areas.id, areas.profile_id, areas.nomenclature_letter AS letter,
          (SELECT coalesce(max(position), -1) + 1 FROM units WHERE area_id = $1) AS next_position,
          -- In row 0 numbers rise with the position: the last is the highest, and is found at once.
          coalesce((SELECT nomenclature_number_unit FROM units
            WHERE area_id = $1 AND nomenclature_number_area = 0
            ORDER BY position DESC LIMIT 1), 0) + 1 AS next_number
        FROM areas JOIN clusters ON clusters.id = areas.cluster_id AND clusters.is_active
        WHERE areas.id = $1 AND areas.is_active
      ) AS area
      CROSS JOIN generate_series(0, $2::integer) AS place`,
    parameters: [areaId, chunk.to - chunk.from],
  };
}

function lengthOf(range: NumberRange): number {
  return range.to - range.from + 1;
}

const unitRow = z
  .object({
    id: z.uuid(),
    position: z.int(),
    label: z.string(),
    status: z.enum(["available", "reserved", "sold", "blocked"]),
    row_number: z.int(),
    nomenclature_number_unit: z.int(),
  })
  .transform((row) => ({
    unitId: row.id,
    position: row.position,
    label: row.label,
    status: row.status,
    /** 0 in general admission. */
    row: row.row_number,
    number: row.nomenclature_number_unit,
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
       nomenclature_number_unit,
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
