// An area in plain Node: the real core, batch, group commit, store and schema over node:sqlite, with the time given to
// every command. After each command it checks what must hold of the tables whatever happened.

import { expect } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { unitStateOf } from "../../durable-objects/area-inventory/batch.ts";
import type {
  AreaSettings,
  CommandKind,
  Commands,
  Outcome,
  Refusal,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type {
  Area,
  Reservation,
  Ticket,
  UnitState,
} from "../../durable-objects/area-inventory/core/view.ts";
import type { OutboxRow } from "../../durable-objects/area-inventory/flush.ts";
import {
  type MemoryHolder,
  type Waiting,
  runTogether,
  waitingFor,
} from "../../durable-objects/area-inventory/group-commit.ts";
import { migrations } from "../../durable-objects/area-inventory/schema.ts";
import { AreaStore } from "../../durable-objects/area-inventory/store.ts";
import { migrate } from "../../durable-objects/sqlite/migrate.ts";
import { transact } from "../../durable-objects/sqlite/transact.ts";
import { checkInvariants, expectSameMemory, keepOutbox } from "./area-invariants.ts";
import { type NodeStorage, createNodeStorage } from "./node-sql-storage.ts";

export const PROFILE_ID = "organizer-1";
export const EVENT_ID = "event-1";
export const HOLD_MS = 600_000;
export const PAYMENT_WINDOW_MS = 900_000;
/** The time tests start at. */
export const START_MS = 1_900_000_000_000;

export function settingsOf(changes: Partial<AreaSettings> = {}): AreaSettings {
  return {
    profileId: PROFILE_ID,
    eventId: EVENT_ID,
    currency: "COP",
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
    unitsPerReservationMax: 6,
    isOpen: true,
    version: 1,
    ...changes,
  };
}

/**
 * A reservation's id by a name of at most 14 letters. Shaped as the Worker's: the last 4 digits give way to the numbers of
 * its units, so two ids differ before them.
 */
export function idOf(name: string): string {
  const digits = Array.from(name, (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0"));
  const stem = digits.join("").padStart(28, "0");
  if (stem.length > 28) throw new Error(`too long a name: ${name}`);
  return `${stem}ffff`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const r1 = idOf("r1");
export const r2 = idOf("r2");
export const r3 = idOf("r3");
export const r4 = idOf("r4");

/** The id of a reservation's unit, and of its ticket. */
export function ticketOf(reservationId: string, index: number): string {
  return reservationId.slice(0, -4) + index.toString(16).padStart(4, "0");
}

/** Seats in rows, of ten unless told: `unit-0` to `unit-9` in row 1, and so on. Labels are `A-row-number`. */
export function seats(count: number, first = 0, rowLength = 10): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    const position = first + index;
    const row = Math.floor(position / rowLength) + 1;
    const number = (position % rowLength) + 1;
    return { position, unitId: `unit-${position}`, row, number, label: `A-${row}-${number}` };
  });
}

/** General admission: row 0, one number after the other. Labels are `G-number`. */
export function places(count: number, first = 0): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    const position = first + index;
    const number = position + 1;
    return { position, unitId: `unit-${position}`, row: 0, number, label: `G-${number}` };
  });
}

export interface HoldRequest {
  reservationId: string;
  /** Best available units... */
  quantity?: number;
  together?: boolean;
  /** ...or these. */
  unitIds?: readonly string[];
  eventId?: string;
  firstUnitIndex?: number;
  holdMs?: number;
}

export function holdCommand({
  reservationId,
  quantity = 1,
  together,
  unitIds,
  ...rest
}: HoldRequest): Commands["place-hold"] {
  const best = { kind: "best-available" as const, quantity };
  return {
    kind: "place-hold",
    reservationId,
    eventId: EVENT_ID,
    selection:
      unitIds === undefined
        ? { ...best, ...(together !== undefined && { together }) }
        : { kind: "units", unitIds },
    firstUnitIndex: 0,
    holdMs: HOLD_MS,
    ...rest,
  };
}

export class AreaHarness {
  readonly storage: NodeStorage = createNodeStorage();
  readonly store = new AreaStore(this.storage.sql);
  /** What the shell keeps between batches. */
  readonly memory: MemoryHolder = { current: null };
  #nowMs = START_MS;

  constructor() {
    transact(this.storage, () => migrate(this.storage.sql, migrations));
    keepOutbox(this.storage.database);
  }

