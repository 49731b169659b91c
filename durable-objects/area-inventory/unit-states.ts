// The states of units by name and as the bytes of their seats, and what follows from both: lists and counts. Pure.

import type { AreaTally, UnitStatus } from "./contract.ts";
import type { Unit } from "./core/commands.ts";
import {
  AVAILABLE,
  BLOCKED,
  HELD,
  SOLD,
  type SeatMap,
  type SeatState,
  toSeatState,
} from "./core/seat-map.ts";
import type { AreaCounts, UnitState } from "./core/view.ts";
import type { BlockRow } from "./rows.ts";

/** A seat's byte by the name of its state. */
export const seatStateOf: Record<UnitState, SeatState> = {
  available: AVAILABLE,
  held: HELD,
  sold: SOLD,
  blocked: BLOCKED,
};
const unitStates: readonly UnitState[] = ["available", "held", "sold", "blocked"];

/** A seat's state by its name. */
export function unitStateOf(state: SeatState): UnitState {
  const name = unitStates[state];
  if (name === undefined) throw new Error(`no such state: ${state}`);
  return name;
}

/** Units with the states of their seats. */
export function statusesOf(units: readonly Unit[], seats: SeatMap): UnitStatus[] {
  return units.map(({ position, unitId, label }) => {
    return { position, unitId, label, state: unitStateOf(seats.stateAt(position)) };
  });
}

/** The stored counts beside the bytes of all blocks, counted. */
export function tallyOf(
  { available, held, sold, blocked }: AreaCounts,
  blocks: readonly BlockRow[],
): AreaTally {
  const counted: AreaCounts = { available: 0, held: 0, sold: 0, blocked: 0 };
  for (const { states } of blocks) {
    for (const state of new Uint8Array(states)) counted[unitStateOf(toSeatState(state))] += 1;
  }
  return { stored: { available, held, sold, blocked }, counted };
}
