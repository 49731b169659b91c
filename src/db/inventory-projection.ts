// Writes what an area's object decided to Postgres: five statements in one transaction, whatever the size of the batch.
// A row is taken only when its version is newer, so batches may be repeated or arrive late.

import type {
  InventoryProjection,
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
  if (batch.reservations.length > 0) statements.push(...reservationStatements(batch));
  if (batch.units.length > 0) statements.push(unitStatement(batch));
  return statements;
}

/**
 * A reservation may span areas, each writing its part: the first statement takes the reservation's row lock, so that
 * the last one, which sums the parts up, sees what the other area wrote before it.
 */
function reservationStatements(batch: ProjectionBatch): Statement[] {
  const reservations = JSON.stringify(
    batch.reservations.map(({ reservationId, expiresAtMs }) => ({
      id: reservationId,
      end_date: new Date(expiresAtMs).toISOString(),
    })),
  );
  return [
    {
      text: `
        INSERT INTO reservations AS known (id, profile_id, cluster_id, start_date, end_date)
        SELECT id, $2, $3, now(), end_date
        FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, end_date timestamptz) ORDER BY id
        ON CONFLICT (id) DO UPDATE SET end_date = greatest(known.end_date, excluded.end_date)`,
      parameters: [reservations, batch.profileId, batch.eventId],
    },
    {
      text: `
        INSERT INTO reservation_units AS known (id, profile_id, reservation_id, area_id, unit_id, status, price, service,
          currency, serial, admitted_at, inventory_version)
        SELECT id, $2, reservation_id, $3, unit_id, status, price, service, $4, serial, admitted_at, version
        FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid, reservation_id uuid, unit_id uuid, status text,
          price numeric, service numeric, serial integer, admitted_at timestamptz, version bigint)
        -- Endings first: a unit's old ticket must be gone before its new one comes.
        ORDER BY status <> 'cancelled', version
        ON CONFLICT (id) DO UPDATE SET unit_id = excluded.unit_id, status = excluded.status, serial = excluded.serial,
          admitted_at = excluded.admitted_at, inventory_version = excluded.inventory_version
        WHERE excluded.inventory_version > known.inventory_version`,
      parameters: [
        JSON.stringify(reservationUnitRows(batch)),
        batch.profileId,
        batch.areaId,
        batch.currency,
      ],
    },
    {
      text: `
        UPDATE reservations SET status = parts.status
        FROM (
          SELECT reservation_id,
            CASE WHEN bool_or(status IN ('confirmed', 'used', 'transferred')) THEN 'completed'
                 WHEN bool_and(status = 'cancelled') THEN 'cancelled'
                 ELSE 'active' END AS status
          FROM reservation_units
          WHERE reservation_id IN (SELECT id FROM jsonb_to_recordset($1::jsonb) AS batch (id uuid))
          GROUP BY reservation_id
        ) AS parts
        WHERE reservations.id = parts.reservation_id AND reservations.status <> parts.status`,
      parameters: [reservations],
    },
  ];
}

function reservationUnitRows(batch: ProjectionBatch) {
  return batch.reservations.flatMap(({ reservationId, version, units }) =>
    units.map((unit) => ({
      id: unit.reservationUnitId,
      reservation_id: reservationId,
      unit_id: unit.unitId,
      status: unit.status,
      price: centsToDecimal(unit.priceInCents),
      service: centsToDecimal(unit.serviceInCents),
      serial: unit.serial,
      admitted_at: unit.admittedAtMs === null ? null : new Date(unit.admittedAtMs).toISOString(),
      version,
    })),
  );
}

/** Unit states have the plan's names in Postgres: held there is `reserved`. */
function unitStatement(batch: ProjectionBatch): Statement {
  const rows = batch.units.map(({ unitId, state, version }) => ({
    id: unitId,
    status: state === "held" ? "reserved" : state,
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
