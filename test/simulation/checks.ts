// What must hold of an object's tables, asked of the tables themselves: after every batch for what it touched, after a
// restart and at the end for everything.

import { isDeepStrictEqual } from "node:util";
import type { Availability, UnitStatus } from "../../durable-objects/area-inventory/contract.ts";
import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";
import type { Turn } from "./object-life.ts";
import type { ObjectDatabase } from "./object-storage.ts";
import type { Referee } from "./referee.ts";

interface Checked {
  areaId: string;
  database: ObjectDatabase;
  model: AreaModel;
}

const stateNames = ["available", "held", "sold", "blocked"] as const;

/** The area's version after the batch. */
export function checkBatch(
  referee: Referee,
  checked: Checked,
  facts: Turn & { sequenceBefore: number },
): number {
  const { database, model } = checked;
  const { nowMs, batches, rowsWritten, sequenceBefore } = facts;
  const sequence = database.number("SELECT coalesce(max(sequence), 0) FROM area");
  if (!model.hasChanged && rowsWritten > 0)
    referee.object("INV3", `nothing was to change, but ${rowsWritten} rows were written`);
  if (batches === 1 && sequence !== sequenceBefore + (model.hasChanged ? 1 : 0))
    referee.object("INV7", `version ${sequenceBefore} became ${sequence}`);
  if (model.hasChanged || batches > 1) {
    checkArea(referee, checked);
    for (const reservationId of model.touched) checkReservation(referee, checked, reservationId);
    checkOutbox(referee, checked, { sequenceBefore });
  }
  if (batches > 0) checkExpiry(referee, checked, nowMs);
  return sequence;
}

/** Every row of every table. */
export function checkAll(referee: Referee, checked: Checked): void {
  const { database, model } = checked;
  if (!database.hasTables()) {
    if (model.settings !== null) referee.object("INV3", "the object lost its tables");
    return;
  }
  checkArea(referee, checked);
  const rows = database.all("SELECT reservation_id FROM reservation");
  if (rows.length !== model.reservations.size)
    referee.object("INV3", `${rows.length} reservations stored of ${model.reservations.size}`);
  for (const reservationId of model.reservations.keys())
    checkReservation(referee, checked, reservationId);
  checkOwners(referee, checked);
}

/** What a caller was shown, from the object's memory and from its tables. */
export function checkStates(
  referee: Referee,
  { model }: Checked,
  seen: { availability: Availability | null; units: readonly UnitStatus[] },
): void {
  const shown = seen.units.map(({ unitId, state }) => `${unitId} ${state}`);
  const expected = model.units.map(({ unitId }) => `${unitId} ${model.stateOf(unitId)}`);
  if (!isDeepStrictEqual(shown, expected))
    referee.object("INV1", `shown ${shown.join(", ")}\n  expected ${expected.join(", ")}`);
  if (seen.availability === null) {
    if (model.settings !== null) referee.object("INV3", "an area with settings was not shown");
    return;
  }
  const { version: _version, ...area } = seen.availability;
  expectEqual(referee, "INV2", { what: "availability", found: area, expected: areaOf(model) });
}

function checkArea(referee: Referee, { database, model }: Checked): void {
  const [row] = database.all("SELECT settings, available, held, sold, blocked FROM area");
  const found = row && { ...row, settings: parse(row["settings"]) };
  const expected = model.settings === null ? undefined : areaOf(model);
  expectEqual(referee, "INV2", { what: "area row", found, expected });

  const states = new Map<number, string>();
  for (const { start, states: bytes } of database.all("SELECT start, states FROM block")) {
    if (!(bytes instanceof ArrayBuffer)) throw new Error("a block without bytes");
    for (const [offset, state] of new Uint8Array(bytes).entries())
      states.set(Number(start) + offset, stateNames[state] ?? `byte ${state}`);
  }
  const units = new Map(model.units.map((unit) => [unit.position, model.stateOf(unit.unitId)]));
  expectEqual(referee, "INV1", { what: "states by position", found: states, expected: units });
}

function checkReservation(referee: Referee, { database, model }: Checked, id: string): void {
  const found = storedReservation(database, id);
  const expected = model.reservations.get(id);
  expectEqual(referee, "INV3", { what: `reservation ${id}`, found, expected });
}

function storedReservation(database: ObjectDatabase, id: string): object | undefined {
  const [row] = database.all("SELECT * FROM reservation WHERE reservation_id = ?", id);
  return (
    row && {
      reservationId: row["reservation_id"],
      state: row["state"],
      selection: parse(row["selection"]),
      holdExpiresAtMs: row["hold_expires_at_ms"],
      expiresAtMs: row["expires_at_ms"],
      paymentId: row["payment_id"],
      unitsReplaced: row["units_replaced"] === 1,
      units: parse(row["units"]),
      tickets: parse(row["tickets"]),
    }
  );
}

/** The batch's rows: each touched reservation as it is now, each under the row's number, and nothing else. */
function checkOutbox(
  referee: Referee,
  { database, model }: Checked,
  { sequenceBefore }: { sequenceBefore: number },
): void {
  const told = new Map<string, object>();
  const rows = database.all(
    "SELECT sequence, body FROM outbox WHERE sequence > ? ORDER BY sequence",
    sequenceBefore,
  );
  for (const { sequence, body } of rows) {
    const { reservations }: { reservations: (Reservation & { version: number })[] } = JSON.parse(
      String(body),
    );
    for (const { version, ...reservation } of reservations) {
      told.set(reservation.reservationId, reservation);
      if (version !== sequence)
        referee.object("INV7", `row ${String(sequence)} carries version ${version}`);
    }
  }
  const expected = new Map(
    [...model.touched].map((id) => [id, model.reservations.get(id)] as const),
  );
  expectEqual(referee, "INV7", { what: "outbox of the batch", found: told, expected });
}

function checkExpiry(referee: Referee, { database }: Checked, nowMs: number): void {
  const late = database.all(
    "SELECT reservation_id FROM reservation WHERE state = 'held' AND expires_at_ms <= ?",
    nowMs,
  );
  if (late.length > 0) referee.object("INV5", `outlived its time: ${JSON.stringify(late)}`);
}

/** Each held or sold unit is of exactly one living reservation. */
function checkOwners(referee: Referee, { database }: Checked): void {
  const twice = database.all(
    `SELECT value ->> 'unitId' AS unit_id, group_concat(reservation_id) AS reservations
     FROM reservation, json_each(reservation.units) WHERE state IN ('held', 'sold')
     GROUP BY 1 HAVING count(*) > 1`,
  );
  if (twice.length > 0) referee.object("INV1", `given away twice: ${JSON.stringify(twice)}`);
}

function areaOf(model: AreaModel): object {
  return {
    settings: model.settings,
    available: model.count("available"),
    held: model.count("held"),
    sold: model.count("sold"),
    blocked: model.count("blocked"),
  };
}

function expectEqual(
  referee: Referee,
  rule: string,
  { what, found, expected }: { what: string; found: unknown; expected: unknown },
): void {
  if (referee.violation !== null || isDeepStrictEqual(found, expected)) return;
  referee.object(rule, `${what}: ${wordsOf(found)}\n  expected ${wordsOf(expected)}`);
}

function wordsOf(value: unknown): string {
  return JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
}

function parse(text: unknown): unknown {
  return JSON.parse(String(text));
}
