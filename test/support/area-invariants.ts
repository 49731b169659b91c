// What must hold of an area's tables after every batch, asked of the tables in SQL: INV1, INV2, INV5 and INV7.

import type { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import type { OutboxBody } from "../../durable-objects/area-inventory/flush.ts";

/** Each query finds what breaks a rule: none may have a row. `?1` is now. */
const breaches: Record<string, string> = {
  "a stored count that is not the number of units in that state": `
    SELECT * FROM (
      SELECT 'available' AS state, available AS stored FROM area UNION ALL SELECT 'held', held FROM area
      UNION ALL SELECT 'sold', sold FROM area UNION ALL SELECT 'blocked', blocked FROM area
    ) AS counted WHERE stored <> (SELECT count(*) FROM unit WHERE unit.state = counted.state)`,
  "a unit in no known state":
    "SELECT * FROM unit WHERE state NOT IN ('available', 'held', 'sold', 'blocked')",
  "a free unit that belongs to a reservation": `
    SELECT * FROM unit WHERE state IN ('available', 'blocked') AND reservation_id IS NOT NULL`,
  "a taken unit that its reservation does not name, or names in another state": `
    SELECT unit.* FROM unit WHERE state IN ('held', 'sold') AND NOT EXISTS (
      SELECT 1 FROM reservation, json_each(reservation.units) AS part
      WHERE reservation.reservation_id = unit.reservation_id AND reservation.state = unit.state
        AND part.value ->> 'unitId' = unit.unit_id AND part.value ->> 'position' = unit.position)`,
  "a living reservation without its units": `
    SELECT reservation_id, part.value FROM reservation, json_each(reservation.units) AS part
    WHERE reservation.state IN ('held', 'sold') AND NOT EXISTS (
      SELECT 1 FROM unit WHERE unit.unit_id = part.value ->> 'unitId' AND unit.state = reservation.state
        AND unit.reservation_id = reservation.reservation_id)`,
  "a unit in two living reservations": `
    SELECT part.value ->> 'unitId' AS unit_id FROM reservation, json_each(reservation.units) AS part
    WHERE reservation.state IN ('held', 'sold') GROUP BY 1 HAVING count(*) > 1`,
  "a sold unit without exactly one ticket": `
    SELECT reservation_id, part.value FROM reservation, json_each(reservation.units) AS part
    WHERE reservation.state = 'sold' AND 1 <> (SELECT count(*) FROM ticket
      WHERE ticket.reservation_unit_id = part.value ->> 'reservationUnitId'
        AND ticket.reservation_id = reservation.reservation_id)`,
  "more or fewer tickets than sold units": `
    SELECT 1 FROM (SELECT (SELECT count(*) FROM ticket) AS tickets, (SELECT count(*) FROM unit WHERE state = 'sold') AS sold)
    WHERE tickets <> sold`,
  "a hold that has outlived its time":
    "SELECT * FROM reservation WHERE state = 'held' AND expires_at_ms <= ?1",
  "an outbox row newer than the area":
    "SELECT sequence FROM outbox WHERE sequence > (SELECT sequence FROM area)",
};

/** Fails the test with the rule that is broken and the rows that break it. Expects the whole outbox to be there. */
export function checkInvariants(database: DatabaseSync, nowMs: number): void {
  for (const [breach, sql] of Object.entries(breaches)) {
    const statement = database.prepare(sql);
    const rows = sql.includes("?1") ? statement.all(nowMs) : statement.all();
    expect(rows, breach).toEqual([]);
  }
  expect(replayed(database), "the outbox, replayed, is not the object").toEqual(stored(database));
}

interface Replica {
  reservations: Record<string, unknown>;
  units: Record<string, unknown>;
  effects: string[];
}

/** What somebody who only ever read the outbox believes. */
function replayed(database: DatabaseSync): Replica {
  const replica: Replica = { reservations: {}, units: {}, effects: [] };
  for (const { unit_id: unitId } of database.prepare("SELECT unit_id FROM unit").all()) {
    replica.units[String(unitId)] = "available";
  }
  for (const { body } of database.prepare("SELECT body FROM outbox ORDER BY sequence").all()) {
    const { reservations, units, effects }: OutboxBody = JSON.parse(String(body));
    for (const { reservationId, state, expiresAtMs, units: parts } of reservations) {
      const projected = parts.map(({ reservationUnitId, unitId, status, admittedAtMs, serial }) => {
        return [reservationUnitId, unitId, status, serial, admittedAtMs];
      });
      replica.reservations[reservationId] = { state, expiresAtMs, parts: projected };
    }
    for (const { unitId, state } of units) replica.units[unitId] = state;
    replica.effects.push(...effects.map(({ kind, reservationId }) => `${kind} ${reservationId}`));
  }
  replica.effects.sort();
  return replica;
}

const statuses: Record<string, string> = { held: "reserved", sold: "confirmed" };

/** What the object knows, in the same shape. */
function stored(database: DatabaseSync): Replica {
  const replica: Replica = { reservations: {}, units: {}, effects: [] };
  for (const row of database.prepare("SELECT unit_id, state FROM unit").all()) {
    replica.units[String(row["unit_id"])] = row["state"];
  }
  for (const row of database.prepare("SELECT * FROM reservation").all()) {
    const reservationId = String(row["reservation_id"]);
    const state = String(row["state"]);
    const units: { reservationUnitId: string; unitId: string }[] = JSON.parse(String(row["units"]));
    const parts = units.map(({ reservationUnitId, unitId }) => {
      const ticket = database
        .prepare("SELECT * FROM ticket WHERE reservation_unit_id = ?")
        .get(reservationUnitId);
      const admittedAtMs = ticket?.["admitted_at_ms"] ?? null;
      const status = admittedAtMs === null ? (statuses[state] ?? "cancelled") : "used";
      return [reservationUnitId, unitId, status, ticket?.["serial"] ?? 0, admittedAtMs];
    });
    replica.reservations[reservationId] = { state, expiresAtMs: row["expires_at_ms"], parts };
    if (state === "sold" || state === "refund-due")
      replica.effects.push(`deliver-tickets ${reservationId}`);
  }
  replica.effects.sort();
  return replica;
}
