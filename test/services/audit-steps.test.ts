// The steps of an audit that know neither side: waiting until things hold still, and what the log says.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { AuditSlice } from "../../src/services/inventory/audit/audit-slice.ts";
import { type Difference, difference } from "../../src/services/inventory/audit/difference.ts";
import { logAudit } from "../../src/services/inventory/audit/log-audit.ts";
import { settle } from "../../src/services/inventory/audit/settle.ts";
import { settleAndRepair } from "../../src/services/inventory/audit/settle-and-repair.ts";
import { sameJson } from "../../src/shared/same-json.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

/** Lets the waiting pass. */
async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  await vi.runAllTimersAsync();
  return work;
}

const about = (reservationId: string) =>
  difference("part_different", "project_again", { reservationId });

describe("settling", () => {
  test("looks again at what moves, and takes what holds still", async () => {
    const asked: string[][] = [];
    const settled = await inTime(
      settle(["a", "b", "c"], async (ids) => {
        asked.push([...ids]);
        return asked.length === 1
          ? { differences: [about("a")], open: ["b", "c"] }
          : { differences: [about("b")], open: [] };
      }),
    );
    expect(settled).toEqual({ differences: [about("a"), about("b")], inFlight: [] });
    expect(asked).toEqual([
      ["a", "b", "c"],
      ["b", "c"],
    ]);
  });

  test("gives up after some looks, and says which was the last", async () => {
    const isLast: boolean[] = [];
    const settled = await inTime(
      settle(["a"], async (open, last) => {
        isLast.push(last);
        return { differences: [], open };
      }),
    );
    expect(settled).toEqual({ differences: [], inFlight: ["a"] });
    expect(isLast).toEqual([false, false, false, false, false, true]);
  });

  test("does not look where nothing looked different", async () => {
    const look = vi.fn();
    expect(await settle([], look)).toEqual({ differences: [], inFlight: [] });
    expect(look).not.toHaveBeenCalled();
  });
});

describe("repairing", () => {
  const subjects = (after: { differences: Difference[]; open: string[] }) => {
    let looks = [{ differences: [about("a"), about("b")], open: new Array<string>() }];
    const repair = vi.fn(async () => {
      looks = [after];
    });
    const look = async (ids: readonly string[]) => {
      return looks.shift() ?? { differences: [], open: ids };
    };
    const idOf = ({ reservationId }: Difference) => reservationId ?? "";
    return { look, repair, idOf };
  };
  const fates = (found: readonly { reservationId: string | null; isRepaired: boolean }[]) =>
    found.map(({ reservationId, isRepaired }) => `${reservationId} ${isRepaired}`);

  test("counts as done only what differs no longer", async () => {
    const parts = subjects({ differences: [about("b")], open: [] });
    const { found } = await inTime(settleAndRepair(["a", "b"], { mode: "all", ...parts }));
    expect(fates(found)).toEqual(["a true", "b false"]);
  });

  test("does not count what still moves, and names what came to light", async () => {
    const parts = subjects({ differences: [about("c")], open: ["a"] });
    const { found } = await inTime(settleAndRepair(["a", "b"], { mode: "all", ...parts }));
    expect(fates(found)).toEqual(["a false", "b true", "c false"]);
  });

  test("is left alone where it is not wanted", async () => {
    const parts = subjects({ differences: [], open: [] });
    const { found } = await inTime(settleAndRepair(["a", "b"], { mode: "none", ...parts }));
    expect(fates(found)).toEqual(["a false", "b false"]);
    expect(parts.repair).not.toHaveBeenCalled();
  });
});

describe("the log", () => {
  const slice = (changes: Partial<AuditSlice>): AuditSlice => {
    const nothing = { found: [], reservations: 0, units: 0, inFlight: 0, outbox: null, next: null };
    return { ...nothing, ...changes };
  };

  test("names areas, kinds and ids, and says nothing of what is well", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    logAudit("area-1", slice({ outbox: { rows: 3, oldestAtMs: 70_000 } }), 100_000);
    expect(warn).not.toHaveBeenCalled();
    const many = Array.from({ length: 30 }, (_, index) => {
      return { ...about(`r${index}`), isRepaired: index < 10 };
    });
    logAudit("area-1", slice({ found: many }), 0);
    expect(warn.mock.calls).toEqual([
      [
        "area differs from Postgres",
        {
          areaId: "area-1",
          kind: "part_different",
          count: 30,
          repaired: 10,
          ids: many.slice(0, 20).map(({ reservationId }) => reservationId),
        },
      ],
    ]);
  });

  test("warns once of an area whose changes have waited for more than half a minute", () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    logAudit("area-1", slice({ outbox: { rows: 3, oldestAtMs: 70_000 } }), 101_000);
    expect(warn.mock.calls).toEqual([
      ["area waits for Postgres", { areaId: "area-1", seconds: 31, rows: 3 }],
    ]);
  });
});

test.each([
  [1, 1, true],
  [1, "1", false],
  [null, undefined, false],
  [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: undefined }, true],
  [{ a: 1 }, { a: 1, b: null }, false],
  [[1, 2], [2, 1], false],
  [[1], [1, 2], false],
  [[], {}, false],
  [{}, null, false],
])("%j and %j are the same JSON: %s", (left, right, isSame) => {
  expect(sameJson(left, right)).toBe(isSame);
  expect(sameJson(right, left)).toBe(isSame);
});
