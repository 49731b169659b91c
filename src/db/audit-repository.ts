// What an audit finds in Postgres of an area's reservations, tickets and units: the rows as they are, also where another hand
// wrote what the projection never would. Tickets nobody sold are ended here; nothing else is written.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const ticketShape = z.object({
  id: z.guid(),
  unit_id: z.guid(),
  status: z.enum(["reserved", "confirmed", "used", "transferred", "cancelled"]),
  price: z.string(),
  service: z.string(),
  currency: z.string(),
  serial: z.int(),
  admitted_at: z.string().nullable(),
  stage_id: z.guid().nullable(),
  promotion_id: z.guid().nullable(),
  version: z.number(),
});

const reservationRow = z
  .object({
    id: z.guid(),
    is_whole: z.boolean(),
    status_fits: z.boolean(),
    part: z.record(z.string(), z.unknown()).nullable().catch({}),
    is_paid: z.boolean(),
    tickets: z.array(ticketShape),
  })
  .transform((row) => ({
    reservationId: row.id,
    /** Its documents have a shape that the projection can write to. */
    isWhole: row.is_whole,
    /** Its status is what follows from its parts. */
    statusFits: row.status_fits,
    /** The area's part, whatever it looks like; null when there is none. */
    part: row.part,
    /** Money was approved for it and not given back. */
    isPaid: row.is_paid,
    /** Of this area, whatever became of them. */
    tickets: row.tickets,
  }));

export type ToldReservation = z.infer<typeof reservationRow>;
export type ToldTicket = ToldReservation["tickets"][number];

const AREAS = "reservations.extra_attributes -> 'areas'";
const PART = "reservations.extra_attributes #> ARRAY['areas', $1::text]";

/** `$1` is the area. A function of parts fails on documents of another shape, so the shape is asked first. */
const RESERVATION = `
  SELECT reservations.id, whole.is_whole, ${PART} AS part,
    CASE WHEN whole.is_whole
      THEN reservations.status = waro_reservation_status(coalesce(${AREAS}, '{}')) ELSE false END AS status_fits,
    EXISTS (SELECT FROM payments WHERE payments.reservation_id = reservations.id
      AND payments.status IN ('approved', 'settled')) AS is_paid,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', ticket.id, 'unit_id', ticket.unit_id, 'status', ticket.status,
        'price', ticket.price::text, 'service', ticket.service::text, 'currency', ticket.currency,
        'serial', ticket.serial, 'admitted_at',
        to_char(ticket.admitted_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
        'stage_id', ticket.applied_sale_stage_id, 'promotion_id', ticket.applied_promotion_id,
        'version', ticket.inventory_version)), '[]')
      FROM reservation_units AS ticket
      WHERE ticket.reservation_id = reservations.id AND ticket.area_id = $1::uuid) AS tickets
  FROM reservations
  CROSS JOIN LATERAL (SELECT jsonb_typeof(reservations.extra_attributes) = 'object'
    AND coalesce(jsonb_typeof(${AREAS}), 'object') = 'object' AS is_whole) AS whole`;

/** Reservations with a part or tickets in the area, in order of id, after the given one. */
export async function findToldReservations(
  tenant: DatabaseScope,
  area: { areaId: string; eventId: string },
  page: { afterId: string; limit: number },
): Promise<ToldReservation[]> {
  const rows = await tenant.query(
    `WITH parts AS (
       SELECT id FROM reservations WHERE cluster_id = $2::uuid AND id > $3::uuid AND ${PART} IS NOT NULL
       ORDER BY id LIMIT $4::integer
     ), sold AS (
       SELECT DISTINCT reservation_id FROM reservation_units WHERE area_id = $1::uuid AND reservation_id > $3::uuid
       ORDER BY reservation_id LIMIT $4::integer
     ), page AS (
       SELECT id FROM parts UNION SELECT reservation_id FROM sold ORDER BY id LIMIT $4::integer
     )
     ${RESERVATION} WHERE reservations.id IN (SELECT id FROM page) ORDER BY reservations.id`,
    [area.areaId, area.eventId, page.afterId, page.limit],
  );
  return z.array(reservationRow).parse(rows);
}

