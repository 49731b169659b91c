// How often something may go wrong for somebody: after so many failures nothing is tried until their time is over.

import { describe, expect, test } from "vitest";
import { createAttemptBudget } from "../../src/shared/attempt-budget.ts";

const WINDOW_MS = 1_000;
const limits = { windowMs: WINDOW_MS, failedMax: 3, underWayMax: 5, keysMax: 4 };

function open(changes: Partial<typeof limits> = {}) {
  const budget = createAttemptBudget({ ...limits, ...changes });
  return {
    ...budget,
    /** One attempt from begin to end; how long to wait where it is not let through. */
    attempt(key: string, nowMs: number, hasFailed = true): number | null {
      const waitMs = budget.begin(key, nowMs);
      if (waitMs === null) budget.end(key, hasFailed);
      return waitMs;
    },
  };
}

describe("a budget of attempts", () => {
  test("ends with the last failure that is allowed, until its time since the first one is over", () => {
    const budget = open();
    expect([0, 100, 200].map((nowMs) => budget.attempt("ana", nowMs))).toEqual([null, null, null]);
    expect(budget.attempt("ana", 300)).toBe(WINDOW_MS - 300);
    // What is not let through lasts no longer for that.
    expect(budget.attempt("ana", WINDOW_MS - 1)).toBe(1);
    expect(budget.attempt("ana", WINDOW_MS)).toBeNull();
    expect(budget.attempt("ana", WINDOW_MS)).toBeNull();
  });

  test("is each one's own", () => {
    const budget = open();
    for (let times = 0; times < 3; times += 1) budget.attempt("ana", 0);
    expect(budget.attempt("ana", 0)).toBe(WINDOW_MS);
    expect(budget.attempt("bea", 0)).toBeNull();
  });

  test("is not used up by what goes well, however often, nor given back by it", () => {
    const budget = open();
    for (let times = 0; times < 100; times += 1) expect(budget.attempt("ana", 0, false)).toBeNull();
    budget.attempt("ana", 0);
    budget.attempt("ana", 0);
    expect(budget.attempt("ana", 0, false)).toBeNull();
    budget.attempt("ana", 0);
    expect(budget.attempt("ana", 0, false)).toBe(WINDOW_MS);
  });

  test("lets only so many be under way at once, with the failures there are", () => {
    const budget = open();
    budget.attempt("ana", 0);
    budget.attempt("ana", 0);
    expect([1, 2, 3].map(() => budget.begin("ana", 0))).toEqual([null, null, null]);
    expect(budget.begin("ana", 0)).toBe(WINDOW_MS);
    budget.end("ana", false);
    expect(budget.begin("ana", 0)).toBeNull();
  });

  test("forgets attempts that were cut off with the end of their time", () => {
    const budget = open();
    for (let times = 0; times < 5; times += 1) budget.begin("ana", 0);
    expect(budget.begin("ana", WINDOW_MS - 1)).toBe(1);
    expect(budget.begin("ana", WINDOW_MS)).toBeNull();
    // One of then ends now: it does not make room for more than there is.
    for (let times = 0; times < 3; times += 1) budget.end("ana", false);
    for (let times = 0; times < 5; times += 1) expect(budget.begin("ana", WINDOW_MS)).toBeNull();
    expect(budget.begin("ana", WINDOW_MS)).toBe(WINDOW_MS);
  });

  test("cannot be pushed out of memory by attempts that fail at nothing", () => {
    const budget = open();
    for (let times = 0; times < 3; times += 1) budget.attempt("ana", 0);
    for (let other = 0; other < 20; other += 1) budget.attempt(`other ${other}`, 0, false);
    expect(budget.attempt("ana", 0)).toBe(WINDOW_MS);
    // Memory has an end all the same: the one that was touched least lately goes.
    for (let other = 0; other < 4; other += 1) budget.attempt(`other ${other}`, 0);
    expect(budget.attempt("ana", 0)).toBeNull();
  });
});
