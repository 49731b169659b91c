// A payment that comes after its hold has ended, where something the price depended on is limited.

import { describe, expect, test } from "vitest";
import type { AreaSettings } from "../../durable-objects/area-inventory/core/commands.ts";
import { AreaHarness, HOLD_MS, promotionOf, r1, r2, r3, stageOf } from "../support/area-harness.ts";

const PRICE = 9_500_000;
const early = stageOf("early", { unitsMax: 3, adjustment: { kind: "fixed", inCents: -500_000 } });
const promotions = [promotionOf("ten", { usesMax: 1, usesPerBuyerMax: 1 })];
const limits = { stages: [early], promotions, unitsPerBuyerMax: 2 };
const refundDue = { ok: false, refusal: { code: "refund_due" } };
const standIns = { ok: true, unitsReplaced: true };

/** `r1` held units 0 and 1 of six with all there is, and its time is over. */
function lapsed(ending: "expired" | "released" = "expired"): AreaHarness {
  const area = AreaHarness.open(6, limits);
  const terms = { buyerId: "ana", promotionCode: "TEN" };
  area.hold({ reservationId: r1, quantity: 2, terms });
  if (ending === "released") area.release(r1);
  else area.wait(HOLD_MS);
  area.expire();
  expect(
    ["stage:early", "promotion:ten", "promotion:ten:ana", "buyer:ana"].map((key) =>
      area.taken(key),
    ),
  ).toEqual([0, 0, 0, 0]);
  return area;
}

describe.each(["expired", "released"] as const)("a payment after the hold was %s", (ending) => {
  test("[INV6, INV27, INV62] takes its limited quantities again, at its own price", () => {
    const area = lapsed(ending);
    area.configure({ ...limits, version: 2, stages: [early, stageOf("late")], priceInCents: 1 });
    expect(area.commit(r1, "p1")).toMatchObject({
      ok: true,
      unitsReplaced: false,
      units: [0, 1].map(() => ({ priceInCents: 8_100_000, stageId: "early", promotionId: "ten" })),
    });
    expect(area.taken("stage:early")).toBe(2);
    expect(area.taken("promotion:ten")).toBe(1);
    expect(area.taken("promotion:ten:ana")).toBe(1);
    expect(area.taken("buyer:ana")).toBe(2);
    area.expectUnchanged(() => expect(area.commit(r1, "p1")).toMatchObject({ ok: true }));
  });

  test("[INV27, INV29, INV63] is to be refunded when its stage is used up, though its units are free", () => {
    const area = lapsed(ending);
    area.buy({ reservationId: r2, unitIds: ["unit-4", "unit-5"] });
    expect(area.taken("stage:early")).toBe(2);
    expect(area.commit(r1, "p1")).toEqual(refundDue);
    expect(area.counts()).toEqual({ available: 4, held: 0, sold: 2, blocked: 0 });
    expect(area.taken("stage:early")).toBe(2);
    expect(area.taken("buyer:ana")).toBe(0);
    expect(area.reservation(r1)).toMatchObject({
      state: "refund-due",
      paymentId: "p1",
      tickets: [],
    });
    expect(area.outbox().at(-1)?.body).toMatchObject({
      units: [],
      effects: [{ kind: "deliver-tickets", reservationId: r1 }],
    });
    // And stays so, even when the stage has room again.
    area.cancel("c1", { reservationId: r2 });
    area.expectRefused(() => area.commit(r1, "p1"), { code: "refund_due" });
  });

  test("[INV27, INV62] gets the last units of its stage", () => {
    const area = lapsed(ending);
    area.buy({ reservationId: r2, unitIds: ["unit-5"] });
    expect(area.commit(r1, "p1")).toMatchObject({ ok: true });
    expect(area.taken("stage:early")).toBe(3);
  });

  test("[INV27, INV29] is to be refunded when its promotion has served, or its buyer has had their share", () => {
    const withPromotion = lapsed(ending);
    withPromotion.buy({ reservationId: r2, terms: { promotionCode: "TEN" } });
    expect(withPromotion.commit(r1, "p1")).toEqual(refundDue);
    const withShare = lapsed(ending);
    withShare.buy({ reservationId: r2, unitIds: ["unit-5"], terms: { buyerId: "ana" } });
    expect(withShare.commit(r1, "p1")).toEqual(refundDue);
  });

  test("[INV27, INV28, INV62] takes them with other units too, at the price of the hold", () => {
    const area = lapsed(ending);
    area.hold({ reservationId: r2, unitIds: ["unit-1"] });
    expect(area.commit(r1, "p1")).toMatchObject({
      ok: true,
      unitsReplaced: true,
      units: [
        {
          unitId: "unit-2",
          priceInCents: 8_100_000,
          baseInCents: PRICE,
          stageId: "early",
          discountInCents: 900_000,
        },
        { unitId: "unit-3", priceInCents: 8_100_000 },
      ],
    });
    expect(area.taken("stage:early")).toBe(3);
    expect(area.taken("buyer:ana")).toBe(2);
  });

  test("[INV27, INV28, INV29] without room for the quantities does not get other units either", () => {
    const area = lapsed(ending);
    area.hold({ reservationId: r2, unitIds: ["unit-0", "unit-1"] });
    expect(area.commit(r1, "p1")).toEqual(refundDue);
    expect(area.counts()).toEqual({ available: 4, held: 2, sold: 0, blocked: 0 });
  });
});

