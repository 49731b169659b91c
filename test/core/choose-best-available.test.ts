import { expect, test } from "vitest";
import {
  candidatesFor,
  chooseBestAvailable,
} from "../../durable-objects/area-inventory/core/choose-best-available.ts";
import { AreaHarness, seats, unitIdsOf } from "../support/area-harness.ts";

const free = (positions: readonly number[]) =>
  seats(40)
    .filter(({ position }) => positions.includes(position))
    .map((unit) => ({ ...unit, state: "available" as const, reservationId: null }));

// Rows of ten: 9 is the last of row 1, 10 the first of row 2.
test.each([
  ["the first units when they are neighbours", [0, 1, 2, 3], 2, [0, 1]],
  ["the first run that is long enough", [0, 2, 3, 5, 6, 7], 3, [5, 6, 7]],
  ["no run across two rows", [8, 9, 10, 11, 12], 3, [10, 11, 12]],
  ["the first ones where no run is long enough", [0, 2, 4, 6], 2, [0, 2]],
  ["the only ones", [3, 17], 2, [3, 17]],
  ["one unit", [4, 5], 1, [4]],
  ["a run that ends the candidates", [0, 2, 8, 9], 2, [8, 9]],
] as const)("[INV15] takes %s", (_what, positions, quantity, chosen) => {
  expect(chooseBestAvailable(free(positions), quantity).map((unit) => unit.position)).toEqual(
    chosen,
  );
});

test("[INV15] neighbours are of one row with consecutive numbers, whatever their positions", () => {
  const units = free([0, 1, 2]).map((unit, index) => ({ ...unit, number: index * 2 }));
  expect(chooseBestAvailable(units, 2).map((unit) => unit.position)).toEqual([0, 1]);
  const [first, , third] = free([0, 1, 2]);
  if (first === undefined || third === undefined) throw new Error("three units");
  const besides = { ...first, position: 30, number: third.number + 1 };
  expect(chooseBestAvailable([first, third, besides], 2)).toEqual([third, besides]);
});

test("[INV15] looks at 8 free units for each one asked for, and one for one", () => {
  expect([1, 2, 6].map(candidatesFor)).toEqual([1, 16, 48]);
});

test("[INV15] a run beyond the first 16 free units is not seen by a hold of two", () => {
  const area = AreaHarness.open(40);
  // Every second seat of the first 32 is taken: 16 lonely ones, then a run.
  for (let position = 1; position < 32; position += 2) {
    area.hold({ reservationId: `r${position}`, unitIds: [`unit-${position}`] });
  }
  expect(unitIdsOf(area.hold({ reservationId: "pair", quantity: 2 }))).toEqual([
    "unit-0",
    "unit-2",
  ]);
  expect(unitIdsOf(area.hold({ reservationId: "next pair", quantity: 2 }))).toEqual([
    "unit-32",
    "unit-33",
  ]);
});

test("[INV15] consecutive numbers in two rows are no neighbours", () => {
  const apart = free([0, 1]).map((unit, index) => ({ ...unit, row: index }));
  const together = free([20, 21]);
  expect(chooseBestAvailable([...apart, ...together], 2)).toEqual(together);
});
