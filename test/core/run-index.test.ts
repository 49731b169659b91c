import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  RUN_LENGTH_MAX,
  RunIndex,
  type BlockRuns,
  lengthOf,
  lengthsFrom,
  union,
} from "../../durable-objects/area-inventory/core/run-index.ts";

/** A block with free runs of these lengths. */
const runsOf = (lengths: readonly number[]): BlockRuns => ({
  lengths: lengths.map(lengthOf).reduce(union, { low: 0, high: 0 }),
  longest: Math.max(0, ...lengths),
});

describe("the index of run lengths", () => {
  it("[INV15] knows a set of one length, of all from a length on, and their union", () => {
    for (let length = 1; length <= RUN_LENGTH_MAX; length += 1) {
      const index = new RunIndex([runsOf([length])]);
      for (let other = 1; other <= RUN_LENGTH_MAX; other += 1) {
        expect(index.firstFrom(0, lengthOf(other))).toBe(other === length ? 0 : null);
        expect(index.firstFrom(0, lengthsFrom(other))).toBe(other <= length ? 0 : null);
      }
    }
    expect(lengthOf(RUN_LENGTH_MAX + 10)).toEqual(lengthOf(RUN_LENGTH_MAX));
  });

  it("[INV15, INV46] finds the same blocks as a look at every block, in both directions, after every change", () => {
    const set = fc.array(fc.integer({ min: 1, max: RUN_LENGTH_MAX }), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(set, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(), set), { maxLength: 10 }),
        fc.tuple(fc.nat(), set),
        (blocks, changes, [from, wanted]) => {
          const index = new RunIndex(blocks.map(runsOf));
          const now = [...blocks];
          for (const [number, lengths] of changes) {
            index.set(number % now.length, runsOf(lengths));
            now[number % now.length] = lengths;
          }
          const start = from % now.length;
          const matches = now.map((lengths) => lengths.some((length) => wanted.includes(length)));
          const after = matches.findIndex((match, block) => match && block >= start);
          const before = matches.findLastIndex((match, block) => match && block <= start);
          expect(index.firstFrom(start, runsOf(wanted).lengths)).toBe(after === -1 ? null : after);
          expect(index.lastUpTo(start, runsOf(wanted).lengths)).toBe(before === -1 ? null : before);
        },
      ),
    );
  });

  it("[INV15, INV46] knows the longest run and the first block with one of at least a length, however long", () => {
    const lengths = fc.array(fc.integer({ min: 1, max: 3 * RUN_LENGTH_MAX }), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(lengths, { minLength: 1, maxLength: 40 }),
        fc.array(fc.tuple(fc.nat(), lengths), { maxLength: 10 }),
        fc.tuple(fc.nat(), fc.integer({ min: 1, max: 3 * RUN_LENGTH_MAX })),
        (blocks, changes, [from, wanted]) => {
          const index = new RunIndex(blocks.map(runsOf));
          const now = blocks.map(runsOf);
          for (const [number, changed] of changes) {
            index.set(number % now.length, runsOf(changed));
            now[number % now.length] = runsOf(changed);
          }
          const start = from % now.length;
          const found = now.findIndex(({ longest }, block) => longest >= wanted && block >= start);
          expect(index.firstOfAtLeast(start, wanted)).toBe(found === -1 ? null : found);
          expect(index.longest()).toBe(Math.max(...now.map(({ longest }) => longest)));
        },
      ),
    );
  });
});
