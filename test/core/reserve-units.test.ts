import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  EVENT_ID,
  HOLD_MS,
  PROFILE_ID,
  promotionOf,
  r1,
  r2,
  r3,
  stageOf,
  ticketOf,
  unitIdsOf,
} from "../support/area-harness.ts";

const NEVER_MS = Date.UTC(2100, 0, 1);

describe("reserve-units", () => {
  test("[INV1, INV69] holds units at the area's own price, without an end", () => {
    const area = AreaHarness.open(3);
    const label = "A-1-1";
    const unit = {
      unitId: "unit-0",
      position: 0,
      label,
      priceInCents: 9_500_000,
      serviceInCents: 500_000,
    };
    expect(area.reserve(r1, { quantity: 1 })).toEqual({
      ok: true,
      reservationId: r1,
      profileId: PROFILE_ID,
      expiresAtMs: NEVER_MS,
      currency: "COP",
      units: [{ reservationUnitId: ticketOf(r1, 0), ...unit }],
    });
    expect(area.reservation(r1)).toEqual({
      reservationId: r1,
      state: "held",
      selection: { kind: "best-available", quantity: 1 },
      holdExpiresAtMs: NEVER_MS,
      expiresAtMs: NEVER_MS,
      paymentId: null,
      unitsReplaced: false,
      units: [{ reservationUnitId: ticketOf(r1, 0), ...unit }],
      tickets: [],
    });
    area.wait(100 * 365 * HOLD_MS);
    expect(area.expire()).toEqual({ ok: true, expired: 0 });
    expect(area.counts()).toEqual({ available: 2, held: 1, sold: 0, blocked: 0 });
    expect(area.outbox().at(-1)?.body).toMatchObject({ units: [], effects: [] });
  });

  test("[INV69] in a closed area too, and beyond the most of a reservation and of a buyer", () => {
    const area = AreaHarness.open(20, {
      isOpen: false,
      unitsPerReservationMax: 2,
      unitsPerBuyerMax: 1,
    });
    expect(unitIdsOf(area.reserve(r1, { quantity: 15 }))).toHaveLength(15);
    expect(area.dump()["quota"]).toEqual([]);
  });

  test("[INV62, INV69] takes nothing of a stage or a promotion, and does not get their price", () => {
    const area = AreaHarness.open(5, {
      stages: [stageOf("early", { unitsMax: 1 })],
      promotions: [promotionOf("all", { code: null })],
    });
    expect(area.reserve(r1, { quantity: 3 })).toMatchObject({
      units: [0, 1, 2].map(() => ({ priceInCents: 9_500_000 })),
    });
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("baseInCents");
    expect(area.reservation(r1)).not.toHaveProperty("uses");
    expect(area.taken("stage:early")).toBeNull();
    expect(area.hold({ reservationId: r2 })).toMatchObject({ units: [{ stageId: "early" }] });
  });

  test("[INV16, INV69] named units, all or none, with others in their place", () => {
    const area = AreaHarness.open(5);
    expect(unitIdsOf(area.reserve(r1, { unitIds: ["unit-3", "unit-1", "unit-3"] }))).toEqual([
      "unit-1",
      "unit-3",
    ]);
    area.expectRefused(() => area.reserve(r2, { unitIds: ["unit-0", "unit-1"] }), {
      code: "units_taken",
      unitIds: ["unit-1"],
      alternativeUnitIds: ["unit-0", "unit-2"],
    });
    area.expectRefused(() => area.reserve(r2, { unitIds: ["unit-0", "nowhere"] }), {
      code: "units_unknown",
      unitIds: ["nowhere"],
    });
  });

  test("[INV15, INV46, INV69] the best ones, refused when there are too few or they are apart", () => {
    const area = AreaHarness.open(4);
    area.block("c1", ["unit-1"]);
    area.expectRefused(() => area.reserve(r1, { quantity: 4 }), { code: "sold_out", available: 3 });
    area.expectRefused(() => area.reserve(r1, { quantity: 3, together: true }), {
      code: "not_together",
      available: 3,
    });
    expect(unitIdsOf(area.reserve(r1, { quantity: 3 }))).toEqual(["unit-0", "unit-2", "unit-3"]);
  });

  test("[INV69] of nothing is refused", () => {
    const area = AreaHarness.open(4);
    const nothing = { code: "quantity_invalid" as const, max: 4 };
    area.expectRefused(() => area.reserve(r1, { quantity: 0 }), nothing);
    area.expectRefused(() => area.reserve(r1, { quantity: -1 }), nothing);
    area.expectRefused(() => area.reserve(r1, { unitIds: [] }), nothing);
  });
});

