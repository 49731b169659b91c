// What must hold of an object's tables, asked of the tables themselves: after every batch for what it touched, after a
// restart and at the end for everything.

import { isDeepStrictEqual } from "node:util";
import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import { type AreaModel, unitIdsOf } from "./area-model.ts";
import { checkOutbox } from "./checks-of-outbox.ts";
import { checkQuotas } from "./checks-of-quotas.ts";
import { checkTickets } from "./checks-of-tickets.ts";
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
  const sequence = database.number(
    "SELECT coalesce(max(sequence), 0) FROM (SELECT sequence FROM area UNION ALL SELECT sequence FROM outbox)",
  );
  if (!model.hasChanged && rowsWritten > 0)
    referee.object("INV3", `nothing was to change, but ${rowsWritten} rows were written`);
  const wanted = model.hasChanged
    ? Math.max(sequenceBefore, model.sequenceAtLeast) + 1
    : sequenceBefore;
  if (batches === 1 && sequence !== wanted)
    referee.object("INV7", `version ${sequenceBefore} became ${sequence}, not ${wanted}`);
  if (model.hasChanged || batches > 1) {
    checkArea(referee, checked);
    for (const reservationId of model.touched) checkReservation(referee, checked, reservationId);
    checkQuotas(referee, checked);
    checkTickets(referee, model);
    checkOutbox(referee, checked, { sequenceBefore, batches });
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
  checkQuotas(referee, checked);
  checkTickets(referee, model);
  checkCommands(referee, checked);
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
  if (states.size !== model.units.length)
    referee.object("INV1", `${states.size} bytes for ${model.units.length} units`);
  for (const { position, unitId } of model.units) {
    const [stored, wanted] = [states.get(position), model.stateOf(unitId)];
    if (stored !== wanted)
      referee.object("INV1", `${unitId} is stored as ${stored}, not ${wanted}`);
  }
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
      ...(row["details"] !== null && parse(row["details"])),
    }
  );
}

/** What came back after its time ends with the next batch. */
function checkExpiry(referee: Referee, { database, model }: Checked, nowMs: number): void {
  const late = database
    .all(
      "SELECT reservation_id FROM reservation WHERE state = 'held' AND expires_at_ms <= ?",
      nowMs,
    )
    .filter((row) => !model.restored.has(String(row["reservation_id"])));
  if (late.length > 0) referee.object("INV5", `outlived its time: ${JSON.stringify(late)}`);
}

/** Each held or sold unit is of exactly one living reservation. */
function checkOwners(referee: Referee, { database }: Checked): void {
  const owners = new Map<string, string>();
  const living = database.all("SELECT * FROM reservation WHERE state IN ('held', 'sold')");
  for (const row of living) {
    const id = String(row["reservation_id"]);
    const units: Reservation["units"] = JSON.parse(String(row["units"]));
    const tickets: Reservation["tickets"] = JSON.parse(String(row["tickets"]));
    for (const unitId of unitIdsOf({ units, tickets })) {
      const other = owners.get(unitId);
      if (other !== undefined) referee.object("INV1", `${unitId} is of ${other} and of ${id}`);
      owners.set(unitId, id);
    }
  }
}

/** What each command id was told, for when it comes again. */
function checkCommands(referee: Referee, { database, model }: Checked): void {
  const rows = database.all("SELECT command_id, outcome FROM command");
  const found = new Map(rows.map((row) => [String(row["command_id"]), parse(row["outcome"])]));
  const expected = new Map([...model.commands].map(([id, { outcome }]) => [id, outcome]));
  expectEqual(referee, "INV72", { what: "commands", found, expected });
}

function areaOf(model: AreaModel): object {
  return { settings: model.settings, ...model.counts() };
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

function parse(text: unknown): object {
  const value: object = JSON.parse(String(text));
  return value;
}
