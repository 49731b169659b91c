// A rule of SPEC.md without a test is a wish, and a test of a rule that does not exist is a leftover.

import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { filesUnder } from "./files.ts";

const spec = readFileSync("durable-objects/area-inventory/SPEC.md", "utf8");
const rules = [...spec.matchAll(/^- \*\*(INV\d+)\*\* /gm)].map(([, id]) => id ?? "");

/** Ids at the start of a title: `"[INV1, INV2] what is so"`. */
const tested = filesUnder("test", ".test.ts").flatMap(({ path, text }) =>
  [...text.matchAll(/["'`]\[(INV\d+(?:, INV\d+)*)\] /g)].flatMap(([, ids = ""]) =>
    ids.split(", ").map((id) => ({ id, path })),
  ),
);

test("rules of an area are numbered from 1, without gaps or repetitions", () => {
  expect(rules.length).toBeGreaterThan(8);
  // A new rule stands where it belongs, so the order in the file is not that of the numbers.
  const inOrder = rules.toSorted((left, right) => Number(left.slice(3)) - Number(right.slice(3)));
  expect(inOrder).toEqual(rules.map((_, index) => `INV${index + 1}`));
});

test("every rule of an area stands in the title of a test", () => {
  const ids = new Set(tested.map(({ id }) => id));
  expect(rules.filter((rule) => !ids.has(rule))).toEqual([]);
});

test("every rule a title names is a rule of an area", () => {
  expect(tested.filter(({ id }) => !rules.includes(id))).toEqual([]);
});