describe("what is reserved", () => {
  test("[INV23, INV69] is given back", () => {
    const area = AreaHarness.open(2);
    area.reserve(r1, { quantity: 2 });
    expect(area.release(r1)).toEqual({ ok: true, reservationId: r1 });
    expect(area.counts()).toEqual({ available: 2, held: 0, sold: 0, blocked: 0 });
  });

  test("[INV25, INV69] is paid for, in a closed area and years later", () => {
    const area = AreaHarness.open(2, { isOpen: false });
    area.reserve(r1, { quantity: 2 });
    area.wait(1_000 * HOLD_MS);
    expect(area.commit(r1, "p1")).toMatchObject({ ok: true, unitsReplaced: false });
    expect(area.ticket(ticketOf(r1, 1))).toMatchObject({ serial: 1 });
    expect(area.counts()).toEqual({ available: 0, held: 0, sold: 2, blocked: 0 });
  });

  test("[INV20, INV69] keeps its end when somebody starts to pay for it", () => {
    const area = AreaHarness.open(2);
    area.reserve(r1, { quantity: 1 });
    expect(area.extend(r1, "p1")).toMatchObject({ ok: true, expiresAtMs: NEVER_MS });
    expect(area.reservation(r1)).toMatchObject({ paymentId: "p1", expiresAtMs: NEVER_MS });
  });

  test("[INV67, INV69] counts as the buyer's from the moment one pays", () => {
    const area = AreaHarness.open(4, { unitsPerBuyerMax: 2 });
    area.reserve(r1, { quantity: 2 });
    area.extendFor(r1, "p1", "ana");
    expect(area.taken("buyer:ana")).toBe(2);
  });
});

describe("the same id again", () => {
  test("[INV4, INV69] with the same selection gets the first answer, whatever became of it", () => {
    const area = AreaHarness.open(3);
    const first = area.reserve(r1, { quantity: 2 });
    area.configure({ version: 2, isOpen: false, priceInCents: 1 });
    area.expectUnchanged(() => expect(area.reserve(r1, { quantity: 2 })).toEqual(first));
    area.commit(r1, "p1");
    area.expectUnchanged(() => expect(area.reserve(r1, { quantity: 2 })).toEqual(first));
    const second = area.reserve(r2, { quantity: 1 });
    area.release(r2);
    area.expectUnchanged(() => expect(area.reserve(r2, { quantity: 1 })).toEqual(second));
  });

  test("[INV4, INV69] with another one is refused", () => {
    const area = AreaHarness.open(5);
    area.reserve(r1, { quantity: 2 });
    area.reserve(r2, { unitIds: ["unit-3", "unit-2"] });
    const reused = { code: "command_reused" as const };
    area.expectRefused(() => area.reserve(r1, { quantity: 1 }), reused);
    area.expectRefused(() => area.reserve(r1, { quantity: 2, together: true }), reused);
    area.expectRefused(() => area.reserve(r1, { unitIds: ["unit-0", "unit-1"] }), reused);
    area.expectRefused(() => area.reserve(r2, { unitIds: ["unit-2", "unit-3"] }), reused);
    area.release(r1);
    area.expectRefused(() => area.reserve(r1, { quantity: 0 }), reused);
  });
});

describe("an area that cannot keep anything", () => {
  test("[INV9, INV69] has no settings", () => {
    const area = new AreaHarness();
    area.expectRefused(() => area.reserve(r1, { quantity: 1 }), { code: "area_unknown" });
  });

  test("[INV57, INV69] is being rebuilt", () => {
    const area = AreaHarness.open(3, { isRestoring: true });
    area.expectRefused(() => area.reserve(r1, { quantity: 1 }), { code: "area_closed" });
    area.configure({ version: 2 });
    const first = area.reserve(r1, { quantity: 1 });
    area.configure({ version: 3, isRestoring: true });
    area.expectUnchanged(() => expect(area.reserve(r1, { quantity: 1 })).toEqual(first));
  });

  test("[INV68, INV69] is a pool, or is asked for a part of one", () => {
    const unknown = { code: "area_unknown" as const };
    const area = AreaHarness.open(3);
    area.expectRefused(() => area.reserve(r1, { part: 1 }), unknown);
    const pool = AreaHarness.pool();
    pool.expectRefused(() => pool.reserve(r1, { part: 1 }), unknown);
    pool.expectRefused(() => pool.reserve(r3, { quantity: 1 }), unknown);
    pool.expectRefused(() => pool.hold({ reservationId: r1, eventId: EVENT_ID }), unknown);
  });
});