/** Reservations by id, whatever they have in the area. */
export async function findToldReservationsById(
  tenant: DatabaseScope,
  areaId: string,
  reservationIds: readonly string[],
): Promise<ToldReservation[]> {
  const rows = await tenant.query(
    `${RESERVATION} WHERE reservations.id IN (SELECT value::uuid FROM jsonb_array_elements_text($2::jsonb))`,
    [areaId, JSON.stringify(reservationIds)],
  );
  return z.array(reservationRow).parse(rows);
}

/** Ends tickets that are still as they were seen; one that changed since is left alone. */
export async function cancelTickets(
  tenant: DatabaseScope,
  areaId: string,
  seen: readonly Pick<ToldTicket, "id" | "status" | "version">[],
): Promise<void> {
  const rows = seen.map(({ id, status, version }) => ({ id, status, version }));
  await tenant.query(
    `UPDATE reservation_units AS ticket SET status = 'cancelled'
     FROM jsonb_to_recordset($2::jsonb) AS seen (id uuid, status text, version bigint)
     WHERE ticket.id = seen.id AND ticket.area_id = $1 AND ticket.status = seen.status
       AND ticket.inventory_version = seen.version`,
    [areaId, JSON.stringify(rows)],
  );
}

const unitRow = z
  .object({
    id: z.guid(),
    position: z.int(),
    status: z.enum(["available", "reserved", "sold", "blocked"]),
    inventory_version: z.coerce.number(),
    living: z.array(z.object({ id: z.guid(), area_id: z.guid().nullable() })),
  })
  .transform((row) => ({
    unitId: row.id,
    position: row.position,
    status: row.status,
    version: row.inventory_version,
    /** Tickets for it that somebody could show at the gate. */
    livingTickets: row.living.map(({ id, area_id: areaId }) => ({ reservationUnitId: id, areaId })),
  }));

export type ToldUnit = z.infer<typeof unitRow>;

const UNIT = `
  SELECT units.id, units.position, units.status, units.inventory_version,
    (SELECT coalesce(jsonb_agg(jsonb_build_object('id', ticket.id, 'area_id', ticket.area_id)), '[]')
      FROM reservation_units AS ticket
      WHERE ticket.unit_id = units.id AND ticket.status IN ('confirmed', 'used', 'transferred')) AS living
  FROM units WHERE units.area_id = $1`;

/** The area's units after a position, in order of sale. */
export async function findToldUnits(
  tenant: DatabaseScope,
  areaId: string,
  page: { afterPosition: number; limit: number },
): Promise<ToldUnit[]> {
  const rows = await tenant.query(
    `${UNIT} AND units.position > $2 ORDER BY units.position LIMIT $3`,
    [areaId, page.afterPosition, page.limit],
  );
  return z.array(unitRow).parse(rows);
}

export async function findToldUnitsById(
  tenant: DatabaseScope,
  areaId: string,
  unitIds: readonly string[],
): Promise<ToldUnit[]> {
  const rows = await tenant.query(
    `${UNIT} AND units.id IN (SELECT value::uuid FROM jsonb_array_elements_text($2::jsonb))`,
    [areaId, JSON.stringify(unitIds)],
  );
  return z.array(unitRow).parse(rows);
}

/** The number of units the area is said to have, and how many it has; null for an unknown area. */
export async function findCapacity(
  tenant: DatabaseScope,
  areaId: string,
): Promise<{ capacity: number; units: number } | null> {
  const rows = await tenant.query(
    `SELECT capacity, (SELECT count(*)::integer FROM units WHERE area_id = $1) AS units
     FROM areas WHERE id = $1`,
    [areaId],
  );
  return z.array(z.object({ capacity: z.int(), units: z.int() })).parse(rows)[0] ?? null;
}
