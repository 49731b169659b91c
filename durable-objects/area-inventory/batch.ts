// One drained batch of commands: the view the core decides on, the changes it asked for, and at the end one outbox row
// for all of them. Lives inside one transaction. It writes to the memory as it goes, so when the transaction fails the
// memory must be thrown away.

import type { AreaSettings, CommandKind, Outcome, Unit } from "./core/commands.ts";
import { reservationIdStem } from "./core/reservation-unit-id.ts";
import type {
  Area,
  AreaCounts,
  Change,
  Reservation,
  UnitRecord,
  UnitState,
  View,
} from "./core/view.ts";
import type { InventoryEffect, ProjectedUnit } from "./contract.ts";
import { type AreaMemory, addBlocks, loadSeats } from "./area-memory.ts";
import { readJson } from "./rows.ts";
import type { AreaStore } from "./store.ts";
import { seatStateOf, unitStateOf } from "./unit-states.ts";

/** What a decision sees in an area that was never configured: nothing. */
export const emptyView: View = {
  area: () => null,
  reservation: () => null,
  reservationOfUnit: () => null,
  bestUnits: () => null,
  unitsNear: () => null,
  taken: () => null,
  remembered: () => null,
  unitsById: () => [],
  unitsAtPositions: () => [],
  holdsDue: () => [],
};

/** What Postgres hears of a unit itself; a hold it hears of with the reservation. */
function lasts(state: UnitState): boolean {
  return state === "sold" || state === "blocked";
}

export class Batch implements View {
  readonly #store: AreaStore;
  readonly #memory: AreaMemory;
  readonly #blocks = new Set<number>();
  readonly #reservations = new Map<string, Reservation>();
  /** What was read ahead, by what their ids begin with. */
  readonly #expected = new Map<string, Reservation[]>();
  readonly #units = new Map<number, UnitState>();
  readonly #quotas = new Map<string, number>();
  readonly #commands = new Map<string, { content: string; outcome: string }>();
  readonly #effects: InventoryEffect[] = [];
  /** Where states changed; null when a follower must look at the area anew. */
  #moved: number[] | null = [];
  #changed = false;
  /** Settings, a count, or the number by more than one. */
  #isAreaChanged = false;

  constructor(store: AreaStore, memory: AreaMemory) {
    this.#store = store;
    this.#memory = memory;
  }

  area(): Area | null {
    return this.#memory.stored?.area ?? null;
  }

