// Units to be made: what a plan would make beside what the area has, and making it, all or none. SQL and row shapes only.
// One text says what a plan's units are, so that a preview shows what is written.

import * as z from "zod";
import type { DatabaseScope, Row as DatabaseRow, Statement } from "../ports/database.ts";
import type { Row, Seat } from "../shared/units/unit-block.ts";
import type { ListedUnit } from "../shared/units/unit-csv.ts";
import {
  type Area,
  lockArea,
  lockEventOfArea,
  readAreas,
  recountCapacity,
} from "./areas-repository.ts";

/** General admission has no rows: its units are numbered on, in row 0. */
export type UnitPlan =
  | { kind: "seats"; prefix: string | null; rows: readonly Row[]; seats: readonly Seat[] }
  | { kind: "general-admission"; prefix: string | null; quantity: number }
  | { kind: "listed"; units: readonly Omit<ListedUnit, "line">[] };

/** A call that may be repeated, by the id its key gives it. */
export interface UnitBatch {
  batchId: string;
  contentHash: string;
  units: number;
}

/**
 * Makes all units of the plan, or none, after the area's last one, and recounts the area's capacity. The area as it is
 * afterwards; null for an unknown one. Throws `UniqueViolation` on `waro_units_label`, and on `unit_batches_pkey` when the
 * batch was made before.
 */
export async function insertUnits(
  tenant: DatabaseScope,
  areaId: string,
  { plan, batch }: { plan: UnitPlan; batch: UnitBatch | null },
): Promise<Area | null> {
  // The locks come first: whatever is made at the same time is seen, and numbered after.
  const results = await tenant.transaction([
    lockEventOfArea(areaId),
    lockArea(areaId),
    ...(batch === null ? [] : [insertBatch(areaId, batch)]),
    insertPlan(areaId, plan),
    recountCapacity(areaId),
    ...(batch === null ? [] : [closeBatch(areaId, batch.batchId)]),
  ]);
  const recounted = results.at(batch === null ? -1 : -2) ?? [];
  return readAreas(recounted)[0] ?? null;
}

function insertBatch(areaId: string, { batchId, contentHash, units }: UnitBatch): Statement {
  return {
    text: `INSERT INTO unit_batches (id, profile_id, area_id, content_hash, units_created)
           SELECT $2, profile_id, id, $3, $4 FROM areas WHERE id = $1`,
    parameters: [areaId, batchId, contentHash, units],
  };
}

function closeBatch(areaId: string, batchId: string): Statement {
  return {
    text: `UPDATE unit_batches SET capacity = areas.capacity FROM areas
           WHERE areas.id = $1 AND unit_batches.id = $2`,
    parameters: [areaId, batchId],
  };
}

const batchRow = z
  .object({ content_hash: z.string(), units_created: z.int(), capacity: z.int() })
  .transform((row) => ({
    contentHash: row.content_hash,
    units: row.units_created,
    /** Units the area had afterwards. */
    capacity: row.capacity,
  }));

export async function findUnitBatch(
  tenant: DatabaseScope,
  batchId: string,
): Promise<z.infer<typeof batchRow> | null> {
  const rows = await tenant.query(
    "SELECT content_hash, units_created, capacity FROM unit_batches WHERE id = $1",
    [batchId],
  );
  return z.array(batchRow).parse(rows)[0] ?? null;
}

const previewRow = z
  .object({
    capacity: z.int(),
    first_labels: z.array(z.string()),
    last_label: z.string().nullable(),
    taken: z.int(),
    taken_labels: z.array(z.string()),
    taken_places: z.array(z.int()),
    repeated: z.int(),
  })
  .transform((row) => ({
    capacity: row.capacity,
    firstLabels: row.first_labels,
    lastLabel: row.last_label,
    /** Units whose label the area has already, or the plan a second time. */
    clashes: row.taken + row.repeated,
    /** The first of those the area has already. */
    takenLabels: row.taken_labels,
    /** Where these are in the plan, from 1. */
    takenPlaces: row.taken_places,
  }));

export type UnitPreview = z.infer<typeof previewRow>;

