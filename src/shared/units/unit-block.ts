// A block of units as an organizer describes it: rows and numbers with what is left out, or a number of places. Pure.

import { numberToLetters, rowOf } from "./row-names.ts";

/** Units one call may make. */
export const UNITS_MAX = 100_000;

/**
 * `odd_even` is how theatres number from the middle: odd numbers fall towards it, even ones
 * rise from there.
 */
export type Numbering = "consecutive" | "odd" | "even" | "odd_even";
export type Direction = "ascending" | "descending";

/** Both ends belong to it. */
export interface NumberRange {
  from: number;
  to: number;
  skip: readonly number[];
  numbering: Numbering;
  direction: Direction;
}

/** Rows by number; when they are called by letters, 1 is A. */
export interface RowRange {
  from: number;
  to: number;
  skip: readonly number[];
  areLetters: boolean;
  direction: Direction;
}

/** `prefix` begins the labels instead of the area's letter; null: the area's letter does. */
export type UnitBlock =
  | { kind: "seats"; prefix: string | null; rows: RowRange; numbers: NumberRange }
  | { kind: "general-admission"; prefix: string | null; quantity: number };

export interface Row {
  name: string;
  row: number;
}

export interface Seat {
  number: number;
  /** Seats of a row with consecutive places sit side by side. */
  place: number;
}

/** How many units a block has, however large, without making them. */
export function unitsIn(block: UnitBlock): number {
  if (block.kind === "general-admission") return block.quantity;
  return rowsIn(block.rows) * seatsIn(block.numbers);
}

export function rowsIn({ from, to, skip }: RowRange): number {
  return to - from + 1 - new Set(skip).size;
}

export function seatsIn({ from, to, skip, numbering }: NumberRange): number {
  const odd = Math.floor((to + 1) / 2) - Math.floor(from / 2);
  const counts = {
    consecutive: to - from + 1,
    odd,
    even: to - from + 1 - odd,
    odd_even: to - from + 1,
  };
  return counts[numbering] - new Set(skip).size;
}

/** Whether a number is one of those the range goes through. */
export function isNumbered({ from, to, numbering }: NumberRange, number: number): boolean {
  if (number < from || number > to) return false;
  if (numbering === "odd") return number % 2 === 1;
  return numbering !== "even" || number % 2 === 0;
}

/** In order of sale. */
export function rowsOf({ from, to, skip, areLetters, direction }: RowRange): Row[] {
  const left = new Set(skip);
  const numbers = inDirection(upFrom(from, to), direction).filter((number) => !left.has(number));
  return numbers.map((number) => {
    const name = areLetters ? numberToLetters(number) : String(number);
    return { name, row: rowOf(name) };
  });
}

/** From one side of a row to the other. What is left out is a gap: nobody sits side by side across it. */
export function seatsOf(range: NumberRange): Seat[] {
  const left = new Set(range.skip);
  return inDirection(numbersAcross(range), range.direction)
    .map((number, index) => ({ number, place: range.from + index }))
    .filter(({ number }) => !left.has(number));
}

function numbersAcross(range: NumberRange): number[] {
  const numbers = upFrom(range.from, range.to).filter((number) => isNumbered(range, number));
  if (range.numbering !== "odd_even") return numbers;
  const odd = numbers.filter((number) => number % 2 === 1);
  return [...odd.toReversed(), ...numbers.filter((number) => number % 2 === 0)];
}

function upFrom(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

function inDirection(numbers: number[], direction: Direction): number[] {
  return direction === "ascending" ? numbers : numbers.toReversed();
}