test.each<[string, Partial<AreaSettings>, object]>([
  ["the stage is over", { stages: [{ ...early, endsAtMs: 1 }] }, standIns],
  ["the stage is no more", { stages: [] }, standIns],
  ["the stage costs something else", { stages: [stageOf("early")] }, standIns],
  ["the area's own price is another", { priceInCents: PRICE - 1 }, refundDue],
  // What the buyer paid a unit, but not what the area's price was.
  ["the area's own price is what was paid", { priceInCents: 8_100_000 }, refundDue],
])("[INV28] %s: whether other units stand in", (_what, changes, expected) => {
  const area = lapsed();
  area.hold({ reservationId: r2, unitIds: ["unit-1"] });
  area.configure({ ...limits, ...changes, version: 2 });
  expect(area.commit(r1, "p1")).toMatchObject(expected);
});

test("[INV62] a limit that is gone, or smaller, counts as it is at the moment of the payment", () => {
  const gone = lapsed();
  gone.buy({ reservationId: r2, quantity: 3 });
  gone.configure({ ...limits, stages: [{ ...early, unitsMax: null }], version: 2 });
  expect(gone.commit(r1, "p1")).toMatchObject({ ok: true });
  expect(gone.taken("stage:early")).toBe(5);
  for (const without of [{}, { stages: [early] }, { stages: [early], promotions: [] }]) {
    const served = lapsed();
    served.buy({ reservationId: r2, terms: { buyerId: "ana", promotionCode: "TEN" } });
    served.configure({ ...without, version: 2 });
    expect(served.commit(r1, "p1")).toMatchObject({ ok: true });
    expect([served.taken("promotion:ten"), served.taken("promotion:ten:ana")]).toEqual([2, 2]);
  }
  const smaller = lapsed();
  smaller.configure({ ...limits, stages: [{ ...early, unitsMax: 1 }], version: 2 });
  expect(smaller.commit(r1, "p1")).toEqual(refundDue);
});

test("[INV27, INV62] two late payments for the last of a stage: one buys, one is to be refunded", () => {
  const area = AreaHarness.open(6, { stages: [{ ...early, unitsMax: 2 }] });
  area.hold({ reservationId: r1, quantity: 2 });
  area.release(r1);
  area.hold({ reservationId: r2, quantity: 2 });
  area.wait(HOLD_MS);
  expect(area.commit(r2, "p2")).toMatchObject({ ok: true });
  expect(area.commit(r1, "p1")).toEqual(refundDue);
  expect(area.taken("stage:early")).toBe(2);
});

test("[INV23, INV27, INV69] units an organizer had kept back are bought late, once they are given back", () => {
  const area = AreaHarness.open(3);
  area.reserve(r1, { quantity: 2 });
  area.release(r1);
  expect(area.commit(r1, "p1")).toMatchObject({ ok: true, unitsReplaced: false });
  area.hold({ reservationId: r3 });
  expect(area.counts()).toEqual({ available: 0, held: 1, sold: 2, blocked: 0 });
});
