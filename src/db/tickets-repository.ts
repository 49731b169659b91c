// Tickets (`reservation_units`) and their QR images. Their state follows the area's inventory; only images are written here.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { timeColumn } from "./columns.ts";

const ticketRow = z
  .object({
    id: z.uuid(),
    event_id: z.uuid(),
    area_id: z.uuid(),
    area_name: z.string(),
    label: z.string(),
    status: z.enum(["reserved", "confirmed", "used", "transferred", "cancelled"]),
    serial: z.int(),
    event_name: z.string(),
    start_date: timeColumn,
    end_date: timeColumn,
    time_zone: z.string(),
  })
  .transform((row) => ({
    reservationUnitId: row.id,
    eventId: row.event_id,
    areaId: row.area_id,
    areaName: row.area_name,
    label: row.label,
    status: row.status,
    serial: row.serial,
    eventName: row.event_name,
    startsAt: row.start_date,
    endsAt: row.end_date,
    timeZone: row.time_zone,
  }));

export type TicketRecord = z.infer<typeof ticketRow>;

/** Every unit of a reservation, whatever became of it, with what a ticket says. */
export async function listTickets(
  tenant: DatabaseScope,
  reservationId: string,
): Promise<TicketRecord[]> {
  const rows = await tenant.query(
    `SELECT reservation_units.id, clusters.id AS event_id, reservation_units.area_id, areas.area_name, units.label, reservation_units.status,
       reservation_units.serial, clusters.cluster_name AS event_name, clusters.start_date, clusters.end_date,
       clusters.time_zone
     FROM reservation_units
     JOIN units ON units.id = reservation_units.unit_id
     JOIN areas ON areas.id = units.area_id
     JOIN clusters ON clusters.id = areas.cluster_id
     WHERE reservation_units.reservation_id = $1
     ORDER BY areas.area_name, units.position`,
    [reservationId],
  );
  return z.array(ticketRow).parse(rows);
}

const partsRow = z.object({
  parts: z.record(
    z.uuid(),
    z.object({
      state: z.enum(["held", "sold", "released", "expired", "refund-due", "cancelled"]),
      unitsReplaced: z.boolean(),
    }),
  ),
});

/** What became of a reservation in each of its areas, by the area's id, as far as Postgres has heard. */
export async function findParts(tenant: DatabaseScope, reservationId: string) {
  const rows = await tenant.query(
    "SELECT coalesce(extra_attributes -> 'areas', '{}') AS parts FROM reservations WHERE id = $1",
    [reservationId],
  );
  return new Map(Object.entries(z.array(partsRow).parse(rows)[0]?.parts ?? {}));
}

export interface QrImage {
  reservationUnitId: string;
  serial: number;
  /** Where the image is in the media store. */
  key: string;
}

/** Links stored QR images to their tickets. Repeating it adds nothing. */
export async function insertQrImages(
  tenant: DatabaseScope,
  profileId: string,
  images: readonly QrImage[],
): Promise<void> {
  const rows = images.map(({ reservationUnitId, serial, key }) => ({
    unit_id: reservationUnitId,
    serial,
    key,
  }));
  await tenant.query(
    `WITH wanted AS (
       SELECT gen_random_uuid() AS image_id, unit_id, serial, key
       FROM jsonb_to_recordset($1::jsonb) AS batch (unit_id uuid, serial integer, key text)
       WHERE NOT EXISTS (SELECT FROM reservation_unit_qr_images AS known
         WHERE known.reservation_unit_id = batch.unit_id AND known.serial = batch.serial)
     ), stored AS (
       INSERT INTO images (id, profile_id, url, type) SELECT image_id, $2, key, 'image/svg+xml' FROM wanted
     )
     INSERT INTO reservation_unit_qr_images (profile_id, reservation_unit_id, image_id, serial)
     SELECT $2, unit_id, image_id, serial FROM wanted
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(rows), profileId],
  );
}

/** The key of a ticket's newest QR image; null while there is none, undefined for a ticket that is not of this reservation. */
export async function findQrKey(
  tenant: DatabaseScope,
  ticket: { reservationUnitId: string; reservationId: string },
): Promise<string | null | undefined> {
  const rows = await tenant.query(
    `SELECT images.url
     FROM reservation_units
     LEFT JOIN reservation_unit_qr_images AS qr
       ON qr.reservation_unit_id = reservation_units.id AND qr.serial = reservation_units.serial
     LEFT JOIN images ON images.id = qr.image_id
     WHERE reservation_units.id = $1 AND reservation_units.reservation_id = $2
       AND reservation_units.status IN ('confirmed', 'used')`,
    [ticket.reservationUnitId, ticket.reservationId],
  );
  return z.array(z.object({ url: z.string().nullable() })).parse(rows)[0]?.url;
}
