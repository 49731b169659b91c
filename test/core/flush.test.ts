import { describe, expect, test } from "vitest";
import type { ProjectedReservation } from "../../durable-objects/area-inventory/contract.ts";
import {
  FLUSH_BYTES_MAX,
  FLUSH_ROWS_MAX,
  type OutboxRow,
  mustArm,
  nextWakeMs,
  planFlush,
  retryDelayMs,
} from "../../durable-objects/area-inventory/flush.ts";
import { AreaStore } from "../../durable-objects/area-inventory/store.ts";
import { AreaHarness } from "../support/area-harness.ts";

const NOW = 1_000_000;

function reservation(
  reservationId: string,
  version: number,
  state: "held" | "sold" = "held",
): ProjectedReservation {
  return {
    reservationId,
    version,
    state,
    selection: { kind: "best-available", quantity: 1 },
    holdExpiresAtMs: version,
    expiresAtMs: version,
    paymentId: null,
    unitsReplaced: false,
    units: [],
    tickets: [],
  };
}

describe("planFlush", () => {
  test("[INV36] nothing to send is no plan", () => {
    expect(planFlush([])).toBeNull();
  });

  test("[INV36] keeps of each reservation and unit the newest state, and every effect in order", () => {
    const rows: OutboxRow[] = [
      {
        sequence: 4,
        body: {
          reservations: [reservation("a", 4), reservation("b", 4)],
          units: [{ unitId: "u", state: "available", version: 4 }],
          effects: [{ kind: "deliver-tickets", reservationId: "x" }],
        },
      },
      {
        sequence: 6,
        body: {
          reservations: [reservation("a", 6, "sold")],
          units: [
            { unitId: "u", state: "sold", version: 6 },
            { unitId: "w", state: "blocked", version: 6 },
          ],
          effects: [{ kind: "deliver-tickets", reservationId: "a" }],
        },
      },
    ];
    expect(planFlush(rows)).toEqual({
      throughSequence: 6,
      reservations: [reservation("a", 6, "sold"), reservation("b", 4)],
      units: [
        { unitId: "u", state: "sold", version: 6 },
        { unitId: "w", state: "blocked", version: 6 },
      ],
      effects: [
        { kind: "deliver-tickets", reservationId: "x" },
        { kind: "deliver-tickets", reservationId: "a" },
      ],
    });
  });

  test("[INV36] a flush reads the 200 oldest rows, in order", () => {
    const area = AreaHarness.open(0);
    const body = { reservations: [], units: [], effects: [] };
    for (let sequence = 250; sequence > 0; sequence -= 1)
      area.store.addOutboxRow({ sequence, body });
    const rows = new AreaStore(area.storage.sql).oldestOutboxRows();
    expect(FLUSH_ROWS_MAX).toBe(200);
    expect(rows.map((row) => row.sequence)).toEqual(
      Array.from({ length: 200 }, (_, index) => index + 1),
    );
  });
});

