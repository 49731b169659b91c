// A rule of a SPEC.md without a test is a wish, and a test of a rule that does not exist is a leftover.

import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { filesUnder } from "./files.ts";

describe.each([
  { of: "an area", folder: "durable-objects/area-inventory", prefix: "INV" },
  { of: "watching an area", folder: "durable-objects/area-watch", prefix: "LIVE" },
])("the rules of $of", ({ folder, prefix }) => {
  const spec = readFileSync(`${folder}/SPEC.md`, "utf8");
  const rules = [...spec.matchAll(/^- \*\*([A-Z]+\d+)\*\* /gm)].map(([, id]) => id ?? "");

  /** Ids at the start of a title: `"[INV1, INV2] what is so"`. */
  const title = new RegExp(`["'\`]\\[(${prefix}\\d+(?:, ${prefix}\\d+)*)\\] `, "g");
  const tested = filesUnder("test", ".test.ts").flatMap(({ path, text }) =>
    [...text.matchAll(title)].flatMap(([, ids = ""]) =>
      ids.split(", ").map((id) => ({ id, path })),
    ),
  );

  test("are numbered from 1, without gaps or repetitions", () => {
    expect(rules.length).toBeGreaterThan(7);
    // A new rule stands where it belongs, so the order in the file is not that of the numbers.
    const numberOf = (id: string) => Number(id.slice(prefix.length));
    const inOrder = rules.toSorted((left, right) => numberOf(left) - numberOf(right));
    expect(inOrder).toEqual(rules.map((_, index) => `${prefix}${index + 1}`));
  });

  test("stand each in the title of a test", () => {
    const ids = new Set(tested.map(({ id }) => id));
    expect(rules.filter((rule) => !ids.has(rule))).toEqual([]);
  });

  test("are all that titles name", () => {
    expect(tested.filter(({ id }) => !rules.includes(id))).toEqual([]);
  });
});
