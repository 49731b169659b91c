import { describe, expect, test } from "vitest";
import { AreaHarness, r1, r2, r3, seats, unitIdsOf } from "../support/area-harness.ts";

describe("named units", () => {
  test("[INV16, INV49] of several blocks are held all or none, and nothing beside them", () => {
    const area = AreaHarness.open(seats(12, 0, 3));
    const named = ["unit-11", "unit-0", "unit-4"];
    expect(unitIdsOf(area.hold({ reservationId: r1, unitIds: named }))).toEqual([
      "unit-0",
      "unit-4",
      "unit-11",
    ]);
    const bytes = area.blocks().map(({ states }) => states);
    expect(bytes).toEqual(["100", "010", "000", "001"]);
    area.expectRefused(
      () => area.hold({ reservationId: r2, unitIds: ["unit-1", "unit-4", "unit-7"] }),
      {
        code: "units_taken",
        unitIds: ["unit-4"],
        // Its own row has two left, then the row after it.
        alternativeUnitIds: ["unit-1", "unit-2", "unit-3"],
      },
    );
    area.commit(r1, "p1");
    expect(area.blocks().map(({ states }) => states)).toEqual(["200", "020", "000", "002"]);
  });

  test("[INV16] that are taken are answered with as many free ones side by side in the row of the first", () => {
    const area = AreaHarness.open(20);
    area.hold({ reservationId: r1, unitIds: ["unit-3", "unit-4"] });
    area.expectRefused(
      () => area.hold({ reservationId: r2, unitIds: ["unit-5", "unit-4", "unit-4"] }),
      {
        code: "units_taken",
        unitIds: ["unit-4"],
        alternativeUnitIds: ["unit-5", "unit-6"],
      },
    );
    // Whoever takes the offer gets it.
    expect(area.hold({ reservationId: r2, unitIds: ["unit-5", "unit-6"] })).toMatchObject({
      ok: true,
    });
    area.expectRefused(() => area.hold({ reservationId: r3, unitIds: ["unit-3"] }), {
      code: "units_taken",
      unitIds: ["unit-3"],
      alternativeUnitIds: ["unit-2"],
    });
  });

  test("[INV16] are answered with those of the nearest rows when the row has too few, and with none when there are none", () => {
    const area = AreaHarness.open(seats(6, 0, 3));
    area.hold({ reservationId: r1, unitIds: ["unit-0", "unit-1"] });
    area.expectRefused(() => area.hold({ reservationId: r2, unitIds: ["unit-0", "unit-1"] }), {
      code: "units_taken",
      unitIds: ["unit-0", "unit-1"],
      alternativeUnitIds: ["unit-2", "unit-3"],
    });
    area.expectRefused(
      () => area.hold({ reservationId: r2, unitIds: seats(5).map(({ unitId }) => unitId) }),
      { code: "units_taken", unitIds: ["unit-0", "unit-1"], alternativeUnitIds: null },
    );
  });

  test("[INV16] are held as named, each once", () => {
    const area = AreaHarness.open(5);
    expect(
      unitIdsOf(area.hold({ reservationId: r1, unitIds: ["unit-4", "unit-2", "unit-4"] })),
    ).toEqual(["unit-2", "unit-4"]);
    expect(area.counts()).toEqual({ available: 3, held: 2, sold: 0, blocked: 0 });
  });
});
