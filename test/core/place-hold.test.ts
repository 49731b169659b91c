import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  HOLD_MS,
  PROFILE_ID,
  holdCommand,
  seats,
  unitIdsOf,
} from "../support/area-harness.ts";

const PRICES = { priceInCents: 9_500_000, serviceInCents: 500_000 };

describe("a hold", () => {
  test("[INV1, INV2] takes the units asked for, and only those", () => {
    const area = AreaHarness.open(4);
    expect(area.hold({ reservationId: "r1", quantity: 2 })).toEqual({
      ok: true,
      reservationId: "r1",
      profileId: PROFILE_ID,
      expiresAtMs: area.nowMs + HOLD_MS,
      currency: "COP",
      units: [
        {
          reservationUnitId: "r1-ticket-0",
          unitId: "unit-0",
          position: 0,
          label: "A-1-1",
          ...PRICES,
        },
        {
          reservationUnitId: "r1-ticket-1",
          unitId: "unit-1",
          position: 1,
          label: "A-1-2",
          ...PRICES,
        },
      ],
    });
    expect(area.counts()).toEqual({ available: 2, held: 2, sold: 0, blocked: 0 });
    expect(area.store.unitsById(["unit-1"])).toMatchObject([
      { state: "held", reservationId: "r1" },
    ]);
    expect(area.reservation("r1")).toMatchObject({
      state: "held",
      paymentId: null,
      unitsReplaced: false,
    });
  });

  test("[INV1] never takes a unit that another one holds or bought, until none is left", () => {
    const area = AreaHarness.open(6);
    const taken = ["r1", "r2", "r3"].flatMap((reservationId) =>
      unitIdsOf(area.hold({ reservationId, quantity: 2 })),
    );
    area.commit("r2", "p1");
    expect(new Set(taken).size).toBe(6);
    area.expectRefused(() => area.hold({ reservationId: "r4" }), {
      code: "sold_out",
      available: 0,
    });
    area.expectRefused(() => area.hold({ reservationId: "r4", unitIds: taken.slice(1, 3) }), {
      code: "units_taken",
      unitIds: taken.slice(1, 3),
    });
  });

  test("[INV17, INV6] keeps its price and fee when the settings change", () => {
    const area = AreaHarness.open(2);
    const first = area.hold({ reservationId: "r1" });
    area.configure({ version: 2, priceInCents: 1, serviceInCents: 0 });
    expect(area.hold({ reservationId: "r1" })).toEqual(first);
    expect(area.hold({ reservationId: "r2" })).toMatchObject({
      units: [{ priceInCents: 1, serviceInCents: 0 }],
    });
    const sale = area.commit("r1", "p1");
    expect(sale).toMatchObject({ ok: true, units: [PRICES] });
    expect(area.outbox().at(-1)?.body.reservations).toMatchObject([{ units: [PRICES] }]);
  });
});

describe("the refusals of a hold", () => {
  test("[INV14, INV3] another event's area is unknown", () => {
    const area = AreaHarness.open(2);
    area.expectRefused(() => area.hold({ reservationId: "r1", eventId: "event-2" }), {
      code: "area_unknown",
    });
  });

  test("[INV14] a closed area holds nothing more", () => {
    const area = AreaHarness.open(2, { isOpen: false });
    area.expectRefused(() => area.hold({ reservationId: "r1" }), { code: "area_closed" });
  });

  test.each([-1, 0, 7, 1_000_000])("[INV14] a quantity of %i", (quantity) => {
    const area = AreaHarness.open(10);
    const command = {
      ...holdCommand({ reservationId: "r1" }),
      selection: { kind: "best-available" as const, quantity },
    };
    area.expectRefused(() => area.run("place-hold", command), { code: "quantity_invalid", max: 6 });
  });

  test("[INV14] no unit named, or too many", () => {
    const area = AreaHarness.open(10);
    const max = { code: "quantity_invalid" as const, max: 6 };
    area.expectRefused(() => area.hold({ reservationId: "r1", unitIds: [] }), max);
    const seven = seats(7).map((unit) => unit.unitId);
    area.expectRefused(() => area.hold({ reservationId: "r1", unitIds: seven }), max);
  });

  test("[INV14] come in the order that tells a caller least: event, repetition, closed, quantity, units", () => {
    const area = AreaHarness.open(1, { isOpen: false });
    const wrong = { reservationId: "r1", quantity: 99 };
    area.expectRefused(() => area.hold({ ...wrong, eventId: "event-2" }), { code: "area_unknown" });
    area.expectRefused(() => area.hold(wrong), { code: "area_closed" });
    area.configure({ version: 2 });
    area.expectRefused(() => area.hold(wrong), { code: "quantity_invalid", max: 6 });
    area.hold({ reservationId: "r1" });
    area.configure({ version: 3, isOpen: false });
    area.expectRefused(() => area.hold(wrong), { code: "command_reused" });
  });

  test("[INV15] more than are available, with what there is", () => {
    const area = AreaHarness.open(3);
    area.expectRefused(() => area.hold({ reservationId: "r1", quantity: 4 }), {
      code: "sold_out",
      available: 3,
    });
    expect(unitIdsOf(area.hold({ reservationId: "r1", quantity: 3 }))).toHaveLength(3);
    area.expectRefused(() => area.hold({ reservationId: "r2" }), {
      code: "sold_out",
      available: 0,
    });
  });

  test("[INV16] units nobody knows, before those that are taken", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: "r1", unitIds: ["unit-0"] });
    const unitIds = ["unit-0", "unit-1", "nowhere"];
    area.expectRefused(() => area.hold({ reservationId: "r2", unitIds }), {
      code: "units_unknown",
      unitIds: ["nowhere"],
    });
    area.expectRefused(() => area.hold({ reservationId: "r2", unitIds: ["unit-0", "unit-1"] }), {
      code: "units_taken",
      unitIds: ["unit-0"],
    });
    expect(area.unitState("unit-1")).toBe("available");
  });
});

