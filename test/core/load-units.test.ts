import { expect, test } from "vitest";
import type { Unit } from "../../durable-objects/area-inventory/core/commands.ts";
import { AreaHarness, seats } from "../support/area-harness.ts";

const load = (area: AreaHarness, units: readonly Unit[]) =>
  area.run("load-units", { kind: "load-units", units });

test("[INV11] chunks add up, and their units are available", () => {
  const area = AreaHarness.open(0);
  expect(load(area, seats(4))).toEqual({ ok: true, units: 4 });
  expect(load(area, seats(3, 4))).toEqual({ ok: true, units: 7 });
  expect(area.counts()).toEqual({ available: 7, held: 0, sold: 0, blocked: 0 });
  expect(area.store.unitsById(["unit-6"])).toEqual([
    { ...seats(1, 6)[0], state: "available", reservationId: null },
  ]);
});

test("[INV11] a chunk that is sent again adds nothing, whatever became of its units", () => {
  const area = AreaHarness.open(4);
  area.hold({ reservationId: "r1", quantity: 1 });
  area.hold({ reservationId: "r2", quantity: 1 });
  area.commit("r2", "p1");
  area.expectUnchanged(() => expect(load(area, seats(4))).toEqual({ ok: true, units: 4 }));
  area.expectUnchanged(() => expect(load(area, [])).toEqual({ ok: true, units: 4 }));
});

test("[INV11] a chunk that overlaps what is there adds the rest", () => {
  const area = AreaHarness.open(3);
  expect(load(area, seats(4, 1))).toEqual({ ok: true, units: 5 });
  expect(area.counts().available).toBe(5);
});

test("[INV12] another unit for a taken position refuses the whole chunk", () => {
  const area = AreaHarness.open(2);
  const chunk = [...seats(1, 2), ...seats(1, 1).map((unit) => ({ ...unit, unitId: "other" }))];
  area.expectRefused(() => load(area, chunk), { code: "units_conflict", unitIds: ["other"] });
});

test("[INV12] another position for a known unit refuses the whole chunk", () => {
  const area = AreaHarness.open(2);
  const chunk = [
    ...seats(1, 2),
    { position: 9, unitId: "unit-0", row: 1, number: 1, label: "A-1-1" },
  ];
  area.expectRefused(() => load(area, chunk), { code: "units_conflict", unitIds: ["unit-0"] });
});

test("[INV12] two units that change places are refused", () => {
  const area = AreaHarness.open(2);
  const chunk = seats(2).map((unit) => ({ ...unit, position: 1 - unit.position }));
  area.expectRefused(() => load(area, chunk), {
    code: "units_conflict",
    unitIds: ["unit-0", "unit-1"],
  });
});
