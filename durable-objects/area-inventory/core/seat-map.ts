// The state of every unit of an area, in memory: which are free, and where to find the best ones. A copy of what the
// store keeps, rebuilt from it; no I/O. All costs grow with the logarithm of the area or with the length of one block.

import {
  type BlockRuns,
  RUN_LENGTH_MAX,
  RunIndex,
  anyLength,
  lengthOf,
  lengthsFrom,
  union,
} from "./run-index.ts";

/** Units that can sit side by side: neighbouring positions of one row with consecutive numbers. */
export interface Block {
  /** Position of its first unit. Blocks come in order; a position between two of them belongs to no unit. */
  start: number;
  length: number;
  /** General admission: any free unit is as good as its neighbour. */
  isGeneral: boolean;
}

/** A longer row is more than one block, so that no step of a hold grows with the area. */
export const BLOCK_UNITS_MAX = 512;

export const AVAILABLE = 0;
export const HELD = 1;
export const SOLD = 2;
export const BLOCKED = 3;
export type SeatState = typeof AVAILABLE | typeof HELD | typeof SOLD | typeof BLOCKED;

export class SeatMap {
  readonly #blocks: readonly Block[];
  /** One byte a unit, by position. */
  readonly #states: Uint8Array;
  readonly #runs: RunIndex;

  /** `states` holds one `SeatState` a unit, by position, and belongs to the map from now on. */
  constructor(blocks: readonly Block[], states: Uint8Array) {
    this.#blocks = blocks;
    this.#states = states;
    this.#runs = new RunIndex(blocks.map((block) => this.#runsOf(block)));
  }

  stateAt(position: number): SeatState {
    return toSeatState(this.#states[position]);
  }

  /** Sets units to a state; the numbers of the blocks they are in. */
  setState(positions: readonly number[], state: SeatState): Set<number> {
    const touched = new Set<number>();
    for (const position of positions) {
      if (position < 0 || position >= this.#states.length)
        throw new Error(`no unit at position ${position}`);
      this.#states[position] = state;
      touched.add(this.blockOf(position));
    }
    for (const block of touched) this.#runs.set(block, this.#runsOf(this.#block(block)));
    return touched;
  }

  /** The states of one block, one byte a unit. */
  statesOf(block: number): Uint8Array {
    const { start, length } = this.#block(block);
    return this.#states.slice(start, start + length);
  }

  /** Where a block begins and how many units it has. */
  rangeOf(block: number): { start: number; length: number } {
    return this.#block(block);
  }

  blockOf(position: number): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#block(middle).start <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /**
   * The positions of the best `quantity` free units. General admission: the next free ones. Seats: side by side without leaving a single free seat next to them, else
   * side by side, else in the nearest rows, unless they must be `together`. Null when there are no such units.
   */
  findBest(quantity: number, { together }: { together: boolean }): number[] | null {
    const first = this.#runs.firstFrom(0, anyLength);
    if (first === null) return null;
    if (this.#block(first).isGeneral) return this.#collectFrom(first, quantity);
    const run =
      this.#firstRun(quantity, { isTidy: true }) ?? this.#firstRun(quantity, { isTidy: false });
    if (run !== null) return run;
    return together ? null : this.#findNearest(quantity);
  }

  /** Side by side in the block of `position`, as near to it as can be; else what is free there and then nearest to it. */
  findNear(position: number, quantity: number): number[] | null {
    const block = this.blockOf(position);
    const starts = this.#freeRuns(this.#block(block))
      .filter(({ length }) => length >= quantity)
      .map(({ start, length }) => Math.min(Math.max(position, start), start + length - quantity));
    const nearest = starts.toSorted(
      (left, right) => Math.abs(left - position) - Math.abs(right - position),
    )[0];
    if (nearest === undefined) return this.#collectFrom(block, quantity);
    return Array.from({ length: quantity }, (_, offset) => nearest + offset);
  }

  /** In the first run that fits; when it must be tidy, in the first that leaves no single seat. */
  #firstRun(quantity: number, { isTidy }: { isTidy: boolean }): number[] | null {
    const fitting = isTidy
      ? union(lengthOf(quantity), lengthsFrom(quantity + 2))
      : lengthsFrom(quantity);
    // Of longer runs the sets cannot tell whether one fits: those that may are looked at in turn.
    const nextFrom = (from: number) =>
      quantity + 2 <= RUN_LENGTH_MAX
        ? this.#runs.firstFrom(from, fitting)
        : this.#runs.firstOfAtLeast(from, quantity);
    for (let block = nextFrom(0); block !== null; block = nextFrom(block + 1)) {
      const run = this.#runIn(block, quantity, isTidy);
      if (run !== null) return run;
    }
    return null;
  }

  /** Without a run long enough: the longest run there is, then what is free closest to it. */
  #findNearest(quantity: number): number[] | null {
    const block = this.#runs.firstOfAtLeast(0, this.#runs.longest());
    return block === null ? null : this.#collectFrom(block, quantity);
  }

  /** Free units of `origin` and then of the blocks nearest to it on either side. */
  #collectFrom(origin: number, quantity: number): number[] | null {
    const found = this.#freeIn(origin, quantity);
    let after = this.#runs.firstFrom(origin + 1, anyLength);
    let before = this.#runs.lastUpTo(origin - 1, anyLength);
    while (found.length < quantity && (after !== null || before !== null)) {
      const goesOn = before === null || (after !== null && after - origin < origin - before);
      const next = goesOn ? after : before;
      if (next === null) return null;
      found.push(...this.#freeIn(next, quantity - found.length));
      if (goesOn) after = this.#runs.firstFrom(next + 1, anyLength);
      else before = this.#runs.lastUpTo(next - 1, anyLength);
    }
    return found.length < quantity ? null : found.toSorted((left, right) => left - right);
  }

  #freeIn(block: number, limit: number): number[] {
    const { start, length } = this.#block(block);
    const found: number[] = [];
    for (let position = start; position < start + length && found.length < limit; position += 1) {
      if (this.#states[position] === AVAILABLE) found.push(position);
    }
    return found;
  }

  /** The first run of the block that fits; when it must be tidy, one that leaves no single seat. */
  #runIn(block: number, quantity: number, mustBeTidy: boolean): number[] | null {
    for (const run of this.#freeRuns(this.#block(block))) {
      if (run.length < quantity || (mustBeTidy && run.length === quantity + 1)) continue;
      return Array.from({ length: quantity }, (_, offset) => run.start + offset);
    }
    return null;
  }

  #runsOf(block: Block): BlockRuns {
    const runs: BlockRuns = { lengths: { low: 0, high: 0 }, longest: 0 };
    for (const { length } of this.#freeRuns(block)) {
      runs.lengths = union(runs.lengths, lengthOf(length));
      runs.longest = Math.max(runs.longest, length);
    }
    return runs;
  }

  #freeRuns({ start, length }: Block): { start: number; length: number }[] {
    const runs: { start: number; length: number }[] = [];
    let runStart = start;
    for (let position = start; position <= start + length; position += 1) {
      if (position < start + length && this.#states[position] === AVAILABLE) continue;
      if (position > runStart) runs.push({ start: runStart, length: position - runStart });
      runStart = position + 1;
    }
    return runs;
  }

  #block(block: number): Block {
    const found = this.#blocks[block];
    if (found === undefined) throw new Error(`no block ${block}`);
    return found;
  }
}

export function toSeatState(value: number | undefined): SeatState {
  if (value === AVAILABLE || value === HELD || value === SOLD || value === BLOCKED) return value;
  throw new Error("no unit at this position");
}
