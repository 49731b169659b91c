// Which part of a file a Range header means, and which tags an If-None-Match names (RFC 9110).

import { expect, test } from "vitest";
import { hasTag, rangeOf } from "../../src/http/byte-ranges.ts";

test.each([
  ["bytes=0-0", { offset: 0, length: 1 }],
  ["bytes=0-9", { offset: 0, length: 10 }],
  ["bytes=5-", { offset: 5, length: 95 }],
  ["bytes=99-", { offset: 99, length: 1 }],
  ["bytes=90-1000", { offset: 90, length: 10 }],
  ["bytes=-1", { offset: 99, length: 1 }],
  ["bytes=-1000", { offset: 0, length: 100 }],
  ["bytes= 0 - 9", { offset: 0, length: 10 }],
  ["bytes=100-", "unsatisfiable"],
  ["bytes=100-200", "unsatisfiable"],
  ["bytes=-0", "unsatisfiable"],
  [undefined, null],
  ["", null],
  ["bytes=-", null],
  ["bytes=9-0", null],
  ["bytes=0-1,5-6", null],
  ["bytes=a-b", null],
  ["bytes=0x1-2", null],
  ["lines=0-9", null],
  ["bytes=0-99999999999999999999", null],
])("%s of a hundred bytes", (header, expected) => {
  expect(rangeOf(header, 100)).toEqual(expected);
});

test("nothing of an empty file", () => {
  expect(rangeOf("bytes=0-", 0)).toBe("unsatisfiable");
  expect(rangeOf("bytes=-5", 0)).toBe("unsatisfiable");
});

test.each([
  ['"a"', true],
  ['W/"a"', true],
  ['"b", W/"a" ,"c"', true],
  ["*", true],
  ['"b"', false],
  ["a", false],
  ["", false],
  [undefined, false],
])("%s has the tag: %s", (header, expected) => {
  expect(hasTag(header, '"a"')).toBe(expected);
});
