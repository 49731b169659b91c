// Writes what an area's object decided to Postgres: at most three statements in a transaction, and few transactions, whatever
// the size of the batch. A row is taken only when its version is newer, so batches may be repeated or arrive late.
//
// A hold is one row: the reservation, with the area's part of it as a document from which the object could be rebuilt.
// Tickets (`reservation_units`) exist from the sale on, and only then does a unit's own row change.

import type {
  InventoryProjection,
  ProjectedReservation,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";
import type { Database, Statement } from "../ports/database.ts";
import { ticketRowsOf } from "./ticket-rows.ts";

export function createInventoryProjection(database: Database): InventoryProjection {
  return {
    async write(batch) {
      const tenant = database.asTenant(batch.profileId);
      await Promise.all(sideBySide(batch).map((part) => tenant.transaction(statementsFor(part))));
    },
  };
}

/** Of an object's six connections. */
const PARTS_OF_HOLDS_MAX = 4;
const HOLDS_OF_PART_MIN = 40;

/**
 * Under load a batch is large, and its bytes leave a busy object slowly: over several connections it is sooner in Postgres.
 * Only holds can go apart, since each is one row that nothing else touches. What has tickets stays together, as a unit's
 * old ticket must be gone before its new one comes.
 */
function sideBySide(batch: ProjectionBatch): ProjectionBatch[] {
  const holds = batch.reservations.filter(({ tickets }) => tickets.length === 0);
  const parts = Math.min(PARTS_OF_HOLDS_MAX, Math.floor(holds.length / HOLDS_OF_PART_MIN));
  if (parts < 2) return [batch];
  const length = Math.ceil(holds.length / parts);
  const ofHolds = Array.from({ length: parts }, (_, part) => {
    return { ...batch, units: [], reservations: holds.slice(part * length, (part + 1) * length) };
  });
  const others = batch.reservations.filter(({ tickets }) => tickets.length > 0);
  if (others.length === 0 && batch.units.length === 0) return ofHolds;
  return [...ofHolds, { ...batch, reservations: others }];
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
      SELECT id, $2, nullif($3, '')::uuid, now(), end_date, waro_reservation_status(jsonb_build_object($4::text, part)),
        jsonb_build_object('areas', jsonb_build_object($4::text, part))
      FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, version bigint, end_date timestamptz, part jsonb)
      ORDER BY id
      ON CONFLICT (id) DO UPDATE SET
        -- A pool shared by several events does not know whose this is; an area does.
        cluster_id = coalesce(known.cluster_id, excluded.cluster_id),
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
  const rows = bought.flatMap((reservation) =>
    ticketRowsOf(reservation).map((row) => ({ ...row, version: reservation.version })),
  );
  return {
    text: `
      INSERT INTO reservation_units AS known (id, profile_id, reservation_id, area_id, unit_id, status, price, service,
        currency, serial, admitted_at, applied_sale_stage_id, applied_promotion_id, inventory_version)
      SELECT id, $2, reservation_id, $3, unit_id, status, price, service, $4, serial, admitted_at, stage_id, promotion_id,
        version
      FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, reservation_id uuid, unit_id uuid, status text,
        price numeric, service numeric, serial integer, admitted_at timestamptz, stage_id uuid, promotion_id uuid,
        version bigint)
      -- Endings first: a unit's old ticket must be gone before its new one comes.
      ORDER BY status <> 'cancelled', version
      ON CONFLICT (id) DO UPDATE SET unit_id = excluded.unit_id, status = excluded.status, price = excluded.price,
        service = excluded.service, serial = excluded.serial, admitted_at = excluded.admitted_at,
        inventory_version = excluded.inventory_version
      WHERE excluded.inventory_version > known.inventory_version`,
    parameters: [JSON.stringify(rows), batch.profileId, batch.areaId, batch.currency],
  };
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
