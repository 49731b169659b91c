// What must hold of an area after every batch, asked of the tables in SQL: INV1, INV2, INV5, INV7 and INV51.

import type { DatabaseSync } from "node:sqlite";
import { expect } from "vitest";
import type { AreaMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import type { OutboxBody } from "../../durable-objects/area-inventory/flush.ts";

/** `seat`: every unit with the state that its block's bytes have for it. `part`: every unit a reservation names. */
const views = `
  WITH seat AS MATERIALIZED (
    SELECT unit.*, block, CASE hex(substr(states, unit.position - start + 1, 1))
      WHEN '00' THEN 'available' WHEN '01' THEN 'held' WHEN '02' THEN 'sold' WHEN '03' THEN 'blocked' END AS state
    FROM unit JOIN block ON unit.position >= start AND unit.position < start + length(states)
  ), part AS MATERIALIZED (
    SELECT reservation_id, state, value ->> 'reservationUnitId' AS reservation_unit_id, value ->> 'unitId' AS unit_id,
      value ->> 'position' AS position
    FROM reservation, json_each(reservation.units)
  ), ticket AS MATERIALIZED (
    SELECT reservation_id, value ->> 'reservationUnitId' AS reservation_unit_id, value ->> 'serial' AS serial
    FROM reservation, json_each(reservation.tickets)
  )`;

/** Each query finds what breaks a rule: none may have a row. `?1` is now. */
const breaches: Record<string, string> = {
  "a unit without exactly one byte, or a byte without a unit": `
    SELECT * FROM (SELECT (SELECT count(*) FROM unit) AS units, (SELECT count(*) FROM seat) AS seats,
      (SELECT coalesce(sum(length(states)), 0) FROM block) AS bytes) WHERE units <> seats OR units <> bytes`,
  "a byte that is no state": "SELECT * FROM seat WHERE state IS NULL",
  "a stored count that is not the number of units in that state": `
    SELECT * FROM (
      SELECT 'available' AS state, available AS stored FROM area UNION ALL SELECT 'held', held FROM area
      UNION ALL SELECT 'sold', sold FROM area UNION ALL SELECT 'blocked', blocked FROM area
    ) AS counted WHERE stored <> (SELECT count(*) FROM seat WHERE seat.state = counted.state)`,
  "a held or sold byte that is not of exactly one reservation in that state": `
    SELECT seat.*, count(part.unit_id) AS owners FROM seat LEFT JOIN part
      ON part.unit_id = seat.unit_id AND part.position = seat.position AND part.state = seat.state
    WHERE seat.state IN ('held', 'sold') GROUP BY seat.position HAVING owners <> 1`,
  "a living reservation's unit whose byte says otherwise": `
    SELECT part.* FROM part LEFT JOIN seat ON seat.unit_id = part.unit_id
    WHERE part.state IN ('held', 'sold') AND seat.state IS NOT part.state`,
  "a sold reservation whose tickets are not its units, or another one with tickets": `
    SELECT coalesce(part.reservation_id, ticket.reservation_id), part.reservation_unit_id, ticket.reservation_unit_id
    FROM (SELECT * FROM part WHERE state = 'sold') AS part FULL JOIN ticket USING (reservation_id, reservation_unit_id)
    WHERE part.unit_id IS NULL OR ticket.serial IS NULL`,
  "two tickets with one id": `
    SELECT reservation_unit_id FROM ticket GROUP BY 1 HAVING count(*) > 1`,
  "a reserved unit whose id is not its reservation's, but for the last 4 digits": `
    SELECT * FROM part
    WHERE substr(reservation_unit_id, 1, length(reservation_unit_id) - 4) <> substr(reservation_id, 1, length(reservation_id) - 4)`,
  "a block that is too long, or not of one row with consecutive numbers": `
    SELECT block.block FROM block JOIN seat USING (block) GROUP BY block.block
    HAVING length(states) > 512 OR min(seat.row_number) <> block.row_number OR max(seat.row_number) <> block.row_number
      OR max(number - position) <> min(number - position) OR max(number) <> last_number OR min(position) <> start`,
  "blocks that do not come in order": `
    SELECT later.block FROM block JOIN block AS later ON later.block = block.block + 1
    WHERE later.start < block.start + length(block.states)`,
  "a hold that has outlived its time":
    "SELECT * FROM reservation WHERE state = 'held' AND expires_at_ms <= ?1",
  "an outbox row newer than the area":
    "SELECT sequence FROM outbox WHERE sequence > (SELECT sequence FROM area)",
};

/** Keeps every outbox row, also once it was sent. In temporary tables, which no dump shows. */
export function keepOutbox(database: DatabaseSync): void {
  database.exec(`
    CREATE TEMP TABLE told (sequence INTEGER, body TEXT);
    CREATE TEMP TRIGGER tell AFTER INSERT ON main.outbox BEGIN
      INSERT INTO told VALUES (new.sequence, new.body);
    END`);
}

/** Fails the test with the rule that is broken and the rows that break it. */
export function checkInvariants(database: DatabaseSync, nowMs: number): void {
  for (const [breach, sql] of Object.entries(breaches)) {
    const statement = database.prepare(`${views} ${sql}`);
    const rows = sql.includes("?1") ? statement.all(nowMs) : statement.all();
    expect(rows, breach).toEqual([]);
  }
  expect(replayed(database), "the outbox, replayed, is not the object").toEqual(stored(database));
}

/** Two memories know the same: the area, every byte, and which units are best. */
export function expectSameMemory(kept: AreaMemory, fresh: AreaMemory): void {
  const known = [kept, fresh].map(({ stored: area, seats }) => ({
    area,
    blocks: blocksOf(seats),
    best: [1, 2, 3, 6].flatMap((quantity) => [
      seats.findBest(quantity, { together: false }),
      seats.findBest(quantity, { together: true }),
    ]),
  }));
  expect(known[0], "the memory is not what is stored").toEqual(known[1]);
}

function blocksOf(seats: AreaMemory["seats"]): string[] {
  const blocks: string[] = [];
  for (;;) {
    try {
      blocks.push(seats.statesOf(blocks.length).join(""));
    } catch {
      return blocks;
    }
  }
}

interface Replica {
  /** Each as its JSON has it. */
  reservations: Record<string, unknown>;
  /** As the rows of the units themselves say: held and available are the same there. */
  units: Record<string, string>;
  /** As it follows from the reservations alone. */
  taken: Record<string, string>;
  effects: string[];
}

/** What somebody who only ever read the outbox believes. */
function replayed(database: DatabaseSync): Replica {
  const replica: Replica = { reservations: {}, units: {}, taken: {}, effects: [] };
  const seen = new Map<string, OutboxBody["reservations"][number]>();
  for (const row of database.prepare("SELECT * FROM told ORDER BY sequence").all()) {
    const { reservations, units, effects }: OutboxBody = JSON.parse(String(row["body"]));
    for (const each of [...reservations, ...units]) expect(each.version).toBe(row["sequence"]);
    for (const reservation of reservations) seen.set(reservation.reservationId, reservation);
    for (const { unitId, state } of units) {
      if (state === "sold" || state === "blocked") replica.units[unitId] = state;
      else delete replica.units[unitId];
    }
    replica.effects.push(...effects.map(({ kind, reservationId }) => `${kind} ${reservationId}`));
  }
  for (const { version: _version, ...reservation } of seen.values()) {
    replica.reservations[reservation.reservationId] = reservation;
    if (reservation.state !== "held" && reservation.state !== "sold") continue;
    for (const { unitId } of reservation.units) replica.taken[unitId] = reservation.state;
  }
  replica.effects.sort();
  return replica;
}

/** What the object knows, in the same shape. */
function stored(database: DatabaseSync): Replica {
  const replica: Replica = { reservations: {}, units: {}, taken: {}, effects: [] };
  for (const row of database.prepare(`${views} SELECT unit_id, state FROM seat`).all()) {
    const [unitId, state] = [String(row["unit_id"]), String(row["state"])];
    if (state === "sold" || state === "blocked") replica.units[unitId] = state;
    if (state === "sold" || state === "held") replica.taken[unitId] = state;
  }
  for (const row of database.prepare("SELECT * FROM reservation").all()) {
    const reservationId = String(row["reservation_id"]);
    const state = String(row["state"]);
    const parse = (column: string): unknown => JSON.parse(String(row[column]));
    replica.reservations[reservationId] = {
      reservationId,
      state,
      selection: parse("selection"),
      holdExpiresAtMs: row["hold_expires_at_ms"],
      expiresAtMs: row["expires_at_ms"],
      paymentId: row["payment_id"],
      unitsReplaced: row["units_replaced"] === 1,
      units: parse("units"),
      tickets: parse("tickets"),
    };
    if (state === "sold" || state === "refund-due")
      replica.effects.push(`deliver-tickets ${reservationId}`);
  }
  replica.effects.sort();
  return replica;
}
