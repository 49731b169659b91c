// Two counts that make one limit: the isolate's own, by a clock of the test's, and a location's that answers yes or no.

import { beforeEach, describe, expect, test, vi } from "vitest";
import { createRateLimits } from "../../src/adapters/rate-limits.ts";
import type { LimitName } from "../../src/ports/rate-limits.ts";
import { createWindowCounter } from "../../src/shared/window-counter.ts";

const MINUTE_MS = 60_000;

let nowMs = 0;
beforeEach(() => {
  nowMs = Date.now();
});

const all = <Value>(value: Value): Record<LimitName, Value> => ({
  "sign-in-per-address": value,
  "sign-in-per-identity": value,
  "holds-per-address": value,
  "holds-per-identity": value,
  "scans-per-address": value,
  "scans-per-identity": value,
  "quotes-per-address": value,
});

interface Location {
  limit: (options: { key: string }) => Promise<{ success: boolean }>;
}

function open(quota: number, location: Location | null = null) {
  const locations = location === null ? null : all(location);
  return createRateLimits({ quotas: all(quota), locations, now: () => nowMs });
}

describe("an isolate's own count", () => {
  test("lets as many through as the quota says, tells what is left, and then none", () => {
    const limits = open(3);
    const counts = Array.from({ length: 5 }, () => limits.count("holds-per-address", "a"));
    expect(counts.map((counted) => counted?.isOver)).toEqual([false, false, false, true, true]);
    expect(counts.map((counted) => counted?.left)).toEqual([2, 1, 0, 0, 0]);
    expect(counts[0]).toMatchObject({
      policy: '"holds-per-address";q=3;w=60',
      resetSeconds: 60,
      location: null,
    });
  });

  test("begins anew a minute after it began, however often it was asked meanwhile", () => {
    const limits = open(1);
    limits.count("holds-per-address", "a");
    nowMs += MINUTE_MS - 1;
    expect(limits.count("holds-per-address", "a")).toMatchObject({ isOver: true, resetSeconds: 1 });
    nowMs += 1;
    expect(limits.count("holds-per-address", "a")).toMatchObject({ isOver: false, left: 0 });
    expect(limits.count("holds-per-address", "a")).toMatchObject({ isOver: true });
  });

  test("is of one key and one limit", () => {
    const limits = open(1);
    limits.count("holds-per-address", "a");
    expect(limits.count("holds-per-address", "b")).toMatchObject({ isOver: false });
    expect(limits.count("scans-per-address", "a")).toMatchObject({ isOver: false });
  });

  test("is none where the quota is 0", () => {
    const location = { limit: vi.fn(async () => ({ success: false })) };
    expect(open(0, location).count("holds-per-address", "a")).toBeNull();
    expect(location.limit).not.toHaveBeenCalled();
  });

  test("remembers so many keys and no more", () => {
    const counter = createWindowCounter({ windowMs: MINUTE_MS, keysMax: 2 });
    for (const key of ["a", "b", "c"]) counter.count(key, nowMs);
    expect(counter.count("c", nowMs).count).toBe(2);
    expect(counter.count("b", nowMs).count).toBe(2);
    expect(counter.count("a", nowMs).count).toBe(1);
  });
});

describe("a location's no", () => {
  test("closes the window for the next request, and is told with this one", async () => {
    const location = { limit: vi.fn(async () => ({ success: false })) };
    const limits = open(100, location);
    const first = limits.count("sign-in-per-identity", "ana@example.com");
    expect(first).toMatchObject({ isOver: false, left: 99 });
    await first?.location;
    expect(first?.left).toBe(0);
    expect(location.limit).toHaveBeenCalledWith({ key: "ana@example.com" });

    expect(limits.count("sign-in-per-identity", "ana@example.com")).toMatchObject({
      isOver: true,
      location: null,
    });
    expect(location.limit).toHaveBeenCalledTimes(1);
    nowMs += MINUTE_MS;
    expect(limits.count("sign-in-per-identity", "ana@example.com")).toMatchObject({
      isOver: false,
    });
    expect(location.limit).toHaveBeenCalledTimes(2);
  });

  test("that is a yes changes nothing", async () => {
    const limits = open(100, { limit: async () => ({ success: true }) });
    const first = limits.count("scans-per-address", "a");
    await first?.location;
    expect(first?.left).toBe(99);
    expect(limits.count("scans-per-address", "a")).toMatchObject({ isOver: false, left: 98 });
  });

  test("that cannot be had stops nobody, and no key is logged", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const limits = open(100, { limit: () => Promise.reject(new TypeError("away")) });
    for (const left of [99, 98]) {
      const counted = limits.count("sign-in-per-identity", "ana@example.com");
      await counted?.location;
      expect(counted).toMatchObject({ isOver: false, left });
    }
    expect(logged.mock.calls[0]).toEqual(["rate limit not asked", { reason: "TypeError" }]);
    logged.mockRestore();
  });
});
