import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  HOLD_MS,
  PROFILE_ID,
  places,
  r1,
  r2,
  r3,
  r4,
  seats,
  ticketOf,
  unitIdsOf,
} from "../support/area-harness.ts";

/** What a reservation of more than six is told. */
const aboveSix = { code: "limit_reached", limit: "reservation", max: 6, left: 6 } as const;
const PRICES = { priceInCents: 9_500_000, serviceInCents: 500_000 };

describe("a hold", () => {
  test("[INV1, INV2] takes the units asked for, and only those", () => {
    const area = AreaHarness.open(4);
    expect(area.hold({ reservationId: r1, quantity: 2 })).toEqual({
      ok: true,
      reservationId: r1,
      profileId: PROFILE_ID,
      expiresAtMs: area.nowMs + HOLD_MS,
      currency: "COP",
      units: [
        {
          reservationUnitId: ticketOf(r1, 0),
          unitId: "unit-0",
          position: 0,
          label: "A-1-1",
          ...PRICES,
        },
        {
          reservationUnitId: ticketOf(r1, 1),
          unitId: "unit-1",
          position: 1,
          label: "A-1-2",
          ...PRICES,
        },
      ],
    });
    expect(area.counts()).toEqual({ available: 2, held: 2, sold: 0, blocked: 0 });
    expect(area.unitState("unit-1")).toBe("held");
    expect(area.ownerOf("unit-1")).toBe(r1);
    expect(area.reservation(r1)).toMatchObject({
      state: "held",
      paymentId: null,
      unitsReplaced: false,
    });
  });

  test("[INV1] never takes a unit that another one holds or bought, until none is left", () => {
    const area = AreaHarness.open(6);
    const taken = [r1, r2, r3].flatMap((reservationId) =>
      unitIdsOf(area.hold({ reservationId, quantity: 2 })),
    );
    area.commit(r2, "p1");
    expect(new Set(taken).size).toBe(6);
    area.expectRefused(() => area.hold({ reservationId: r4 }), {
      code: "sold_out",
      available: 0,
    });
    area.expectRefused(() => area.hold({ reservationId: r4, unitIds: taken.slice(1, 3) }), {
      code: "units_taken",
      unitIds: taken.slice(1, 3),
      alternativeUnitIds: null,
    });
  });

  test("[INV17, INV6] keeps its price and fee when the settings change", () => {
    const area = AreaHarness.open(2);
    const first = area.hold({ reservationId: r1 });
    area.configure({ version: 2, priceInCents: 1, serviceInCents: 0 });
    expect(area.hold({ reservationId: r1 })).toEqual(first);
    expect(area.hold({ reservationId: r2 })).toMatchObject({
      units: [{ priceInCents: 1, serviceInCents: 0 }],
    });
    const sale = area.commit(r1, "p1");
    expect(sale).toMatchObject({ ok: true, units: [PRICES] });
    expect(area.outbox().at(-1)?.body.reservations).toMatchObject([{ units: [PRICES] }]);
  });
});

describe("the refusals of a hold", () => {
  test("[INV14, INV3] another event's area is unknown", () => {
    const area = AreaHarness.open(2);
    area.expectRefused(() => area.hold({ reservationId: r1, eventId: "event-2" }), {
      code: "area_unknown",
    });
  });

  test("[INV14] a closed area holds nothing more", () => {
    const area = AreaHarness.open(2, { isOpen: false });
    area.expectRefused(() => area.hold({ reservationId: r1 }), { code: "area_closed" });
  });

  test.each([-1, 0])("[INV14] a quantity of %i", (quantity) => {
    const area = AreaHarness.open(10);
    const nothing = { code: "quantity_invalid" as const, max: 6 };
    area.expectRefused(() => area.hold({ reservationId: r1, quantity }), nothing);
    area.expectRefused(() => area.hold({ reservationId: r1, unitIds: [] }), nothing);
  });

  test.each([7, 1_000_000])(
    "[INV14] a quantity of %i, above the most of a reservation",
    (quantity) => {
      const area = AreaHarness.open(10);
      area.expectRefused(() => area.hold({ reservationId: r1, quantity }), aboveSix);
      const seven = seats(7).map((unit) => unit.unitId);
      area.expectRefused(() => area.hold({ reservationId: r1, unitIds: seven }), aboveSix);
      expect(area.hold({ reservationId: r1, quantity: 6 })).toMatchObject({ ok: true });
      expect(
        area.hold({ reservationId: r2, unitIds: [...seven.slice(6), "unit-6"] }),
      ).toMatchObject({ ok: true });
    },
  );

  test("[INV14] come in the order that tells a caller least: event, repetition, closed, quantity, units", () => {
    const area = AreaHarness.open(1, { isOpen: false });
    const wrong = { reservationId: r1, quantity: 99 };
    area.expectRefused(() => area.hold({ ...wrong, eventId: "event-2" }), { code: "area_unknown" });
    area.expectRefused(() => area.hold(wrong), { code: "area_closed" });
    area.configure({ version: 2 });
    area.expectRefused(() => area.hold(wrong), aboveSix);
    area.hold({ reservationId: r1 });
    area.configure({ version: 3, isOpen: false });
    area.expectRefused(() => area.hold(wrong), { code: "command_reused" });
  });

  test("[INV15] more than are available, with what there is", () => {
    const area = AreaHarness.open(3);
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 4 }), {
      code: "sold_out",
      available: 3,
    });
    expect(unitIdsOf(area.hold({ reservationId: r1, quantity: 3 }))).toHaveLength(3);
    area.expectRefused(() => area.hold({ reservationId: r2 }), {
      code: "sold_out",
      available: 0,
    });
  });

  test("[INV16] units nobody knows, before those that are taken", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1, unitIds: ["unit-0"] });
    const unitIds = ["unit-0", "unit-1", "nowhere"];
    area.expectRefused(() => area.hold({ reservationId: r2, unitIds }), {
      code: "units_unknown",
      unitIds: ["nowhere"],
    });
    area.expectRefused(() => area.hold({ reservationId: r2, unitIds: ["unit-0", "unit-1"] }), {
      code: "units_taken",
      unitIds: ["unit-0"],
      alternativeUnitIds: null,
    });
    expect(area.unitState("unit-1")).toBe("available");
  });
});

