// What must hold of an area after every batch, asked of the tables in SQL: INV1, INV2, INV5, INV7, INV51, INV62, INV66, INV68
// and INV71.

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { expect } from "vitest";
import type { AreaMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import type { InventoryEffect } from "../../durable-objects/area-inventory/core/commands.ts";
import type { OutboxBody } from "../../durable-objects/area-inventory/flush.ts";

/**
 * `seat`: every unit with the state that its block's bytes have for it. `ticket`: every ticket. `part`: every unit a
 * reservation names, and whether its ticket was cancelled. `use`: what counts of limited quantities.
 */
const views = `
  WITH seat AS MATERIALIZED (
    SELECT unit.*, block, CASE hex(substr(states, unit.position - start + 1, 1))
      WHEN '00' THEN 'available' WHEN '01' THEN 'held' WHEN '02' THEN 'sold' WHEN '03' THEN 'blocked' END AS state
    FROM unit JOIN block ON unit.position >= start AND unit.position < start + length(states)
  ), ticket AS MATERIALIZED (
    SELECT reservation_id, value ->> 'reservationUnitId' AS reservation_unit_id, value ->> 'serial' AS serial,
      value ->> 'cancelledAtMs' IS NOT NULL AS is_cancelled, value ->> 'admittedAtMs' IS NOT NULL AS is_admitted
    FROM reservation, json_each(reservation.tickets)
  ), part AS MATERIALIZED (
    SELECT reservation.reservation_id, state, value ->> 'reservationUnitId' AS reservation_unit_id,
      value ->> 'unitId' AS unit_id, value ->> 'position' AS position, value ->> 'priceInCents' AS price,
      coalesce(value ->> 'discountInCents', 0) AS discount, coalesce(is_cancelled, 0) AS is_cancelled
    FROM reservation, json_each(reservation.units) LEFT JOIN ticket
      ON ticket.reservation_id = reservation.reservation_id AND ticket.reservation_unit_id = value ->> 'reservationUnitId'
  ), use AS MATERIALIZED (
    SELECT value ->> 'key' AS key, value ->> 'quantity' AS quantity
    FROM reservation, json_each(reservation.details, '$.uses') WHERE state IN ('held', 'sold', 'cancelled')
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
    SELECT * FROM (SELECT * FROM seat WHERE state IN ('held', 'sold')) AS seat LEFT JOIN
      (SELECT unit_id, position, state, count(*) AS owners FROM part WHERE NOT is_cancelled GROUP BY 1, 2, 3) AS owned
      USING (unit_id, position, state) WHERE owners IS NOT 1`,
  "a living reservation's unit whose byte says otherwise": `
    SELECT part.* FROM part LEFT JOIN seat ON seat.unit_id = part.unit_id
    WHERE part.state IN ('held', 'sold') AND NOT is_cancelled AND seat.state IS NOT part.state`,
  "a sold byte without exactly one valid ticket, or a valid ticket without its sold byte": `
    SELECT seat.unit_id, valid.unit_id FROM (SELECT * FROM seat WHERE state = 'sold') AS seat
    FULL JOIN (SELECT unit_id FROM part JOIN ticket USING (reservation_unit_id) WHERE NOT ticket.is_cancelled) AS valid
      USING (unit_id) GROUP BY 1, 2 HAVING count(*) <> 1 OR seat.unit_id IS NULL OR valid.unit_id IS NULL`,
  "a sold or cancelled reservation whose tickets are not its units, or another one with tickets": `
    SELECT coalesce(part.reservation_id, ticket.reservation_id), part.reservation_unit_id, ticket.reservation_unit_id
    FROM (SELECT * FROM part WHERE state IN ('sold', 'cancelled')) AS part
    FULL JOIN ticket USING (reservation_id, reservation_unit_id)
    WHERE part.unit_id IS NULL OR ticket.serial IS NULL`,
  "a cancelled reservation with a valid ticket, or a sold one with none but cancelled tickets": `
    SELECT reservation_id, state FROM part WHERE state IN ('sold', 'cancelled')
    GROUP BY 1 HAVING (state = 'cancelled') <> (min(is_cancelled) = 1)`,
  "a ticket that was admitted and cancelled":
    "SELECT * FROM ticket WHERE is_admitted AND is_cancelled",
  "a pool's part with units or tickets, or a reservation of units without any": `
    SELECT * FROM reservation WHERE (selection ->> 'kind' = 'pool') <> (units = '[]')
      OR (selection ->> 'kind' = 'pool' AND tickets <> '[]')`,
  "a limited quantity of which other than the uses of reservations is taken": `
    SELECT * FROM (SELECT key, sum(quantity) AS used FROM use GROUP BY key) FULL JOIN quota USING (key)
    WHERE coalesce(taken, 0) <> coalesce(used, 0)`,
  "a use of less than nothing": "SELECT * FROM use WHERE quantity < 0",
  "a price below zero": "SELECT * FROM part WHERE price < 0 OR discount < 0",
  "a discount that is not spread evenly": `
    SELECT reservation_id FROM part GROUP BY 1 HAVING max(discount) - min(discount) > 1`,
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
};