  /**
   * Reads at once what the batch's commands will ask for, by ids of reservations or of their units: a statement for each would
   * cost more than the rows.
   */
  expect(ids: readonly string[]): void {
    const stems = [...new Set(ids.map(reservationIdStem))];
    for (const stem of stems) this.#expected.set(stem, []);
    for (const reservation of stems.length === 0 ? [] : this.#store.reservationsByStem(stems))
      this.#expected.get(reservationIdStem(reservation.reservationId))?.push(reservation);
  }

  reservation(reservationId: string): Reservation | null {
    return (
      this.#reservations.get(reservationId) ??
      this.#stored(reservationId).find((stored) => stored.reservationId === reservationId) ??
      null
    );
  }

  reservationOfUnit(reservationUnitId: string): Reservation | null {
    const hasUnit = ({ units }: Reservation) =>
      units.some((unit) => unit.reservationUnitId === reservationUnitId);
    const stored = this.#stored(reservationUnitId).find(hasUnit);
    if (stored !== undefined) return this.#reservations.get(stored.reservationId) ?? stored;
    return [...this.#reservations.values()].find(hasUnit) ?? null;
  }

  /** As they were before this batch: those whose id, or whose units' ids, begin like this one. */
  #stored(id: string): readonly Reservation[] {
    const stem = reservationIdStem(id);
    return this.#expected.get(stem) ?? this.#store.reservationsByStem([stem]);
  }

  bestUnits(quantity: number, options: { together: boolean }): UnitRecord[] | null {
    const positions = this.#memory.seats.findBest(quantity, options);
    return positions && this.#unitsOfMemory(positions);
  }

  unitsNear(position: number, quantity: number): UnitRecord[] | null {
    const positions = this.#memory.seats.findNear(position, quantity);
    return positions && this.#unitsOfMemory(positions);
  }

  taken(key: string): number | null {
    return this.#quotas.get(key) ?? this.#store.quota(key);
  }

  remembered<Kind extends CommandKind>(
    commandId: string,
  ): { content: string; outcome: Outcome<Kind> } | null {
    const known = this.#commands.get(commandId) ?? this.#store.command(commandId);
    return known && { content: known.content, outcome: readJson<Outcome<Kind>>(known.outcome) };
  }

  unitsById(unitIds: readonly string[]): UnitRecord[] {
    return this.#store.unitsById(unitIds).map((unit) => this.#withState(unit));
  }

  unitsAtPositions(positions: readonly number[]): UnitRecord[] {
    return this.#store.unitsAtPositions(positions).map((unit) => this.#withState(unit));
  }

  holdsDue(nowMs: number): Reservation[] {
    const ids = this.#memory.expiries.due(nowMs);
    const stored = ids.length === 0 ? [] : this.#store.reservations(ids);
    const byId = new Map(stored.map((each) => [each.reservationId, each] as const));
    return ids.flatMap((id) => this.#reservations.get(id) ?? byId.get(id) ?? []);
  }

  /** Takes what one decision asked for; the next decision of the batch sees it. */
  save(changes: readonly Change[], effects: readonly InventoryEffect[]): void {
    for (const change of changes) this.#apply(change);
    this.#effects.push(...effects);
  }

  /** Writes what the batch touched and its outbox row, which is of this time. */
  close(atMs: number): void {
    const { stored, seats, recent } = this.#memory;
    if (!this.#changed || stored === null) return;
    stored.sequence += 1;
    const { sequence } = stored;
    recent.add(sequence, this.#moved);
    const isTold = this.#reservations.size > 0 || this.#units.size > 0;
    // A scan or a payment changes no count: its outbox row has the number, and the area's row is not paid for.
    if (this.#isAreaChanged || !isTold) this.#store.saveArea(stored);
    for (const block of this.#blocks) {
      this.#store.saveBlockStates(block, seats.statesOf(block).slice().buffer);
    }
    this.#store.saveQuotas(this.#quotas);
    this.#store.saveCommands(this.#commands);
    if (!isTold) return;
    const touched = [...this.#reservations.values()];
    for (const reservation of touched) this.#store.saveReservation(reservation);
    const reservations = touched.map((reservation) => ({ ...reservation, version: sequence }));
    const units = this.#projectedUnits(sequence);
    this.#store.addOutboxRow({
      sequence,
      body: { atMs, reservations, units, effects: this.#effects },
    });
  }

  #apply(change: Change): void {
    this.#changed = true;
    switch (change.kind) {
      case "settings":
        this.#setSettings(change.settings);
        return;
      case "units-added":
        this.#addUnits(change.units);
        return;
      case "unit-state":
        this.#setUnitState(change.positions, change.state);
        return;
      case "reservation":
        this.#reservations.set(change.reservation.reservationId, change.reservation);
        this.#memory.expiries.note(change.reservation);
        return;
      case "units-told-again":
        for (const position of change.positions)
          this.#units.set(position, unitStateOf(this.#memory.seats.stateAt(position)));
        return;
      case "quota":
        this.#setQuota(change.key, change.by);
        return;
      case "command":
        this.#commands.set(change.commandId, {
          content: change.content,
          outcome: JSON.stringify(change.outcome),
        });
        return;
      case "sequence":
        this.#goOnAfter(change.atLeast);
        return;
      default:
        change satisfies never;
    }
  }

  #setSettings(settings: AreaSettings): void {
    this.#isAreaChanged = true;
    const { stored } = this.#memory;
    const counts = stored?.area ?? { available: 0, held: 0, sold: 0, blocked: 0 };
    this.#memory.stored = { sequence: stored?.sequence ?? 0, area: { ...counts, settings } };
  }

  #goOnAfter(sequence: number): void {
    this.#isAreaChanged = true;
    this.#moved = null;
    const { stored } = this.#memory;
    if (stored !== null) stored.sequence = Math.max(stored.sequence, sequence);
  }

  #setQuota(key: string, by: number): void {
    this.#quotas.set(key, (this.taken(key) ?? 0) + by);
  }

  #addUnits(units: readonly Unit[]): void {
    this.#moved = null;
    // Blocks touched so far are stored first: the memory is made anew from what is stored.
    for (const block of this.#blocks) {
      this.#store.saveBlockStates(block, this.#memory.seats.statesOf(block).slice().buffer);
    }
    this.#store.addUnits(units);
    addBlocks(this.#store, units);
    Object.assign(this.#memory, loadSeats(this.#store));
    this.#count("available", units.length);
  }

  #setUnitState(positions: readonly number[], state: UnitState): void {
    for (const position of positions) {
      const before = unitStateOf(this.#memory.seats.stateAt(position));
      this.#count(before, -1);
      this.#moved?.push(position);
      if (lasts(before) || lasts(state) || this.#units.has(position))
        this.#units.set(position, state);
    }
    const touched = this.#memory.seats.setState(positions, seatStateOf[state]);
    for (const block of touched) this.#blocks.add(block);
    this.#count(state, positions.length);
  }

  #count(state: keyof AreaCounts, units: number): void {
    const { stored } = this.#memory;
    if (stored === null) throw new Error("units of an area without settings");
    stored.area[state] += units;
    this.#isAreaChanged = true;
  }

  #projectedUnits(version: number): ProjectedUnit[] {
    const positions = [...this.#units.keys()];
    if (positions.length === 0) return [];
    return this.#store.unitsAtPositions(positions).flatMap(({ unitId, position }) => {
      const state = this.#units.get(position);
      return state === undefined ? [] : [{ unitId, state, version }];
    });
  }

  #unitsOfMemory(positions: readonly number[]): UnitRecord[] {
    const { seats, units } = this.#memory;
    return positions.map((position) => {
      const block = seats.blockOf(position);
      return this.#withState(units.unitAt(position, block, seats.rangeOf(block)));
    });
  }

  #withState(unit: Unit): UnitRecord {
    return { ...unit, state: unitStateOf(this.#memory.seats.stateAt(unit.position)) };
  }
}
