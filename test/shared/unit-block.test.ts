// Rows, numbers and where a seat stands, from what an organizer describes.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lettersToNumber, numberToLetters, rowOf } from "../../src/shared/units/row-names.ts";
import {
  type NumberRange,
  type RowRange,
  isNumbered,
  rowsIn,
  rowsOf,
  seatsIn,
  seatsOf,
} from "../../src/shared/units/unit-block.ts";

const numbers = (changes: Partial<NumberRange> = {}): NumberRange => ({
  from: 1,
  to: 6,
  skip: [],
  numbering: "consecutive",
  direction: "ascending",
  ...changes,
});
const rows = (changes: Partial<RowRange> = {}): RowRange => ({
  from: 1,
  to: 3,
  skip: [],
  areLetters: false,
  direction: "ascending",
  ...changes,
});
const shown = (range: NumberRange) => seatsOf(range).map(({ number }) => number);
const places = (range: NumberRange) => seatsOf(range).map(({ place }) => place);

describe("the numbers of a row", () => {
  test.each<[string, Partial<NumberRange>, number[], number[]]>([
    ["as they come", {}, [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 5, 6]],
    ["from the other side", { direction: "descending" }, [6, 5, 4, 3, 2, 1], [1, 2, 3, 4, 5, 6]],
    ["the odd ones, side by side", { numbering: "odd" }, [1, 3, 5], [1, 2, 3]],
    ["the even ones, side by side", { numbering: "even" }, [2, 4, 6], [1, 2, 3]],
    ["from the middle", { numbering: "odd_even" }, [5, 3, 1, 2, 4, 6], [1, 2, 3, 4, 5, 6]],
    [
      "from the middle, seen from the stage",
      { numbering: "odd_even", direction: "descending" },
      [6, 4, 2, 1, 3, 5],
      [1, 2, 3, 4, 5, 6],
    ],
    ["with a gap where some are left out", { skip: [3, 4] }, [1, 2, 5, 6], [1, 2, 5, 6]],
    ["with a gap among odd ones", { numbering: "odd", skip: [3] }, [1, 5], [1, 3]],
    ["from further on", { from: 12, to: 13 }, [12, 13], [12, 13]],
  ])("%s", (_what, changes, expected, stand) => {
    expect(shown(numbers(changes))).toEqual(expected);
    expect(places(numbers(changes))).toEqual(stand);
  });

  test("are as many as were counted, each once, each one of the range and none left out", () => {
    const ranges = fc.record({
      from: fc.integer({ min: 1, max: 40 }),
      length: fc.integer({ min: 0, max: 40 }),
      skip: fc.array(fc.integer({ min: 1, max: 80 }), { maxLength: 10 }),
      numbering: fc.constantFrom("consecutive", "odd", "even", "odd_even"),
      direction: fc.constantFrom("ascending", "descending"),
    });
    fc.assert(
      fc.property(ranges, ({ length, ...rest }) => {
        const whole = { ...rest, to: rest.from + length };
        const range = { ...whole, skip: whole.skip.filter((number) => isNumbered(whole, number)) };
        const made = shown(range);
        expect(made).toHaveLength(seatsIn(range));
        expect(new Set(made).size).toBe(made.length);
        expect(made.every((number) => isNumbered(range, number))).toBe(true);
        expect(made.some((number) => range.skip.includes(number))).toBe(false);
        const stand = places(range);
        expect(stand.every((place, index) => index === 0 || place > (stand[index - 1] ?? 0))).toBe(
          true,
        );
      }),
    );
  });
});

describe("rows", () => {
  test("are called by numbers or by letters, in either direction, without those left out", () => {
    expect(rowsOf(rows({ skip: [2] })).map(({ name }) => name)).toEqual(["1", "3"]);
    const lettered = rows({ from: 25, to: 28, areLetters: true, direction: "descending" });
    expect(rowsOf(lettered).map(({ name }) => name)).toEqual(["AB", "AA", "Z", "Y"]);
    expect(rowsIn(rows({ skip: [2, 2] }))).toBe(2);
  });

  test("called by letters follow the alphabet and begin again with two of them", () => {
    expect(["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA", "ZZZ"].map(lettersToNumber)).toEqual([
      1, 26, 27, 52, 53, 702, 703, 18_278,
    ]);
    for (let number = 1; number <= 18_278; number += 1)
      expect(lettersToNumber(numberToLetters(number))).toBe(number);
    expect(["", "a", "Ñ", "AAAA", "A1"].map(lettersToNumber)).toEqual([
      null,
      null,
      null,
      null,
      null,
    ]);
  });

  test("of different names are never taken for one another, nor for general admission", () => {
    const names = ["1", "2", "A", "B", "AA", "Palco 1", "Palco 2", "01", "ñ", "1000000"];
    const told = names.map(rowOf);
    expect(new Set(told).size).toBe(names.length);
    expect(told.every((row) => row > 0 && row < 2 ** 31)).toBe(true);
    expect(rowOf("7")).toBe(7);
  });
});