describe("best available units", () => {
  test("[INV15] are side by side and leave no single seat alone", () => {
    // Rows of five: of three, two would leave one; the next row leaves three.
    const area = AreaHarness.open(seats(10, 0, 5));
    area.hold({ reservationId: r1, quantity: 2 });
    expect(unitIdsOf(area.hold({ reservationId: r2, quantity: 2 }))).toEqual(["unit-5", "unit-6"]);
    expect(unitIdsOf(area.hold({ reservationId: r3, quantity: 3 }))).toEqual([
      "unit-2",
      "unit-3",
      "unit-4",
    ]);
  });

  test("[INV15] strand a seat rather than be apart", () => {
    const area = AreaHarness.open(3);
    expect(unitIdsOf(area.hold({ reservationId: r1, quantity: 2, together: true }))).toEqual([
      "unit-0",
      "unit-1",
    ]);
  });

  test("[INV46] are of the nearest rows where no row has enough", () => {
    const area = AreaHarness.open(seats(9, 0, 3));
    area.hold({ reservationId: r1, unitIds: ["unit-0"] });
    area.hold({ reservationId: r2, unitIds: ["unit-7"] });
    expect(unitIdsOf(area.hold({ reservationId: r3, quantity: 5 }))).toEqual([
      "unit-1",
      "unit-2",
      "unit-3",
      "unit-4",
      "unit-5",
    ]);
    expect(unitIdsOf(area.hold({ reservationId: r4, quantity: 2 }))).toEqual(["unit-6", "unit-8"]);
  });

  test("[INV46] are refused where they must be together and are not, with what there is", () => {
    const area = AreaHarness.open(seats(6, 0, 3));
    area.hold({ reservationId: r1, unitIds: ["unit-1"] });
    const together = { reservationId: r2, together: true };
    area.expectRefused(() => area.hold({ ...together, quantity: 4 }), {
      code: "not_together",
      available: 5,
    });
    area.expectRefused(() => area.hold({ ...together, quantity: 6 }), {
      code: "sold_out",
      available: 5,
    });
    // What was refused left no trace of its id: the same reservation may ask for less, or for less together.
    expect(unitIdsOf(area.hold({ ...together, quantity: 3 }))).toEqual([
      "unit-3",
      "unit-4",
      "unit-5",
    ]);
    expect(unitIdsOf(area.hold({ reservationId: r3, quantity: 2, together: false }))).toEqual([
      "unit-0",
      "unit-2",
    ]);
  });

  test("[INV18, INV46] not having asked for together is the same as not needing it", () => {
    const area = AreaHarness.open(3);
    const first = area.hold({ reservationId: r1, quantity: 2 });
    area.expectUnchanged(() => {
      expect(area.hold({ reservationId: r1, quantity: 2, together: false })).toEqual(first);
    });
  });

  test("[INV47] of general admission are the next free ones, together or not, in all blocks", () => {
    const area = AreaHarness.open(places(600), { unitsPerReservationMax: 520 });
    area.hold({ reservationId: r1, unitIds: ["unit-1"] });
    expect(unitIdsOf(area.hold({ reservationId: r2, quantity: 2, together: true }))).toEqual([
      "unit-0",
      "unit-2",
    ]);
    const many = unitIdsOf(area.hold({ reservationId: r3, quantity: 520, together: true }));
    expect(many).toEqual(places(520, 3).map(({ unitId }) => unitId));
    area.expectRefused(() => area.hold({ reservationId: r4, quantity: 78, together: true }), {
      code: "sold_out",
      available: 77,
    });
  });
});