describe("the bytes of a flush", () => {
  /** An area whose rows have so many bytes, each; a size of null is a row that cannot be read. */
  function areaWithRows(sizes: readonly (number | null)[], filling = "x"): AreaHarness {
    const area = AreaHarness.open(0);
    for (const [index, size] of sizes.entries()) {
      const body = { reservations: [], units: [], effects: [], filling: "" };
      const around = JSON.stringify(body).length;
      const bytesOfFilling = Buffer.byteLength(filling);
      if (size !== null) body.filling = filling.repeat((size - around) / bytesOfFilling);
      const text = size === null ? "{" : JSON.stringify(body);
      area.storage.database
        .prepare("INSERT INTO outbox (sequence, body) VALUES (?, ?)")
        .run(index + 1, text);
    }
    return area;
  }
  const taken = (area: AreaHarness) =>
    area.store.oldestOutboxRows().map(({ sequence }) => sequence);

  test("[INV88] are at most those of its bound, to the byte", () => {
    expect(FLUSH_BYTES_MAX).toBe(4_000_000);
    const [half, rest] = [FLUSH_BYTES_MAX / 2, FLUSH_BYTES_MAX / 2];
    expect(taken(areaWithRows([half, rest, 100]))).toEqual([1, 2]);
    expect(taken(areaWithRows([half, rest + 1, 100]))).toEqual([1]);
  });

  test("[INV88] are counted as bytes, not as letters", () => {
    const third = 1_500_000;
    expect(taken(areaWithRows([third, third, third], "ñ"))).toEqual([1, 2]);
  });

  test("[INV88] of a row that is larger go by themselves", () => {
    expect(taken(areaWithRows([5_000_000, 100, 100]))).toEqual([1]);
    expect(taken(areaWithRows([100, 5_000_000, 100]))).toEqual([1]);
  });

  test("[INV88] that do not fit are not read", () => {
    const area = areaWithRows([3_000_000, 2_000_000, null]);
    expect(taken(area)).toEqual([1]);
    area.store.removeOutboxRows(1);
    expect(() => area.store.oldestOutboxRows()).toThrow(SyntaxError);
  });

  test("[INV78] decide what is said to wait, as their number does", () => {
    const ids = ["a", "b"];
    expect(areaWithRows([1_000, 1_000]).store.audit.waitingIds(ids)).toEqual([]);
    expect(areaWithRows([3_000_000, 3_000_000]).store.audit.waitingIds(ids)).toEqual(ids);
    expect(
      areaWithRows(Array.from({ length: 200 }, () => 100)).store.audit.waitingIds(ids),
    ).toEqual([]);
    expect(
      areaWithRows(Array.from({ length: 201 }, () => 100)).store.audit.waitingIds(ids),
    ).toEqual(ids);
  });
});

describe("retryDelayMs", () => {
  test.each([
    [0, 2_000],
    [1, 2_000],
    [2, 4_000],
    [3, 8_000],
    [5, 32_000],
    [6, 60_000],
    [5_000, 60_000],
  ])("[INV39] after %i failures in a row: %i ms", (failures, delayMs) =>
    expect(retryDelayMs(failures)).toBe(delayMs),
  );
});

describe("nextWakeMs", () => {
  const idle = { firstExpiryMs: null, outboxWaits: false, failures: 0 };

  test("[INV42] nothing waits, nothing rings", () => {
    expect(nextWakeMs(idle, NOW)).toBeNull();
  });

  test.each([
    ["the first expiry", { ...idle, firstExpiryMs: NOW + 500 }, NOW + 500],
    ["the next attempt to flush", { ...idle, outboxWaits: true }, NOW + 2_000],
    [
      "the expiry, when it is earlier",
      { firstExpiryMs: NOW + 500, outboxWaits: true, failures: 0 },
      NOW + 500,
    ],
    [
      "the attempt, when it is earlier",
      { firstExpiryMs: NOW + 9_000, outboxWaits: true, failures: 2 },
      NOW + 4_000,
    ],
  ])("[INV42] %s", (_what, waiting, wakeMs) => {
    expect(nextWakeMs(waiting, NOW)).toBe(wakeMs);
  });

  test.each([NOW, NOW - 1, 0])(
    "[INV44] an expiry at %i is rung for a millisecond from now",
    (firstExpiryMs) => {
      expect(nextWakeMs({ ...idle, firstExpiryMs }, NOW)).toBe(NOW + 1);
    },
  );
});

describe("mustArm", () => {
  test.each([
    ["unset", null, NOW + 10, true],
    ["past due", NOW - 1, NOW + 10, true],
    ["due now", NOW, NOW + 10, true],
    ["too late", NOW + 11, NOW + 10, true],
    ["right", NOW + 10, NOW + 10, false],
    ["earlier than needed", NOW + 1, NOW + 10, false],
    ["set, and nothing waits", NOW + 1, null, false],
    ["unset, and nothing waits", null, null, false],
  ] as const)("[INV43] an alarm that is %s", (_what, armedMs, wantedMs, must) => {
    expect(mustArm(armedMs, wantedMs, NOW)).toBe(must);
  });
});
