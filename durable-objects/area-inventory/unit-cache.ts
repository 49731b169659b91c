// The units of the blocks that were sold from last, kept in memory: best available gives out neighbours, so the next hold
// nearly always finds its units here. Units never change, so a copy is never wrong; only the newest blocks are kept.

import type { Unit } from "./core/commands.ts";
import type { AreaStore } from "./store.ts";

/** At most this many blocks: some ten thousand units. */
const BLOCKS_MAX = 32;

export class UnitCache {
  readonly #store: AreaStore;
  readonly #blocks = new Map<number, ReadonlyMap<number, Unit>>();

  constructor(store: AreaStore) {
    this.#store = store;
  }

  /** The unit at a position of this block. `range` is the block's first position and its length. */
  unitAt(position: number, block: number, range: { start: number; length: number }): Unit {
    const units = this.#blocks.get(block) ?? this.#load(block, range);
    const unit = units.get(position);
    if (unit === undefined) throw new Error(`no unit at position ${position}`);
    return unit;
  }

  #load(block: number, { start, length }: { start: number; length: number }) {
    const units = new Map(
      this.#store.unitsAfter(start - 1, length).map((unit) => [unit.position, unit]),
    );
    this.#blocks.set(block, units);
    const oldest = this.#blocks.keys().next();
    if (this.#blocks.size > BLOCKS_MAX && oldest.done !== true) this.#blocks.delete(oldest.value);
    return units;
  }
}
