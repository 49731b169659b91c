// What rows of seats are called (numbers, letters as theatres write them, or any name) and the number that tells rows
// apart. Knows no area.

/** A to ZZZ: rows named by letters. */
const LETTERS = /^[A-Z]{1,3}$/;
const NUMBER = /^[1-9]\d{0,6}$/;
const ALPHABET = 26;
const CODE_OF_A = 65;

/** Above every row that is a number, so that row A is never taken for row 1. */
const FIRST_LETTERED = 10_000_000;
const FIRST_NAMED = 100_000_000;
const NAMED_MAX = 1_000_000_000;

/** A is 1, Z 26, AA 27; null when these are no letters. */
export function lettersToNumber(letters: string): number | null {
  if (!LETTERS.test(letters)) return null;
  return Array.from(letters).reduce(
    (number, letter) => number * ALPHABET + letter.charCodeAt(0) - CODE_OF_A + 1,
    0,
  );
}

/** The other way round, for numbers from 1. */
export function numberToLetters(number: number): string {
  const rest = number - 1;
  const last = String.fromCharCode(CODE_OF_A + (rest % ALPHABET));
  return rest < ALPHABET ? last : numberToLetters(Math.floor(rest / ALPHABET)) + last;
}

/** The same for the same name, always; never 0, which is general admission. */
export function rowOf(name: string): number {
  if (NUMBER.test(name)) return Number(name);
  const letters = lettersToNumber(name);
  return letters === null ? FIRST_NAMED + (hashOf(name) % NAMED_MAX) : FIRST_LETTERED + letters;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) {
    hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return hash >>> 0;
}
