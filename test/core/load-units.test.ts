import { afterEach, describe, expect, test, vi } from "vitest";
import type { Unit } from "../../durable-objects/area-inventory/core/commands.ts";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import {
  AreaHarness,
  holdCommand,
  places,
  r1,
  r2,
  seats,
  unitIdsOf,
} from "../support/area-harness.ts";

afterEach(() => vi.restoreAllMocks());

const load = (area: AreaHarness, units: readonly Unit[]) => area.load(units);
const blocksOf = (area: AreaHarness) =>
  area.blocks().map(({ start, states }) => [start, states.length]);

test("[INV11] chunks add up, and their units are available", () => {
  const area = AreaHarness.open(0);
  expect(load(area, seats(4))).toEqual({ ok: true, units: 4 });
  expect(load(area, seats(3, 4))).toEqual({ ok: true, units: 7 });
  expect(area.counts()).toEqual({ available: 7, held: 0, sold: 0, blocked: 0 });
  expect(area.store.unitsById(["unit-6"])).toEqual(seats(1, 6));
  expect(area.unitState("unit-6")).toBe("available");
});

test("[INV11] a chunk that is sent again adds nothing, whatever became of its units", () => {
  const area = AreaHarness.open(4);
  area.hold({ reservationId: r1, quantity: 1 });
  area.hold({ reservationId: r2, quantity: 1 });
  area.commit(r2, "p1");
  area.block("c1", ["unit-3"]);
  expect(area.counts()).toEqual({ available: 1, held: 1, sold: 1, blocked: 1 });
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

describe("blocks", () => {
  test("[INV49] are the units of one row with consecutive numbers", () => {
    const aisle = seats(6, 20).map((unit, index) => ({
      ...unit,
      number: index < 3 ? index + 1 : index + 2,
    }));
    const area = AreaHarness.open([...seats(20), ...aisle]);
    expect(blocksOf(area)).toEqual([
      [0, 10],
      [10, 10],
      [20, 3],
      [23, 3],
    ]);
  });

  test("[INV49] end with their row, even where the next one's numbers go on", () => {
    const rows = seats(6).map((unit, index) => ({ ...unit, row: index < 3 ? 1 : 2 }));
    expect(rows.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    const area = AreaHarness.open(rows);
    expect(blocksOf(area)).toEqual([
      [0, 3],
      [3, 3],
    ]);
    const together = { reservationId: r1, quantity: 4, together: true };
    area.expectRefused(() => area.hold(together), { code: "not_together", available: 6 });
  });

  test("[INV49] of a row longer than 512 units are several, and its units are all sold", () => {
    const area = AreaHarness.open(seats(1_100, 0, 2_000), { unitsPerReservationMax: 600 });
    expect(blocksOf(area)).toEqual([
      [0, 512],
      [512, 512],
      [1_024, 76],
    ]);
    // Beyond the index's longest length: the first block is whole, then the rest of the row.
    expect(unitIdsOf(area.hold({ reservationId: r1, quantity: 513 }))).toEqual(
      seats(513).map(({ unitId }) => unitId),
    );
    expect(area.counts()).toEqual({ available: 587, held: 513, sold: 0, blocked: 0 });
    area.expectRefused(() => area.hold({ reservationId: r2, quantity: 588 }), {
      code: "sold_out",
      available: 587,
    });
    area.hold({ reservationId: r2, quantity: 587 });
    expect(area.counts().available).toBe(0);
  });

  test("[INV49] go on where the chunk before ended, until they are full", () => {
    const row = seats(1_200, 0, 2_000);
    const inOne = AreaHarness.open(row);
    const inChunks = AreaHarness.open(0);
    for (const [from, to] of [
      [0, 1],
      [1, 511],
      [511, 512],
      [512, 513],
      [513, 700],
      [700, 1_200],
    ]) {
      load(inChunks, row.slice(from, to));
    }
    expect(inChunks.blocks()).toEqual(inOne.blocks());
    expect(inChunks.counts()).toEqual(inOne.counts());
  });

  test("[INV49] keep the states of their units when a chunk makes them longer", () => {
    const area = AreaHarness.open(seats(4));
    area.hold({ reservationId: r1, unitIds: ["unit-1"] });
    area.hold({ reservationId: r2, unitIds: ["unit-3"] });
    area.commit(r2, "p1");
    load(area, seats(10, 4));
    expect(area.blocks()).toEqual([
      { start: 0, states: "0102000000" },
      { start: 10, states: "0000" },
    ]);
  });

  test("[INV49, INV33] grow in the batch that changes them", () => {
    const area = AreaHarness.open(seats(4));
    area.drain([
      waitingFor("place-hold", holdCommand({ reservationId: r1, quantity: 2 }), () => undefined),
      waitingFor("load-units", { kind: "load-units", units: seats(3, 4) }, () => undefined),
      waitingFor("place-hold", holdCommand({ reservationId: r2, quantity: 5 }), () => undefined),
    ]);
    expect(area.blocks()).toEqual([{ start: 0, states: "1111111" }]);
    expect(area.counts()).toEqual({ available: 0, held: 7, sold: 0, blocked: 0 });
  });

  test("[INV49] of general admission are in row 0", () => {
    const area = AreaHarness.open([
      ...places(3),
      ...seats(3, 10).map((unit, index) => ({
        ...unit,
        position: 3 + index,
        number: 4 + index,
        unitId: `seat-${index}`,
      })),
    ]);
    expect(blocksOf(area)).toEqual([
      [0, 3],
      [3, 3],
    ]);
  });
});

describe("the order in which units come", () => {
  test("[INV50] within a chunk does not matter", () => {
    const area = AreaHarness.open(0);
    load(area, seats(23).toReversed());
    expect(blocksOf(area)).toEqual([
      [0, 10],
      [10, 10],
      [20, 3],
    ]);
    expect(unitIdsOf(area.hold({ reservationId: r1, unitIds: ["unit-12"] }))).toEqual(["unit-12"]);
    expect(area.blocks()[1]).toEqual({ start: 10, states: "0010000000" });
  });

  test("[INV50] may leave a position out, which belongs to nobody", () => {
    const area = AreaHarness.open([...seats(4), ...seats(5, 6)]);
    expect(blocksOf(area)).toEqual([
      [0, 4],
      [6, 4],
      [10, 1],
    ]);
    expect(unitIdsOf(area.hold({ reservationId: r1, unitIds: ["unit-7"] }))).toEqual(["unit-7"]);
    expect(unitIdsOf(area.hold({ reservationId: r2, quantity: 5 }))).toEqual([
      "unit-0",
      "unit-1",
      "unit-2",
      "unit-3",
      "unit-6",
    ]);
    expect(area.blocks().map(({ states }) => states)).toEqual(["1111", "1100", "0"]);
  });

  test("[INV50] refuses a unit that comes after later ones, whole and as a failure", () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    const area = AreaHarness.open([...seats(4), ...seats(2, 6)]);
    area.expectRefused(() => load(area, [...seats(1, 5), ...seats(1, 8)]), {
      code: "command_failed",
    });
    expect(area.hold({ reservationId: r1, quantity: 6 })).toMatchObject({ ok: true });
  });
});
