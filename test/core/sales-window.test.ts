import { describe, expect, test } from "vitest";
import { AreaHarness, START_MS, r1, r2 } from "../support/area-harness.ts";

const startsAtMs = START_MS + 5_000;
const endedAtMs = START_MS + 9_000;
const window = { salesStartAtMs: startsAtMs, salesEndAtMs: endedAtMs };

describe("the time in which is sold", () => {
  test.each([
    [4_999, { code: "sales_not_started", startsAtMs }],
    [9_000, { code: "sales_ended", endedAtMs }],
    [90_000, { code: "sales_ended", endedAtMs }],
  ] as const)("[INV80] is not %i ms after the area opened", (afterMs, refusal) => {
    const area = AreaHarness.open(3, window);
    area.wait(afterMs);
    area.expectRefused(() => area.hold({ reservationId: r1 }), refusal);
    area.expectRefused(() => area.hold({ reservationId: r1, unitIds: ["unit-0"] }), refusal);
  });

  test.each([5_000, 8_999])("[INV80] is %i ms after the area opened", (afterMs) => {
    const area = AreaHarness.open(3, window);
    area.wait(afterMs);
    expect(area.hold({ reservationId: r1 })).toMatchObject({ ok: true });
  });

  test.each([
    [0, { salesEndAtMs: endedAtMs }],
    [90_000, { salesStartAtMs: startsAtMs }],
  ])("[INV80] may have only one of both: %i ms after the area opened", (afterMs, settings) => {
    const area = AreaHarness.open(3, settings);
    area.wait(afterMs);
    expect(area.hold({ reservationId: r1 })).toMatchObject({ ok: true });
  });

  test("[INV80] moves with the settings", () => {
    const area = AreaHarness.open(3, window);
    area.configure({ ...window, version: 2, salesStartAtMs: START_MS });
    expect(area.hold({ reservationId: r1 })).toMatchObject({ ok: true });
    area.configure({ version: 3, salesEndAtMs: START_MS });
    area.expectRefused(() => area.hold({ reservationId: r2 }), {
      code: "sales_ended",
      endedAtMs: START_MS,
    });
  });

  test("[INV80, INV14] is asked after whether the area is open, and before how many are wanted", () => {
    const area = AreaHarness.open(3, { ...window, isOpen: false });
    const wrong = { reservationId: r1, quantity: 99 };
    area.expectRefused(() => area.hold(wrong), { code: "area_closed" });
    area.configure({ ...window, version: 2 });
    area.expectRefused(() => area.hold(wrong), { code: "sales_not_started", startsAtMs });
  });

  test("[INV80, INV18] does not touch what is held: it repeats, is extended and paid", () => {
    const area = AreaHarness.open(3, window);
    area.wait(8_999);
    const first = area.hold({ reservationId: r1 });
    area.wait(1);
    expect(area.hold({ reservationId: r1 })).toEqual(first);
    expect(area.extend(r1, "p1")).toMatchObject({ ok: true });
    expect(area.commit(r1, "p1")).toMatchObject({ ok: true });
  });

  test("[INV80, INV69] does not bind organizers", () => {
    const area = AreaHarness.open(3, window);
    expect(area.reserve(r1, { quantity: 2 })).toMatchObject({ ok: true });
  });
});