/** Writes nothing. Null for an unknown area. `limit` labels are shown. */
export async function previewUnits(
  tenant: DatabaseScope,
  areaId: string,
  { plan, limit }: { plan: UnitPlan; limit: number },
): Promise<UnitPreview | null> {
  const { text, parameters } = planned(areaId, plan);
  const shown = `$${parameters.length + 1}::integer`;
  const rows: DatabaseRow[] = await tenant.query(
    `${text}, checked AS (
       SELECT nth, label, row_number() OVER (PARTITION BY label ORDER BY nth) > 1 AS is_repeated,
         EXISTS (SELECT FROM units WHERE units.area_id = $1 AND units.label = planned.label) AS is_taken
       FROM planned
     ), taken AS (SELECT nth, label FROM checked WHERE is_taken OR is_repeated ORDER BY nth LIMIT ${shown})
     SELECT areas.capacity,
       ARRAY(SELECT label FROM checked WHERE nth <= ${shown} ORDER BY nth) AS first_labels,
       (SELECT label FROM checked ORDER BY nth DESC LIMIT 1) AS last_label,
       (SELECT count(*)::integer FROM checked WHERE is_taken) AS taken,
       (SELECT count(*)::integer FROM checked WHERE is_repeated AND NOT is_taken) AS repeated,
       ARRAY(SELECT label FROM taken ORDER BY nth) AS taken_labels,
       ARRAY(SELECT nth::integer FROM taken ORDER BY nth) AS taken_places
     FROM areas JOIN clusters ON clusters.id = areas.cluster_id AND clusters.is_active
     WHERE areas.id = $1 AND areas.is_active`,
    [...parameters, limit],
  );
  return z.array(previewRow).parse(rows)[0] ?? null;
}

function insertPlan(areaId: string, plan: UnitPlan): Statement {
  const { text, parameters } = planned(areaId, plan);
  return {
    text: `${text}
      INSERT INTO units (profile_id, area_id, position, label, nomenclature_letter_area,
        nomenclature_number_area, nomenclature_number_unit, row_name, place)
      SELECT profile_id, $1, next_position + nth - 1, label, letter, row_number, number,
        nullif(row_name, row_number::text), nullif(place, number)
      FROM planned ORDER BY nth`,
    parameters,
  };
}

/** The plan's units, numbered from 1 in order of sale; none for an unknown area. `$1` is the area. */
function planned(areaId: string, plan: UnitPlan): Statement {
  const { text, parameters } = unitsOf(plan);
  return {
    text: `
      WITH area AS (
        SELECT areas.profile_id, nullif(coalesce($2::text, areas.nomenclature_letter), '') AS letter,
          (SELECT coalesce(max(position), -1) + 1 FROM units WHERE area_id = $1) AS next_position
        FROM areas JOIN clusters ON clusters.id = areas.cluster_id AND clusters.is_active
        WHERE areas.id = $1 AND areas.is_active
      ), planned AS (
        SELECT area.profile_id, coalesce(area.letter, '') AS letter, area.next_position, unit.nth::integer AS nth,
          unit.row_name, unit.row_number, unit.number, unit.place,
          coalesce(unit.label, concat_ws('-', area.letter, unit.row_name, unit.number)) AS label
        FROM area CROSS JOIN (${text}) AS unit
      )`,
    parameters: [areaId, plan.kind === "listed" ? null : plan.prefix, ...parameters],
  };
}

function unitsOf(plan: UnitPlan): Statement {
  if (plan.kind === "listed") return listedUnits(plan.units);
  if (plan.kind === "seats") return seats(plan);
  return {
    text: `
      SELECT place AS nth, NULL AS row_name, 0 AS row_number, NULL AS label,
        known.number + place AS number, known.number + place AS place
      FROM (
        -- In row 0 numbers rise with the position: the last is the highest, and is found at once.
        SELECT coalesce((SELECT nomenclature_number_unit FROM units
          WHERE area_id = $1 AND nomenclature_number_area = 0
          ORDER BY position DESC LIMIT 1), 0) AS number
      ) AS known CROSS JOIN generate_series(1, $3::integer) AS place`,
    parameters: [plan.quantity],
  };
}

function seats({ rows, seats: ofRow }: Extract<UnitPlan, { kind: "seats" }>): Statement {
  return {
    text: `
      SELECT (rows.nth - 1) * $7::integer + seats.nth AS nth, rows.name AS row_name, rows.row_number,
        NULL AS label, seats.number, seats.place
      FROM unnest($3::text[], $4::integer[]) WITH ORDINALITY AS rows (name, row_number, nth)
      CROSS JOIN unnest($5::integer[], $6::integer[]) WITH ORDINALITY AS seats (number, place, nth)`,
    parameters: [
      rows.map(({ name }) => name),
      rows.map(({ row }) => row),
      ofRow.map(({ number }) => number),
      ofRow.map(({ place }) => place),
      ofRow.length,
    ],
  };
}

function listedUnits(units: Extract<UnitPlan, { kind: "listed" }>["units"]): Statement {
  return {
    text: `
      SELECT nth, row_name, row_number, label, number, place
      FROM unnest($3::text[], $4::integer[], $5::integer[], $6::integer[], $7::text[])
        WITH ORDINALITY AS listed (row_name, row_number, number, place, label, nth)`,
    parameters: [
      units.map(({ rowName }) => rowName),
      units.map(({ row }) => row),
      units.map(({ number }) => number),
      units.map(({ place }) => place),
      units.map(({ label }) => label),
    ],
  };
}
