// An area in plain Node: the real core, batch, group commit, store and schema over node:sqlite, with the time given to
// every command. After each command it checks what must hold of the tables whatever happened.

import { expect } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { unitStateOf } from "../../durable-objects/area-inventory/unit-states.ts";
import type {
  AreaSettings,
  CommandKind,
  Commands,
  Outcome,
  PoolTerms,
  Refusal,
  Reservation,
  Ticket,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { reservationIdStem } from "../../durable-objects/area-inventory/core/reservation-unit-id.ts";
import type { Area, UnitState } from "../../durable-objects/area-inventory/core/view.ts";
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
import {
  type HoldRequest,
  type Wanted,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  START_MS,
  holdCommand,
  poolOf,
  r1,
  seats,
  selectionOf,
  settingsOf,
  ticketOf,
} from "./area-fixtures.ts";
import { checkInvariants, expectSameMemory, keepOutbox } from "./area-invariants.ts";
import { type NodeStorage, createNodeStorage } from "./node-sql-storage.ts";

export * from "./area-fixtures.ts";

type ScanRequest = Partial<Omit<Commands["admit-ticket"], "kind">>;

const firstScan = {
  scanId: "scan-1",
  profileId: PROFILE_ID,
  reservationUnitId: ticketOf(r1, 0),
  serial: 1,
  gate: "north",
};

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

  /** A pool with these terms. */
  static pool(terms: Partial<PoolTerms> = {}, settings: Partial<AreaSettings> = {}): AreaHarness {
    return AreaHarness.open(0, { ...settings, pool: poolOf(terms) });
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
    const ids = { reservationId, paymentId };
    return this.run("extend-hold", { kind: "extend-hold", ...ids, paymentWindowMs });
  }
  /** As `extend`, by a payer who is known. */
  extendFor(reservationId: string, paymentId: string, buyerId: string) {
    const ids = { reservationId, paymentId, buyerId };
    const paymentWindowMs = PAYMENT_WINDOW_MS;
    return this.run("extend-hold", { kind: "extend-hold", ...ids, paymentWindowMs });
  }
  release(reservationId: string) {
    return this.run("release-hold", { kind: "release-hold", reservationId });
  }
  commit(reservationId: string, paymentId: string) {
    return this.run("commit-hold", { kind: "commit-hold", reservationId, paymentId });
  }
  /** Of a pool's sold part only so much stays. */
  keep(reservationId: string, paymentId: string, quantityKept: number) {
    const command = { reservationId, paymentId, quantityKept };
    return this.run("return-part", { kind: "return-part", ...command });
  }
  /** Held and paid for at once. */
  buy(request: HoldRequest) {
    this.hold(request);
    return this.commit(request.reservationId, `payment of ${request.reservationId}`);
  }
  admit(scan: ScanRequest) {
    return this.run("admit-ticket", { ...firstScan, ...scan, kind: "admit-ticket" });
  }
  exit(scan: ScanRequest) {
    return this.run("exit-ticket", { ...firstScan, ...scan, kind: "exit-ticket" });
  }
  reserve(reservationId: string, wanted: Wanted) {
    const selection = selectionOf(wanted);
    return this.run("reserve-units", { kind: "reserve-units", reservationId, selection });
  }
  block(commandId: string, unitIds: readonly string[]) {
    return this.run("block-units", { kind: "block-units", commandId, unitIds });
  }
  unblock(commandId: string, unitIds: readonly string[]) {
    return this.run("unblock-units", { kind: "unblock-units", commandId, unitIds });
  }
  /** All tickets of `r1`, whose units are for sale again, unless told otherwise. */
  cancel(commandId: string, changes: Partial<Omit<Commands["cancel-tickets"], "kind">> = {}) {
    const defaults = { commandId, reservationId: r1, unitsBecome: "available" as const };
    return this.run("cancel-tickets", { ...defaults, ...changes, kind: "cancel-tickets" });
  }
  reissue(commandId: string, reservationUnitId = ticketOf(r1, 0)) {
    return this.run("reissue-ticket", { kind: "reissue-ticket", commandId, reservationUnitId });
  }
  loadCodes(codes: readonly string[]) {
    return this.run("load-codes", { kind: "load-codes", codes });
  }
  restore(
    reservations: readonly Reservation[],
    changes: { sequenceAtLeast?: number; isMending?: boolean } = {},
  ) {
    const command = { reservations, sequenceAtLeast: 0, ...changes };
    return this.run("restore-reservations", { ...command, kind: "restore-reservations" });
  }
  expire() {
    return this.run("expire-holds", { kind: "expire-holds" });
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
         WHERE state IN ('held', 'sold') AND part.value ->> 'unitId' = ?
           AND NOT EXISTS (SELECT * FROM json_each(reservation.tickets) AS ticket
             WHERE ticket.value ->> 'reservationUnitId' = part.value ->> 'reservationUnitId'
               AND ticket.value ->> 'cancelledAtMs' IS NOT NULL)`,
      )
      .get(unitId);
    return row && String(row["reservation_id"]);
  }
  reservation(reservationId: string): Reservation | null {
    return this.store.reservation(reservationId);
  }
  ticket(reservationUnitId: string): Ticket | null {
    const tickets =
      this.store
        .reservationsByStem([reservationIdStem(reservationUnitId)])
        .find(({ units }) => units.some((unit) => unit.reservationUnitId === reservationUnitId))
        ?.tickets ?? [];
    return tickets.find((ticket) => ticket.reservationUnitId === reservationUnitId) ?? null;
  }
  /** How much of a limited quantity is taken; null when nothing of it ever was. */
  taken(key: string): number | null {
    return this.store.quota(key);
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
  outcome: Outcome<"place-hold" | "commit-hold" | "extend-hold" | "reserve-units">,
): string[] {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.units.map((unit) => unit.unitId);
}
