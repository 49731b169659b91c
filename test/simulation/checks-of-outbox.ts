// What a batch left for Postgres: in one row each touched reservation as it is now, the units whose own state lasts, and
// the tickets that are to go out; all under the row's number.

import { isDeepStrictEqual } from "node:util";
import type { OutboxBody } from "../../durable-objects/area-inventory/flush.ts";
import type { AreaModel } from "./area-model.ts";
import type { ObjectDatabase } from "./object-storage.ts";
import type { Referee } from "./referee.ts";

export function checkOutbox(
  referee: Referee,
  { database, model }: { database: ObjectDatabase; model: AreaModel },
  { sequenceBefore, batches }: { sequenceBefore: number; batches: number },
): void {
  const reservations = new Map<string, object>();
  const units = new Map<string, string>();
  const announced: string[] = [];
  const rows = database.all(
    "SELECT sequence, body FROM outbox WHERE sequence > ? ORDER BY sequence",
    sequenceBefore,
  );
  for (const { sequence, body } of rows) {
    const told: OutboxBody = JSON.parse(String(body));
    for (const { version, ...reservation } of told.reservations) {
      reservations.set(reservation.reservationId, reservation);
      mustBe(referee, sequence, version);
    }
    for (const { unitId, state, version } of told.units) {
      units.set(unitId, state);
      mustBe(referee, sequence, version);
    }
    announced.push(...told.effects.map(({ reservationId }) => reservationId));
  }
  const isTold = model.touched.size + model.toldUnits.size > 0;
  if (batches === 1 && rows.length !== (isTold ? 1 : 0))
    referee.object("INV7", `${rows.length} outbox rows of one batch`);

  const expect = (what: string, found: unknown, expected: unknown) => {
    if (referee.violation !== null || isDeepStrictEqual(found, expected)) return;
    referee.object(
      "INV7",
      `${what} of the batch: ${wordsOf(found)}\n  expected ${wordsOf(expected)}`,
    );
  };
  expect(
    "reservations",
    reservations,
    new Map([...model.touched].map((id) => [id, model.reservations.get(id)] as const)),
  );
  expect(
    "units",
    units,
    new Map([...model.toldUnits].map((unitId) => [unitId, model.stateOf(unitId)] as const)),
  );
  expect("deliveries", announced, model.announced);
}

function mustBe(referee: Referee, sequence: unknown, version: number): void {
  if (version !== sequence)
    referee.object("INV7", `row ${String(sequence)} carries version ${version}`);
}

function wordsOf(value: unknown): string {
  return JSON.stringify(value instanceof Map ? Object.fromEntries(value) : value);
}