  /** A configured area with these units, or with so many seats in rows of ten. */
  static open(
    units: number | readonly Unit[] = 10,
    settings: Partial<AreaSettings> = {},
  ): AreaHarness {
    const area = new AreaHarness();
    area.configure(settings);
    const loaded = typeof units === "number" ? seats(units) : units;
    if (loaded.length > 0) area.load(loaded);
    return area;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  /** Lets time pass. */
  wait(milliseconds: number): void {
    this.#nowMs += milliseconds;
  }

  /** One command in a batch of its own, at the harness's time unless told otherwise. */
  run<Kind extends CommandKind>(
    kind: Kind,
    command: Commands[Kind],
    nowMs = this.#nowMs,
  ): Outcome<Kind> {
    const answers: Outcome<Kind>[] = [];
    this.drain([waitingFor(kind, command, (outcome) => answers.push(outcome))], nowMs);
    const [answer] = answers;
    if (answer === undefined || answers.length > 1)
      throw new Error(`answered ${answers.length} times`);
    return answer;
  }

  /** Commands that arrived together. */
  drain(commands: readonly Waiting[], nowMs = this.#nowMs): void {
    this.#nowMs = nowMs;
    const { storage, store, memory } = this;
    for (const answer of runTogether({ storage, store, memory, nowMs }, commands)) answer();
    checkInvariants(storage.database, nowMs);
    if (memory.current !== null) expectSameMemory(memory.current, loadMemory(store));
  }

  configure(changes: Partial<AreaSettings>) {
    return this.run("configure-area", { kind: "configure-area", settings: settingsOf(changes) });
  }
  load(units: readonly Unit[]) {
    return this.run("load-units", { kind: "load-units", units });
  }
  hold(request: HoldRequest) {
    return this.run("place-hold", holdCommand(request));
  }
  extend(reservationId: string, paymentId: string, paymentWindowMs = PAYMENT_WINDOW_MS) {
    return this.run("extend-hold", {
      kind: "extend-hold",
      reservationId,
      paymentId,
      paymentWindowMs,
    });
  }
  release(reservationId: string) {
    return this.run("release-hold", { kind: "release-hold", reservationId });
  }
  commit(reservationId: string, paymentId: string) {
    return this.run("commit-hold", { kind: "commit-hold", reservationId, paymentId });
  }
  admit(command: Partial<Omit<Commands["admit-ticket"], "kind">>) {
    const defaults = {
      scanId: "scan-1",
      profileId: PROFILE_ID,
      reservationUnitId: ticketOf(r1, 0),
      serial: 1,
      gate: "north",
    };
    return this.run("admit-ticket", { ...defaults, ...command, kind: "admit-ticket" });
  }

  area(): Area {
    const stored = this.store.loadArea();
    if (stored === null) throw new Error("the area has no settings");
    return stored.area;
  }
  counts(): Omit<Area, "settings"> {
    const { available, held, sold, blocked } = this.area();
    return { available, held, sold, blocked };
  }
  version(): number {
    return this.store.loadArea()?.sequence ?? 0;
  }
  /** As it is stored, whatever the memory says. */
  unitState(unitId: string): UnitState | undefined {
    const unit = this.store.unitsById([unitId])[0];
    return unit && unitStateOf(loadMemory(this.store).seats.stateAt(unit.position));
  }
  /** The reservation that holds a unit, or bought it. */
  ownerOf(unitId: string): string | undefined {
    const row = this.storage.database
      .prepare(
        `SELECT reservation_id FROM reservation, json_each(reservation.units) AS part
         WHERE state IN ('held', 'sold') AND part.value ->> 'unitId' = ?`,
      )
      .get(unitId);
    return row && String(row["reservation_id"]);
  }
  reservation(reservationId: string): Reservation | null {
    return this.store.reservation(reservationId);
  }
  ticket(reservationUnitId: string): Ticket | null {
    const tickets = this.store.reservationOfUnit(reservationUnitId)?.tickets ?? [];
    return tickets.find((ticket) => ticket.reservationUnitId === reservationUnitId) ?? null;
  }
  /** The blocks as they are stored: first position, and one digit a unit. */
  blocks(): { start: number; states: string }[] {
    return this.store.blocks().map(({ start, states }) => {
      return { start, states: new Uint8Array(states).join("") };
    });
  }
  outbox(): OutboxRow[] {
    return this.store.oldestOutboxRows();
  }

  /** Every row of every table. Two equal dumps mean that nothing changed. */
  dump(): Record<string, unknown> {
    const { database } = this.storage;
    const tables = database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      .all();
    return Object.fromEntries(
      tables.map(({ name }) => [
        String(name),
        database.prepare(`SELECT * FROM "${String(name)}"`).all(),
      ]),
    );
  }

  /** Expects `act` to be refused as told, and no table to change. */
  expectRefused(act: () => unknown, refusal: Refusal): void {
    this.expectUnchanged(() => expect(act()).toEqual({ ok: false, refusal }));
  }

  expectUnchanged(act: () => void): void {
    const before = this.dump();
    act();
    expect(this.dump()).toEqual(before);
  }
}

/** The units of a successful answer, by id. */
export function unitIdsOf(
  outcome: Outcome<"place-hold" | "commit-hold" | "extend-hold">,
): string[] {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.units.map((unit) => unit.unitId);
}