describe("named units", () => {
  test("[INV16] are held as named, each once", () => {
    const area = AreaHarness.open(5);
    expect(
      unitIdsOf(area.hold({ reservationId: "r1", unitIds: ["unit-4", "unit-2", "unit-4"] })),
    ).toEqual(["unit-2", "unit-4"]);
    expect(area.counts()).toEqual({ available: 3, held: 2, sold: 0, blocked: 0 });
  });
});

describe("a hold that is sent again", () => {
  test("[INV4, INV18] gets the first answer and changes nothing", () => {
    const area = AreaHarness.open(4);
    const first = area.hold({ reservationId: "r1", quantity: 2 });
    area.wait(60_000);
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: "r1", quantity: 2 })).toEqual(first),
    );
    const named = area.hold({ reservationId: "r2", unitIds: ["unit-3", "unit-2"] });
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: "r2", unitIds: ["unit-3", "unit-2"] })).toEqual(named),
    );
  });

  test("[INV18] gets the first answer once extended, sold, expired or refund-due, and in a closed area", () => {
    const area = AreaHarness.open(3);
    const first = ["extended", "sold", "expired"].map((reservationId) =>
      area.hold({ reservationId }),
    );
    area.extend("extended", "p1");
    area.commit("sold", "p2");
    area.wait(HOLD_MS);
    area.configure({ version: 2, isOpen: false });
    const again = () =>
      ["extended", "sold", "expired"].map((reservationId) => area.hold({ reservationId }));
    area.expectUnchanged(() => expect(again()).toEqual(first));
    area.configure({ version: 3 });
    area.hold({ reservationId: "r4" });
    area.commit("expired", "p3");
    expect(area.reservation("expired")?.state).toBe("refund-due");
    area.expectUnchanged(() => expect(again()).toEqual(first));
  });

  test("[INV4, INV18] with another selection is refused by name", () => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: "r1", quantity: 2 });
    area.hold({ reservationId: "r2", unitIds: ["unit-2", "unit-3"] });
    const reused = { code: "command_reused" as const };
    area.expectRefused(() => area.hold({ reservationId: "r1", quantity: 1 }), reused);
    area.expectRefused(
      () => area.hold({ reservationId: "r1", unitIds: ["unit-0", "unit-1"] }),
      reused,
    );
    area.expectRefused(() => area.hold({ reservationId: "r2", unitIds: ["unit-2"] }), reused);
    area.expectRefused(
      () => area.hold({ reservationId: "r2", unitIds: ["unit-3", "unit-2"] }),
      reused,
    );
    area.expectRefused(() => area.hold({ reservationId: "r2", quantity: 2 }), reused);
  });
});

describe("a released hold", () => {
  test("[INV19] may be placed again, with the units, price and expiry of the new moment", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: "r1" });
    area.release("r1");
    area.hold({ reservationId: "r2" });
    area.configure({ version: 2, priceInCents: 7 });
    area.wait(5_000);
    expect(area.hold({ reservationId: "r1" })).toMatchObject({
      ok: true,
      expiresAtMs: area.nowMs + HOLD_MS,
      units: [{ reservationUnitId: "r1-ticket-0", unitId: "unit-1", priceInCents: 7 }],
    });
    expect(area.counts()).toEqual({ available: 0, held: 2, sold: 0, blocked: 0 });
    expect(area.commit("r1", "p1")).toMatchObject({
      ok: true,
      units: [{ unitId: "unit-1", priceInCents: 7 }],
    });
  });

  test("[INV19] is refused as a new one is, and stays released", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: "r1" });
    area.release("r1");
    area.hold({ reservationId: "r2" });
    area.expectRefused(() => area.hold({ reservationId: "r1" }), {
      code: "sold_out",
      available: 0,
    });
    area.configure({ version: 2, isOpen: false });
    area.expectRefused(() => area.hold({ reservationId: "r1" }), { code: "area_closed" });
  });

  test("[INV19] with another selection is refused: Postgres would keep tickets that nobody holds", () => {
    const area = AreaHarness.open(3);
    area.hold({ reservationId: "r1", quantity: 3 });
    area.release("r1");
    area.expectRefused(() => area.hold({ reservationId: "r1", quantity: 2 }), {
      code: "command_reused",
    });
  });
});
