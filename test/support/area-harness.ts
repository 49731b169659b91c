// An area in plain Node: the real core, batch, group commit, store and schema over node:sqlite, with the time given to
// every command. After each command it checks what must hold of the tables whatever happened.

import { expect } from "vitest";
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
  type Waiting,
  runTogether,
  waitingFor,
} from "../../durable-objects/area-inventory/group-commit.ts";
import { migrations } from "../../durable-objects/area-inventory/schema.ts";
import { AreaStore } from "../../durable-objects/area-inventory/store.ts";
import { migrate } from "../../durable-objects/sqlite/migrate.ts";
import { transact } from "../../durable-objects/sqlite/transact.ts";
import { checkInvariants } from "./area-invariants.ts";
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

/** Seats in rows of ten: `unit-0` to `unit-9` in row 1, and so on. Labels are `A-row-number`. */
export function seats(count: number, first = 0): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    const position = first + index;
    const row = Math.floor(position / 10) + 1;
    const number = (position % 10) + 1;
    return { position, unitId: `unit-${position}`, row, number, label: `A-${row}-${number}` };
  });
}

export interface HoldRequest {
  reservationId: string;
  /** Units in order of sale... */
  quantity?: number;
  /** ...or these. */
  unitIds?: readonly string[];
  eventId?: string;
  holdMs?: number;
}

/** A hold with ids as the Worker mints them: the same reservation always has the same ones. */
export function holdCommand({
  reservationId,
  quantity = 1,
  unitIds,
  ...rest
}: HoldRequest): Commands["place-hold"] {
  const count = unitIds?.length ?? quantity;
  return {
    kind: "place-hold",
    reservationId,
    eventId: EVENT_ID,
    selection:
      unitIds === undefined ? { kind: "best-available", quantity } : { kind: "units", unitIds },
    reservationUnitIds: Array.from(
      { length: Math.max(0, count) },
      (_, index) => `${reservationId}-ticket-${index}`,
    ),
    holdMs: HOLD_MS,
    ...rest,
  };
}

export class AreaHarness {
  readonly storage: NodeStorage = createNodeStorage();
  readonly store = new AreaStore(this.storage.sql);
  #nowMs = START_MS;

  constructor() {
    transact(this.storage, () => migrate(this.storage.sql, migrations));
  }

  /** A configured area with `units` seats. */
  static open(units = 10, settings: Partial<AreaSettings> = {}): AreaHarness {
    const area = new AreaHarness();
    area.configure(settings);
    if (units > 0) area.run("load-units", { kind: "load-units", units: seats(units) });
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
    for (const answer of runTogether({ storage: this.storage, store: this.store, nowMs }, commands))
      answer();
    checkInvariants(this.storage.database, nowMs);
  }

  configure(changes: Partial<AreaSettings>) {
    return this.run("configure-area", { kind: "configure-area", settings: settingsOf(changes) });
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
      reservationUnitId: "r1-ticket-0",
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
  unitState(unitId: string): UnitState | undefined {
    return this.store.unitsById([unitId])[0]?.state;
  }
  reservation(reservationId: string): Reservation | null {
    return this.store.reservation(reservationId);
  }
  ticket(reservationUnitId: string): Ticket | null {
    return this.store.ticket(reservationUnitId);
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
