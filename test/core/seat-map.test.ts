// Best available: the rule by examples, and the index against a search that looks at every seat.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { RUN_LENGTH_MAX } from "../../durable-objects/area-inventory/core/run-index.ts";
import {
  AVAILABLE,
  BLOCKED,
  HELD,
  SOLD,
  type Block,
  SeatMap,
} from "../../durable-objects/area-inventory/core/seat-map.ts";

/** One string a row: `.` is free, `x` is taken. */
function mapOf(rows: readonly string[], isGeneral = false): SeatMap {
  const blocks: Block[] = [];
  const states: number[] = [];
  for (const row of rows) {
    blocks.push({ start: states.length, length: row.length, isGeneral });
    states.push(...Array.from(row, (seat) => (seat === "." ? AVAILABLE : SOLD)));
  }
  return new SeatMap(blocks, Uint8Array.from(states));
}

const apart = { together: false };
const together = { together: true };

describe("best available seats", () => {
  it("[INV15] are the first side by side, in order of sale", () => {
    expect(mapOf(["....", "...."]).findBest(2, apart)).toEqual([0, 1]);
  });

  it("[INV15] leave no single free seat next to them where that is possible", () => {
    // Taking two of the three would strand one; the second row's four leave two.
    expect(mapOf(["...x", "...."]).findBest(2, apart)).toEqual([4, 5]);
    expect(mapOf([".x..", "x..x"]).findBest(2, apart)).toEqual([2, 3]);
    expect(mapOf(["...", ".."]).findBest(2, apart)).toEqual([3, 4]);
  });

  it("[INV15] strand a seat rather than separate the party", () => {
    expect(mapOf(["...", "x.x"]).findBest(2, apart)).toEqual([0, 1]);
  });

  it("[INV46] are in the nearest rows when no row has enough, starting where most are together", () => {
    expect(mapOf([".x.", "x..", "...", "x.x"]).findBest(4, apart)).toEqual([4, 6, 7, 8]);
    expect(mapOf([".", "xx", "..", "."]).findBest(4, apart)).toEqual([0, 3, 4, 5]);
  });

  it("[INV46] are in the nearer row before or behind, and at the same distance in the earlier one", () => {
    expect(mapOf([".", "x", "..", "."]).findBest(3, apart)).toEqual([2, 3, 4]);
    expect(mapOf([".", "..", "x", "."]).findBest(3, apart)).toEqual([0, 1, 2]);
    expect(mapOf([".", "..", "."]).findBest(3, apart)).toEqual([0, 1, 2]);
  });

  it("[INV46] are refused rather than separated when they must be together", () => {
    expect(mapOf(["..", ".."]).findBest(3, together)).toBeNull();
    expect(mapOf(["..", ".."]).findBest(2, together)).toEqual([0, 1]);
  });

  it("[INV15, INV46] are none when there are not enough", () => {
    expect(mapOf([".x", "x."]).findBest(3, apart)).toBeNull();
    expect(mapOf(["xx"]).findBest(1, apart)).toBeNull();
    expect(mapOf([]).findBest(1, apart)).toBeNull();
  });

  it("[INV47] are the next free ones in general admission", () => {
    expect(mapOf([".x.", "..."], true).findBest(4, apart)).toEqual([0, 2, 3, 4]);
  });

  it("[INV15, INV47] are side by side once the general admission before them is sold out", () => {
    const blocks = [
      { start: 0, length: 2, isGeneral: true },
      { start: 2, length: 3, isGeneral: false },
      { start: 5, length: 2, isGeneral: false },
    ];
    const map = new SeatMap(blocks, new Uint8Array(7));
    expect(map.findBest(2, apart)).toEqual([0, 1]);
    map.setState([0, 1, 3], SOLD);
    expect(map.findBest(2, apart)).toEqual([5, 6]);
  });

  it("[INV15] come back when they are free again", () => {
    const map = mapOf(["....", "...."]);
    expect([...map.setState([0, 1], SOLD)]).toEqual([0]);
    expect(map.findBest(2, apart)).toEqual([2, 3]);
    map.setState([0, 1], AVAILABLE);
    expect(map.findBest(2, apart)).toEqual([0, 1]);
  });

  it("[INV1] refuse a position that does not exist", () => {
    expect(() => mapOf([".."]).setState([2], SOLD)).toThrow("no unit at position 2");
    expect(() => mapOf([".."]).setState([-1], SOLD)).toThrow("no unit at position -1");
    expect(() => mapOf([".."]).stateAt(2)).toThrow("no unit at this position");
  });
});

