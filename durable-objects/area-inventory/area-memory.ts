// What an object keeps in memory between batches: the area's row, the state of every seat and when holds end. A copy of the store, made
// anew from it at the first use and whenever a transaction failed. Nothing here is true that is not stored, but for which
// units changed lately: that begins anew with each copy.

import { type Block, BLOCK_UNITS_MAX, SeatMap } from "./core/seat-map.ts";
import type { Unit } from "./core/commands.ts";
import { ExpiryQueue } from "./expiry-queue.ts";
import { RecentChanges } from "./recent-changes.ts";
import type { BlockRow } from "./rows.ts";
import type { AreaStore, StoredArea } from "./store.ts";
import { UnitCache } from "./unit-cache.ts";

export interface AreaMemory {
  stored: StoredArea | null;
  expiries: ExpiryQueue;
  seats: SeatMap;
  units: UnitCache;
  recent: RecentChanges;
}

export function loadMemory(store: AreaStore): AreaMemory {
  const stored = store.loadArea();
  return {
    ...loadSeats(store),
    stored,
    expiries: new ExpiryQueue(store.expiriesOfHolds()),
    recent: new RecentChanges(stored?.sequence ?? 0),
  };
}

/** The part that new units change. */
export function loadSeats(store: AreaStore): Pick<AreaMemory, "seats" | "units"> {
  const rows = store.blocks();
  const blocks: Block[] = rows.map(({ start, row_number, states }) => {
    return { start, length: states.byteLength, isGeneral: row_number === 0 };
  });
  const last = rows.at(-1);
  const bytes = new Uint8Array(last === undefined ? 0 : last.start + last.states.byteLength);
  for (const { start, states } of rows) bytes.set(new Uint8Array(states), start);
  return { seats: new SeatMap(blocks, bytes), units: new UnitCache(store) };
}

/**
 * Stores the blocks that new units make, growing the last block where they go on side by side. `units` come in order of
 * position, after all that are there: blocks are numbered in that order.
 */
export function addBlocks(store: AreaStore, units: readonly Unit[]): void {
  let open = store.lastBlock();
  let states = open === null ? [] : [...new Uint8Array(open.states)];
  const first = units[0];
  if (open !== null && first !== undefined && first.position < open.start + states.length)
    throw new Error(`unit ${first.position} comes after later ones`);
  const save = () => {
    if (open !== null) store.saveBlock({ ...open, states: Uint8Array.from(states).buffer });
  };
  for (const unit of units) {
    if (open !== null && goesOn(open, states.length, unit)) {
      open = { ...open, last_number: unit.number };
      states.push(0);
      continue;
    }
    save();
    open = blockFrom(unit, open === null ? 0 : open.block + 1);
    states = [0];
  }
  save();
}

function goesOn(block: BlockRow, length: number, unit: Unit): boolean {
  return (
    length < BLOCK_UNITS_MAX &&
    block.start + length === unit.position &&
    block.row_number === unit.row &&
    block.last_number + 1 === unit.number
  );
}

function blockFrom(unit: Unit, block: number): BlockRow {
  return {
    block,
    start: unit.position,
    row_number: unit.row,
    last_number: unit.number,
    states: new ArrayBuffer(0),
  };
}
