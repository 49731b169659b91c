import { expect, test } from "vitest";
import { readNit } from "../../src/shared/nit.ts";

/** Of organizations everybody knows, as they publish them. */
const published = [
  "800.197.268-4",
  "899.999.068-1",
  "890.903.938-8",
  "860.034.313-7",
  "860.002.964-4",
  "830.122.566-1",
  "890900608-9",
];

test.each(published)("%s is a NIT", (text) => {
  expect(readNit(text)).toBe(text.replaceAll(".", ""));
});

test.each(published)("%s with any other check digit is none", (text) => {
  const digits = text.slice(0, -1);
  const others = Array.from({ length: 10 }, (_, digit) => `${digits}${digit}`).filter(
    (other) => other !== text,
  );
  expect(others.map(readNit)).toEqual(others.map(() => null));
});

test("two digits that changed places are noticed", () => {
  expect(readNit("800.197.286-4")).toBeNull();
  expect(readNit("809.197.268-4")).toBeNull();
});

test.each([
  "",
  "-",
  "800197268",
  "8001972684",
  "800.19.7268-4",
  "1234-5",
  "0800197268-4",
  "8oo197268-4",
  " 800197268-4",
])("%j is no NIT", (text) => {
  expect(readNit(text)).toBeNull();
});