/** The same rule by looking at every seat of every row. */
function findBestNaively(rows: readonly string[], quantity: number): number[] | null {
  const runs: { start: number; length: number }[] = [];
  let start = 0;
  for (const row of rows) {
    for (const match of row.matchAll(/\.+/g)) {
      runs.push({ start: start + match.index, length: match[0].length });
    }
    start += row.length;
  }
  const tidy = runs.find(({ length }) => length === quantity || length >= quantity + 2);
  const run = tidy ?? runs.find(({ length }) => length >= quantity);
  return run === undefined
    ? null
    : Array.from({ length: quantity }, (_, offset) => run.start + offset);
}

/** INV46 by looking at every row: that of the longest run first, then row by row away from it. */
function findApartNaively(rows: readonly string[], quantity: number): number[] | null {
  const longest = rows.map((row) => Math.max(...row.split("x").map((run) => run.length)));
  const origin = longest.indexOf(Math.max(...longest));
  let start = 0;
  const free = rows.map((row, index) => {
    const positions = Array.from(row.matchAll(/\./g), (match) => start + match.index);
    start += row.length;
    return { positions, distance: Math.abs(index - origin) };
  });
  const inTurn = free.toSorted((left, right) => left.distance - right.distance);
  const found = inTurn.flatMap(({ positions }) => positions).slice(0, quantity);
  return found.length < quantity ? null : found.toSorted((left, right) => left - right);
}

const rowsOfSeats = fc.array(
  fc.string({ unit: fc.constantFrom(".", "x"), minLength: 1, maxLength: 12 }),
  {
    minLength: 1,
    maxLength: 20,
  },
);

describe("the seat map against a search that looks at every seat", () => {
  it("[INV15] finds the same seats side by side", () => {
    fc.assert(
      fc.property(rowsOfSeats, fc.integer({ min: 1, max: 10 }), (rows, quantity) => {
        expect(mapOf(rows).findBest(quantity, together)).toEqual(findBestNaively(rows, quantity));
      }),
    );
  });

  it("[INV15] finds the same seats where runs are longer than the index can tell apart", () => {
    const length = fc.integer({ min: RUN_LENGTH_MAX - 4, max: RUN_LENGTH_MAX + 8 });
    const longRows = fc.array(fc.array(length, { minLength: 1, maxLength: 3 }), { maxLength: 6 });
    fc.assert(
      fc.property(longRows, length, (lengths, quantity) => {
        const rows = lengths.map((runs) => runs.map((run) => ".".repeat(run)).join("x"));
        expect(mapOf(rows).findBest(quantity, together)).toEqual(findBestNaively(rows, quantity));
      }),
    );
  });

  it("[INV46] finds the same seats where no row has enough, and none only when there are too few", () => {
    fc.assert(
      fc.property(rowsOfSeats, fc.integer({ min: 1, max: 30 }), (rows, quantity) => {
        const expected = findBestNaively(rows, quantity) ?? findApartNaively(rows, quantity);
        expect(mapOf(rows).findBest(quantity, apart)).toEqual(expected);
      }),
    );
  });

  it("[INV46] starts in the longest run of all, though the index cannot tell long ones apart", () => {
    const length = fc.integer({ min: RUN_LENGTH_MAX - 4, max: 2 * RUN_LENGTH_MAX });
    const longRows = fc.array(fc.array(length, { minLength: 1, maxLength: 3 }), {
      minLength: 1,
      maxLength: 6,
    });
    const quantities = fc.integer({ min: RUN_LENGTH_MAX, max: 5 * RUN_LENGTH_MAX });
    fc.assert(
      fc.property(longRows, quantities, (lengths, quantity) => {
        const rows = lengths.map((runs) => runs.map((run) => ".".repeat(run)).join("x"));
        const expected = findBestNaively(rows, quantity) ?? findApartNaively(rows, quantity);
        expect(mapOf(rows).findBest(quantity, apart)).toEqual(expected);
      }),
    );
    expect(
      mapOf([".".repeat(70), "x", ".".repeat(80)])
        .findBest(100, apart)
        ?.slice(19, 21),
    ).toEqual([19, 71]);
  });

  it("[INV15] stays the same map whatever was taken and given back before", () => {
    const steps = fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 40 });
    fc.assert(
      fc.property(rowsOfSeats, steps, fc.integer({ min: 1, max: 8 }), (rows, moves, quantity) => {
        const map = mapOf(rows);
        const seats = Array.from(rows.join(""));
        for (const [number, isFreed] of moves) {
          const position = number % seats.length;
          map.setState([position], isFreed ? AVAILABLE : SOLD);
          seats[position] = isFreed ? "." : "x";
        }
        let at = 0;
        const after = rows.map((row) => seats.slice(at, (at += row.length)).join(""));
        expect(map.findBest(quantity, together)).toEqual(findBestNaively(after, quantity));
      }),
    );
  });
});

