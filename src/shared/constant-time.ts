// Compares what must not be found by trying character after character.

/** Takes as long for texts that differ in the first character as for those that differ in the last. Lengths are no secret. */
export function isSameText(expected: string, given: string): boolean {
  if (expected.length !== given.length) return false;
  let difference = 0;
  for (let index = 0; index < expected.length; index += 1)
    difference |= expected.charCodeAt(index) ^ given.charCodeAt(index);
  return difference === 0;
}
