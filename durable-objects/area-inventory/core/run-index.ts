// Finds blocks of seats by the lengths of their free runs, in the order of sale. Each block's lengths are a set of bits, and
// beside it the longest of them; a tree of both over all blocks answers "the first block from here that has one of these
// lengths", or one of at least a length, in a number of steps that grows with the logarithm of the number of blocks. Knows no
// seats, only blocks and lengths.

/** In a set, runs of this length and longer count as one length. */
export const RUN_LENGTH_MAX = 64;

/** A set of run lengths from 1 to `RUN_LENGTH_MAX`: bits 0 to 31 of `low`, then of `high`. */
export interface LengthSet {
  low: number;
  high: number;
}

/** What the index knows of a block. */
export interface BlockRuns {
  lengths: LengthSet;
  /** However long it is; 0 when nothing is free. */
  longest: number;
}

export const anyLength: LengthSet = { low: ~0, high: ~0 };

/** The set of one length, cut to `RUN_LENGTH_MAX`. */
export function lengthOf(length: number): LengthSet {
  const bit = Math.min(length, RUN_LENGTH_MAX) - 1;
  return bit < 32 ? { low: 1 << bit, high: 0 } : { low: 0, high: 1 << (bit - 32) };
}

/** All lengths from `length` on. */
export function lengthsFrom(length: number): LengthSet {
  const bit = Math.min(length, RUN_LENGTH_MAX) - 1;
  return bit < 32 ? { low: ~0 << bit, high: ~0 } : { low: 0, high: ~0 << (bit - 32) };
}

export function union(left: LengthSet, right: LengthSet): LengthSet {
  return { low: left.low | right.low, high: left.high | right.high };
}

export class RunIndex {
  /** Leaves of the tree, a power of two; leaf `i` is node `leaves + i`, node 1 is the root. */
  readonly #leaves: number;
  readonly #low: Int32Array;
  readonly #high: Int32Array;
  readonly #longest: Int32Array;

  constructor(blocks: readonly BlockRuns[]) {
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, blocks.length)));
    this.#low = new Int32Array(2 * this.#leaves);
    this.#high = new Int32Array(2 * this.#leaves);
    this.#longest = new Int32Array(2 * this.#leaves);
    for (const [block, runs] of blocks.entries()) this.#put(this.#leaves + block, runs);
    for (let node = this.#leaves - 1; node > 0; node -= 1) this.#gather(node);
  }

  /** Replaces what is known of one block. */
  set(block: number, runs: BlockRuns): void {
    let node = this.#leaves + block;
    this.#put(node, runs);
    for (node >>= 1; node > 0; node >>= 1) this.#gather(node);
  }

  /** The longest run of all blocks; 0 when nothing is free. */
  longest(): number {
    return this.#longest[1] ?? 0;
  }

  /** The first block at or after `from` with one of these lengths; null when there is none. */
  firstFrom(from: number, wanted: LengthSet): number | null {
    return this.#search(from, this.#hasOneOf(wanted), 1);
  }

  /** The last block at or before `from` with one of these lengths; null when there is none. */
  lastUpTo(from: number, wanted: LengthSet): number | null {
    return this.#search(from, this.#hasOneOf(wanted), -1);
  }

  /** The first block at or after `from` with a run of at least this length, however long; null when there is none. */
  firstOfAtLeast(from: number, length: number): number | null {
    return this.#search(from, (node) => (this.#longest[node] ?? 0) >= length, 1);
  }

  // Climbs from the leaf until a neighbouring subtree on the wanted side has a match, then descends into it.
  #search(from: number, matches: (node: number) => boolean, direction: 1 | -1): number | null {
    if (from < 0 || from >= this.#leaves) return null;
    const nearChild = direction === 1 ? 0 : 1;
    let node = this.#leaves + from;
    while (!matches(node)) {
      while ((node & 1) !== nearChild) {
        node >>= 1;
        if (node <= 1) return null;
      }
      if (node === 1) return null;
      node += direction;
    }
    while (node < this.#leaves) {
      const near = 2 * node + nearChild;
      node = matches(near) ? near : near + direction;
    }
    return node - this.#leaves;
  }

  #hasOneOf({ low, high }: LengthSet): (node: number) => boolean {
    return (node) => (((this.#low[node] ?? 0) & low) | ((this.#high[node] ?? 0) & high)) !== 0;
  }

  #put(node: number, { lengths, longest }: BlockRuns): void {
    this.#low[node] = lengths.low;
    this.#high[node] = lengths.high;
    this.#longest[node] = longest;
  }

  #gather(node: number): void {
    this.#low[node] = (this.#low[2 * node] ?? 0) | (this.#low[2 * node + 1] ?? 0);
    this.#high[node] = (this.#high[2 * node] ?? 0) | (this.#high[2 * node + 1] ?? 0);
    this.#longest[node] = Math.max(this.#longest[2 * node] ?? 0, this.#longest[2 * node + 1] ?? 0);
  }
}