describe("seats in place of others", () => {
  const near = (rows: readonly string[], position: number, quantity: number) =>
    mapOf(rows).findNear(position, quantity);

  it("[INV16] are side by side in the row of the first one, as near to it as can be", () => {
    expect(near(["..x.....", "........"], 2, 2)).toEqual([3, 4]);
    expect(near([".....x..", "........"], 5, 3)).toEqual([2, 3, 4]);
    expect(near(["....x..x...."], 4, 3)).toEqual([1, 2, 3]);
    // The first one itself may be free: then the party moves as little as it can.
    expect(near(["......x"], 5, 2)).toEqual([4, 5]);
    expect(near(["......x"], 2, 2)).toEqual([2, 3]);
    expect(near(["x......"], 0, 6)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("[INV16] as near to one side as to the other are the earlier ones", () => {
    expect(near(["..x.."], 2, 1)).toEqual([1]);
    expect(near([".xx.."], 2, 1)).toEqual([3]);
    expect(near([".x.x."], 2, 1)).toEqual([2]);
  });

  it("[INV16] are the free ones of that row and then of the nearest rows, when no run there is long enough", () => {
    expect(near(["....", ".x.x", "...."], 5, 2)).toEqual([4, 6]);
    expect(near(["....", ".x.x", "...."], 5, 3)).toEqual([0, 4, 6]);
    expect(near(["....", ".x.x", "...."], 5, 7)).toEqual([0, 1, 2, 3, 4, 6, 8]);
    expect(near(["xx", "xx", "..", "xx", ".."], 2, 1)).toEqual([4]);
  });

  it("[INV16] are none when there are not that many, and exactly all when there are", () => {
    expect(near([".x.x", "x.xx"], 1, 3)).toEqual([0, 2, 5]);
    expect(near([".x.x", "x.xx"], 1, 4)).toBeNull();
    expect(near(["xx"], 0, 1)).toBeNull();
  });

  it("[INV16, INV47] are the free ones of a block and then of the nearest, in general admission too", () => {
    expect(mapOf(["x.x.", "...."], true).findNear(0, 3)).toEqual([1, 3, 4]);
    expect(mapOf(["x...", "...."], true).findNear(0, 3)).toEqual([1, 2, 3]);
  });

  it("[INV16] are those that a look at every place for the party finds", () => {
    const row = fc.string({ unit: fc.constantFrom(".", "x"), minLength: 1, maxLength: 14 });
    fc.assert(
      fc.property(row, fc.nat(), fc.integer({ min: 1, max: 6 }), (seats, at, quantity) => {
        const position = at % seats.length;
        const places = Array.from(seats, (_, start) => start).filter(
          (start) => seats.slice(start, start + quantity) === ".".repeat(quantity),
        );
        const wayTo = (start: number) => Math.abs(start - position);
        const nearest = Math.min(...places.map(wayTo));
        const start = places.find((place) => wayTo(place) === nearest);
        const free = Array.from(seats, (_, seat) => seat).filter((seat) => seats[seat] === ".");
        const scattered = free.length >= quantity ? free.slice(0, quantity) : null;
        const sideBySide = Array.from({ length: quantity }, (_, offset) => (start ?? 0) + offset);
        expect(mapOf([seats]).findNear(position, quantity)).toEqual(
          start === undefined ? scattered : sideBySide,
        );
      }),
    );
  });
});

describe("what the map says of its blocks", () => {
  const map = mapOf(["..", "x", ".x."]);

  it("[INV49] is where each begins, how long it is and what states its units have", () => {
    expect([0, 1, 2].map((block) => map.rangeOf(block))).toMatchObject([
      { start: 0, length: 2 },
      { start: 2, length: 1 },
      { start: 3, length: 3 },
    ]);
    expect([0, 1, 2].map((block) => map.statesOf(block).join(""))).toEqual(["00", "2", "020"]);
    expect([0, 1, 2, 3, 4, 5].map((position) => map.blockOf(position))).toEqual([0, 0, 1, 2, 2, 2]);
  });

  it("[INV1, INV49] is nothing of a block that does not exist", () => {
    for (const block of [-1, 3]) {
      expect(() => map.rangeOf(block)).toThrow(`no block ${block}`);
      expect(() => map.statesOf(block)).toThrow(`no block ${block}`);
    }
  });

  it("[INV1] is one of four states a unit, and no other byte", () => {
    const states = [AVAILABLE, HELD, SOLD, BLOCKED];
    const all = new SeatMap(
      [{ start: 0, length: 5, isGeneral: false }],
      Uint8Array.from([...states, 4]),
    );
    expect(states.map((_, position) => all.stateAt(position))).toEqual(states);
    expect(() => all.stateAt(4)).toThrow("no unit at this position");
    expect(all.findBest(1, apart)).toEqual([0]);
    expect(all.findBest(2, apart)).toBeNull();
  });
});
