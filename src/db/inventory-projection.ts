// Writes what an area's object decided to Postgres: at most three statements in one transaction, whatever the size of the
// batch. A row is taken only when its version is newer, so batches may be repeated or arrive late.
//
// A hold is one row: the reservation, with the area's part of it as a document from which the object could be rebuilt.
// Tickets (`reservation_units`) exist from the sale on, and only then does a unit's own row change.

import type {
  InventoryProjection,
  ProjectedReservation,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";
import type { Database, Statement } from "../ports/database.ts";
import { centsToDecimal } from "../shared/money.ts";

export function createInventoryProjection(database: Database): InventoryProjection {
  return {
    async write(batch) {
      await database.asTenant(batch.profileId).transaction(statementsFor(batch));
    },
  };
}

function statementsFor(batch: ProjectionBatch): Statement[] {
  const statements: Statement[] = [];
  if (batch.reservations.length > 0) statements.push(reservationStatement(batch));
  const bought = batch.reservations.filter(({ tickets }) => tickets.length > 0);
  if (bought.length > 0) statements.push(ticketStatement(batch, bought));
  if (batch.units.length > 0) statements.push(unitStatement(batch));
  return statements;
}

/**
 * A reservation may span areas, each writing its own part under its own version; the whole's status is summed up from the
 * parts by the database, so that it is right whoever comes last.
 */
function reservationStatement(batch: ProjectionBatch): Statement {
  const rows = batch.reservations.map(({ version, reservationId, ...part }) => ({
    id: reservationId,
    version,
    end_date: new Date(part.expiresAtMs).toISOString(),
    part: { ...part, version },
  }));
  return {
    text: `
      INSERT INTO reservations AS known (id, profile_id, cluster_id, start_date, end_date, status, extra_attributes)
      SELECT id, $2, $3, now(), end_date, waro_reservation_status(jsonb_build_object($4::text, part)),
        jsonb_build_object('areas', jsonb_build_object($4::text, part))
      FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, version bigint, end_date timestamptz, part jsonb)
      ORDER BY id
      ON CONFLICT (id) DO UPDATE SET
        end_date = excluded.end_date,
        status = waro_reservation_status(
          coalesce(known.extra_attributes -> 'areas', '{}') || (excluded.extra_attributes -> 'areas')),
        extra_attributes = known.extra_attributes || jsonb_build_object('areas',
          coalesce(known.extra_attributes -> 'areas', '{}') || (excluded.extra_attributes -> 'areas'))
      WHERE coalesce((known.extra_attributes #>> ARRAY['areas', $4::text, 'version'])::bigint, 0)
        < (excluded.extra_attributes #>> ARRAY['areas', $4::text, 'version'])::bigint`,
    parameters: [JSON.stringify(rows), batch.profileId, batch.eventId, batch.areaId],
  };
}

function ticketStatement(
  batch: ProjectionBatch,
  bought: readonly ProjectedReservation[],
): Statement {
  const rows = bought.flatMap((reservation) => ticketRows(reservation));
  return {
    text: `
      INSERT INTO reservation_units AS known (id, profile_id, reservation_id, area_id, unit_id, status, price, service,
        currency, serial, admitted_at, inventory_version)
      SELECT id, $2, reservation_id, $3, unit_id, status, price, service, $4, serial, admitted_at, version
      FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, reservation_id uuid, unit_id uuid, status text,
        price numeric, service numeric, serial integer, admitted_at timestamptz, version bigint)
      -- Endings first: a unit's old ticket must be gone before its new one comes.
      ORDER BY status <> 'cancelled', version
      ON CONFLICT (id) DO UPDATE SET unit_id = excluded.unit_id, status = excluded.status, price = excluded.price,
        service = excluded.service, serial = excluded.serial, admitted_at = excluded.admitted_at,
        inventory_version = excluded.inventory_version
      WHERE excluded.inventory_version > known.inventory_version`,
    parameters: [JSON.stringify(rows), batch.profileId, batch.areaId, batch.currency],
  };
}

function ticketRows({ reservationId, version, units, tickets, state }: ProjectedReservation) {
  const byId = new Map(tickets.map((ticket) => [ticket.reservationUnitId, ticket]));
  return units.map((unit) => {
    const ticket = byId.get(unit.reservationUnitId);
    const admittedAtMs = ticket?.admittedAtMs ?? null;
    const living = admittedAtMs === null ? "confirmed" : "used";
    return {
      id: unit.reservationUnitId,
      reservation_id: reservationId,
      unit_id: unit.unitId,
      status: state === "sold" ? living : "cancelled",
      price: centsToDecimal(unit.priceInCents),
      service: centsToDecimal(unit.serviceInCents),
      serial: ticket?.serial ?? 0,
      admitted_at: admittedAtMs === null ? null : new Date(admittedAtMs).toISOString(),
      version,
    };
  });
}

function unitStatement(batch: ProjectionBatch): Statement {
  const rows = batch.units.map(({ unitId, state, version }) => ({
    id: unitId,
    // Held by somebody after it was sold or blocked: for Postgres it is available again.
    status: state === "held" ? "available" : state,
    version,
  }));
  return {
    text: `
      UPDATE units SET status = batch.status, inventory_version = batch.version
      FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, status text, version bigint)
      WHERE units.id = batch.id AND units.inventory_version < batch.version`,
    parameters: [JSON.stringify(rows)],
  };
}
