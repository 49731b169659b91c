// What a decision may look at, and what it may ask to be changed. Interfaces only: the store implements
// the view, so a decision costs the same in an area of a hundred units and of a million.

import type {
  AreaSettings,
  CommandKind,
  InventoryEffect,
  Outcome,
  Reservation,
  Unit,
} from "./commands.ts";

export type { Reservation, Ticket } from "./commands.ts";

export interface AreaCounts {
  available: number;
  held: number;
  sold: number;
  blocked: number;
}

export interface Area extends AreaCounts {
  settings: AreaSettings;
}

export type UnitState = "available" | "held" | "sold" | "blocked";

export interface UnitRecord extends Unit {
  state: UnitState;
}

export interface View {
  /** Null until the area was configured. */
  area(): Area | null;
  reservation(reservationId: string): Reservation | null;
  /** The reservation one of whose units has this id. */
  reservationOfUnit(reservationUnitId: string): Reservation | null;
  /** The best free units, as `SeatMap.findBest` chooses them; null when there are none such. */
  bestUnits(quantity: number, options: { together: boolean }): UnitRecord[] | null;
  /** In order of position; unknown ids are left out. */
  unitsById(unitIds: readonly string[]): UnitRecord[];
  unitsAtPositions(positions: readonly number[]): UnitRecord[];
  /** Free units side by side as near as can be to a position, else the nearest ones; null when there are not that many. */
  unitsNear(position: number, quantity: number): UnitRecord[] | null;
  /** How much of a limited quantity is held and sold; null when it was never heard of. */
  taken(key: string): number | null;
  /** What a command with this id asked for, and what it was told. */
  remembered<Kind extends CommandKind>(
    commandId: string,
  ): { content: string; outcome: Outcome<Kind> } | null;
  /** Held reservations whose time is over at `nowMs`, oldest first. */
  holdsDue(nowMs: number): Reservation[];
}

export type Change =
  | { kind: "settings"; settings: AreaSettings }
  | { kind: "units-added"; units: readonly Unit[] }
  | { kind: "unit-state"; positions: readonly number[]; state: UnitState }
  | { kind: "reservation"; reservation: Reservation }
  /** Postgres hears of these units again, whatever state they are in; they keep it. */
  | { kind: "units-told-again"; positions: readonly number[] }
  /** More or less of a limited quantity is taken; by 0 makes it known. */
  | { kind: "quota"; key: string; by: number }
  | { kind: "command"; commandId: string; content: string; outcome: Outcome<CommandKind> }
  /** The area's number goes on after this one, so that what is written from now on is newer. */
  | { kind: "sequence"; atLeast: number };

/** A decision: the answer, what to write with it, and what to do outside afterwards. */
export interface Decision<Answer> {
  outcome: Answer;
  changes: readonly Change[];
  effects: readonly InventoryEffect[];
}

/** A decision that changes nothing: a refusal, or an answer given before. */
export function unchanged<Answer>(outcome: Answer): Decision<Answer> {
  return { outcome, changes: [], effects: [] };
}
