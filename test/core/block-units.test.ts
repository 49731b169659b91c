import { describe, expect, test } from "vitest";
import { AreaHarness, HOLD_MS, r1, r2, r3, seats, unitIdsOf } from "../support/area-harness.ts";

describe("block-units", () => {
  test("[INV1, INV70] takes units off sale, and says so to Postgres", () => {
    const area = AreaHarness.open(4);
    expect(area.block("c1", ["unit-2", "unit-0"])).toEqual({ ok: true, blocked: 2 });
    expect(area.counts()).toEqual({ available: 2, held: 0, sold: 0, blocked: 2 });
    expect(area.blocks()).toEqual([{ start: 0, states: "3030" }]);
    expect(area.outbox().at(-1)?.body).toMatchObject({
      reservations: [],
      units: [
        { unitId: "unit-0", state: "blocked", version: area.version() },
        { unitId: "unit-2", state: "blocked", version: area.version() },
      ],
      effects: [],
    });
  });

  test("[INV70, INV16] blocked units are not for sale: not by name, nor as best, nor in place of others", () => {
    const area = AreaHarness.open(4);
    area.block("c1", ["unit-0", "unit-1"]);
    area.expectRefused(() => area.hold({ reservationId: r1, unitIds: ["unit-1"] }), {
      code: "units_taken",
      unitIds: ["unit-1"],
      alternativeUnitIds: ["unit-2"],
    });
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 3 }), {
      code: "sold_out",
      available: 2,
    });
    expect(unitIdsOf(area.hold({ reservationId: r1, quantity: 2 }))).toEqual(["unit-2", "unit-3"]);
  });

  test("[INV70] counts only the units that were not blocked before, each once", () => {
    const area = AreaHarness.open(4);
    area.block("c1", ["unit-0"]);
    expect(area.block("c2", ["unit-1", "unit-0", "unit-1"])).toEqual({ ok: true, blocked: 1 });
    expect(area.counts().blocked).toBe(2);
    // Of the second one only what it changed.
    expect(area.outbox().at(-1)?.body.units).toMatchObject([{ unitId: "unit-1" }]);
    expect(area.block("c3", ["unit-0", "unit-1"])).toEqual({ ok: true, blocked: 0 });
    expect(area.block("c4", [])).toEqual({ ok: true, blocked: 0 });
  });

  test("[INV70] refuses all when one is unknown, before it looks at those that are taken", () => {
    const area = AreaHarness.open(3);
    area.hold({ reservationId: r1, unitIds: ["unit-0"] });
    area.expectRefused(() => area.block("c1", ["unit-0", "nowhere", "unit-1", "nowhere"]), {
      code: "units_unknown",
      unitIds: ["nowhere"],
    });
  });

  test("[INV5, INV70] refuses all when one is held or sold, naming those, and takes none of the rest", () => {
    const area = AreaHarness.open(5);
    area.hold({ reservationId: r1, unitIds: ["unit-1"] });
    area.buy({ reservationId: r2, unitIds: ["unit-3"] });
    area.reserve(r3, { unitIds: ["unit-4"] });
    const all = seats(5).map(({ unitId }) => unitId);
    area.expectRefused(() => area.block("c1", all), {
      code: "units_taken",
      unitIds: ["unit-1", "unit-3", "unit-4"],
      alternativeUnitIds: null,
    });
    area.expectRefused(() => area.block("c1", ["unit-0", "unit-3"]), {
      code: "units_taken",
      unitIds: ["unit-3"],
      alternativeUnitIds: null,
    });
  });

  test("[INV24, INV70] may take a unit from the very moment its hold ends", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.wait(HOLD_MS - 1);
    expect(area.block("c1", ["unit-0"])).toMatchObject({ ok: false });
    area.wait(1);
    expect(area.block("c1", ["unit-0"])).toEqual({ ok: true, blocked: 1 });
  });

  test("[INV27, INV28, INV29, INV70] a late payment does not get its unit once that is blocked", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1, unitIds: ["unit-0"] });
    area.hold({ reservationId: r2, unitIds: ["unit-1"] });
    area.wait(HOLD_MS);
    area.block("c1", ["unit-0"]);
    expect(area.commit(r1, "p1")).toMatchObject({
      ok: true,
      unitsReplaced: true,
      units: [{ unitId: "unit-1" }],
    });
    expect(area.commit(r2, "p2")).toEqual({ ok: false, refusal: { code: "refund_due" } });
    expect(area.unitState("unit-0")).toBe("blocked");
  });

  test("[INV70] works in a closed area", () => {
    const area = AreaHarness.open(1, { isOpen: false });
    expect(area.block("c1", ["unit-0"])).toEqual({ ok: true, blocked: 1 });
  });
});

describe("unblock-units", () => {
  test("[INV70] makes units available again, for anybody to hold, and says so to Postgres", () => {
    const area = AreaHarness.open(3);
    area.block("c1", ["unit-0", "unit-1"]);
    expect(area.unblock("c2", ["unit-1"])).toEqual({ ok: true, unblocked: 1 });
    expect(area.counts()).toEqual({ available: 2, held: 0, sold: 0, blocked: 1 });
    expect(area.outbox().at(-1)?.body.units).toMatchObject([
      { unitId: "unit-1", state: "available", version: area.version() },
    ]);
    expect(unitIdsOf(area.hold({ reservationId: r1, quantity: 2 }))).toEqual(["unit-1", "unit-2"]);
  });

  test("[INV70] leaves held, sold and available units as they are", () => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: r1, unitIds: ["unit-0"] });
    area.buy({ reservationId: r2, unitIds: ["unit-1"] });
    area.block("c1", ["unit-2"]);
    const all = seats(4).map(({ unitId }) => unitId);
    expect(area.unblock("c2", [...all, "unit-2"])).toEqual({ ok: true, unblocked: 1 });
    expect(area.blocks()).toEqual([{ start: 0, states: "1200" }]);
    expect(area.unblock("c3", all)).toEqual({ ok: true, unblocked: 0 });
  });

  test("[INV70] refuses all when one is unknown", () => {
    const area = AreaHarness.open(2);
    area.block("c1", ["unit-0"]);
    area.expectRefused(() => area.unblock("c2", ["unit-0", "nowhere"]), {
      code: "units_unknown",
      unitIds: ["nowhere"],
    });
  });
});

test("[INV9, INV70] an area without settings knows no units", () => {
  const area = new AreaHarness();
  area.expectRefused(() => area.block("c1", ["unit-0"]), { code: "area_unknown" });
  area.expectRefused(() => area.unblock("c1", ["unit-0"]), { code: "area_unknown" });
});