/** Keeps every outbox row, also once it was sent. In temporary tables, which no dump shows. */
export function keepOutbox(database: DatabaseSync): void {
  database.exec(`
    CREATE TEMP TABLE told (sequence INTEGER, body TEXT);
    CREATE TEMP TRIGGER tell AFTER INSERT ON main.outbox BEGIN
      INSERT INTO told VALUES (new.sequence, new.body);
    END`);
}

// To prepare a query takes longer than to run it, and what the views name is made once for all queries in one statement.
const prepared = new WeakMap<DatabaseSync, StatementSync>();

function findBreaches(database: DatabaseSync, nowMs: number): string[] {
  let statement = prepared.get(database);
  if (statement === undefined) {
    const queries = Object.values(breaches).map(
      (sql, index) => `SELECT ${index} AS breach WHERE EXISTS (${sql})`,
    );
    statement = database.prepare(`${views} ${queries.join(" UNION ALL ")}`);
    prepared.set(database, statement);
  }
  const names = Object.keys(breaches);
  return statement.all(nowMs).map(({ breach }) => names[Number(breach)] ?? "");
}

/** Fails the test with the rule that is broken and the rows that break it. */
export function checkInvariants(database: DatabaseSync, nowMs: number): void {
  for (const breach of findBreaches(database, nowMs)) {
    const sql = `${views} ${breaches[breach] ?? ""}`;
    const statement = database.prepare(sql);
    expect(sql.includes("?1") ? statement.all(nowMs) : statement.all(), breach).toEqual([]);
  }
  expect(replayed(database), "the outbox, replayed, is not the object").toEqual(stored(database));
}

/** Two memories know the same: the area, every byte, and which units are best. */
export function expectSameMemory(kept: AreaMemory, fresh: AreaMemory): void {
  const known = [kept, fresh].map(({ stored: area, seats, expiries }) => ({
    area,
    holds: expiries.held(),
    firstExpiryMs: expiries.firstMs(),
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
  const effects: InventoryEffect[] = [];
  const cancelled = new Set<string>();
  for (const row of database.prepare("SELECT * FROM told ORDER BY sequence").all()) {
    const body: OutboxBody = JSON.parse(String(row["body"]));
    const { reservations, units } = body;
    for (const each of [...reservations, ...units]) expect(each.version).toBe(row["sequence"]);
    for (const reservation of reservations) seen.set(reservation.reservationId, reservation);
    for (const { unitId, state } of units) {
      if (state === "sold" || state === "blocked") replica.units[unitId] = state;
      else delete replica.units[unitId];
    }
    effects.push(...body.effects);
  }
  for (const { version: _version, ...reservation } of seen.values()) {
    replica.reservations[reservation.reservationId] = reservation;
    if (reservation.state === "cancelled") cancelled.add(reservation.reservationId);
    if (reservation.state !== "held" && reservation.state !== "sold") continue;
    const revoked = new Set(
      reservation.tickets
        .filter(({ cancelledAtMs }) => cancelledAtMs !== undefined)
        .map(({ reservationUnitId }) => reservationUnitId),
    );
    for (const { unitId, reservationUnitId } of reservation.units)
      if (!revoked.has(reservationUnitId)) replica.taken[unitId] = reservation.state;
  }
  // A sale that was cancelled had its effect; one that comes back from Postgres as cancelled has none.
  const stands = ({ reservationId }: InventoryEffect) => !cancelled.has(reservationId);
  replica.effects = effects
    .filter(stands)
    .map(({ kind, reservationId }) => `${kind} ${reservationId}`);
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
    const details = row["details"] === null ? {} : parse("details");
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
      ...(typeof details === "object" && details),
    };
    // A pool's part has no tickets to deliver.
    if ((state === "sold" && row["units"] !== "[]") || state === "refund-due")
      replica.effects.push(`deliver-tickets ${reservationId}`);
  }
  replica.effects.sort();
  return replica;
}
