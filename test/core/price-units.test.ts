// What units cost: the rule by examples. What holds of any price is in price-properties.test.ts.

import { describe, expect, test } from "vitest";
import type {
  OrderSoFar,
  PriceAdjustment,
  Promotion,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { pricesOf } from "../../durable-objects/area-inventory/core/price-units.ts";
import { AreaHarness, promotionOf, r1, stageOf } from "../support/area-harness.ts";

type Discount = Promotion["discount"];

const whole = (units: number, discountInCents = 0): OrderSoFar => ({ units, discountInCents });
const percentage = (basisPoints: number, inCentsMax: number | null = null): Discount => {
  return { kind: "percentage", basisPoints, inCentsMax };
};
const perUnit = (inCents: number): Discount => ({ kind: "fixed-per-unit", inCents });
const perOrder = (inCents: number): Discount => ({ kind: "fixed-per-order", inCents });

/** What one unit costs after such an adjustment of the area's price. */
function adjusted(baseInCents: number, adjustment: PriceAdjustment): number | undefined {
  const terms = { stage: stageOf("s", { adjustment }), promotion: null, order: whole(1) };
  return pricesOf(baseInCents, 1, terms)[0]?.priceInCents;
}

/** What each unit of an order is given. */
function given(baseInCents: number, quantity: number, discount: Discount, soFarInCents = 0) {
  const promotion = promotionOf("p", { discount });
  const order = whole(quantity, soFarInCents);
  const prices = pricesOf(baseInCents, quantity, { stage: null, promotion, order });
  expect(prices.every((unit) => unit.priceInCents === baseInCents - unit.discountInCents)).toBe(
    true,
  );
  return prices.map(({ discountInCents }) => discountInCents);
}

describe("the price of a stage", () => {
  test.each([
    // Half a minor unit goes up, below zero too; less than half does not.
    [1_001, 5_000, 1_502],
    [1_001, -5_000, 501],
    [10_001, 4, 10_005],
    [10_001, -4, 9_997],
    [3, 1_666, 3],
    [3, 1_667, 4],
    [3, -1_666, 3],
    [3, -1_667, 2],
    [9_500_000, -2_000, 7_600_000],
    [9_500_000, 0, 9_500_000],
    [9_500_000, -10_000, 0],
    [9_500_000, -10_001, 0],
    [9_500_000, 25_000, 33_250_000],
    [0, 5_000, 0],
  ])("[INV66] %i changed by %i hundredths of a percent is %i", (base, basisPoints, price) => {
    expect(adjusted(base, { kind: "percentage", basisPoints })).toBe(price);
  });

  test.each([
    [1_000, 1, 1_001],
    [1_000, -1, 999],
    [1_000, -1_000, 0],
    [1_000, -1_001, 0],
    [0, 7, 7],
  ])("[INV66] %i changed by a fixed %i is %i", (base, inCents, price) => {
    expect(adjusted(base, { kind: "fixed", inCents })).toBe(price);
  });
});

describe("a discount", () => {
  test("[INV66] in percent is rounded down once for all units, and the first ones take the rest", () => {
    // 10 % of 3 × 333 is 99.9: 99 in all, not 33.3 each.
    expect(given(333, 3, percentage(1_000))).toEqual([33, 33, 33]);
    expect(given(335, 3, percentage(1_000))).toEqual([34, 33, 33]);
    expect(given(339, 3, percentage(1_000))).toEqual([34, 34, 33]);
    expect(given(9, 1, percentage(1_000))).toEqual([0]);
    expect(given(10, 1, percentage(1_000))).toEqual([1]);
    expect(given(100, 2, percentage(10_000))).toEqual([100, 100]);
    expect(given(100, 2, percentage(0))).toEqual([0, 0]);
  });

  test("[INV66] in percent ends at its most, of which other areas' parts may have had some", () => {
    expect(given(1_000, 4, percentage(1_000, 399))).toEqual([100, 100, 100, 99]);
    expect(given(1_000, 4, percentage(1_000, 400))).toEqual([100, 100, 100, 100]);
    expect(given(1_000, 4, percentage(1_000, 401))).toEqual([100, 100, 100, 100]);
    expect(given(1_000, 4, percentage(1_000, 600), 300)).toEqual([75, 75, 75, 75]);
    expect(given(1_000, 4, percentage(1_000, 600), 600)).toEqual([0, 0, 0, 0]);
    expect(given(1_000, 4, percentage(1_000, 600), 601)).toEqual([0, 0, 0, 0]);
    expect(given(1_000, 4, percentage(1_000), 999_999)).toEqual([100, 100, 100, 100]);
    expect(given(1_000, 1, percentage(1_000, 0))).toEqual([0]);
  });

  test("[INV66] per unit is that for each, and never more than a unit costs", () => {
    expect(given(1_000, 3, perUnit(150))).toEqual([150, 150, 150]);
    expect(given(1_000, 3, perUnit(1_000))).toEqual([1_000, 1_000, 1_000]);
    expect(given(1_000, 3, perUnit(1_001))).toEqual([1_000, 1_000, 1_000]);
    // What other areas had is of no matter.
    expect(given(1_000, 3, perUnit(150), 450)).toEqual([150, 150, 150]);
    expect(given(0, 2, perUnit(150))).toEqual([0, 0]);
  });

  test("[INV66] per order is spread over the units, less what other areas' parts had", () => {
    expect(given(1_000, 3, perOrder(1_000))).toEqual([334, 333, 333]);
    expect(given(1_000, 3, perOrder(1_001))).toEqual([334, 334, 333]);
    expect(given(1_000, 3, perOrder(1_000), 400)).toEqual([200, 200, 200]);
    expect(given(1_000, 3, perOrder(1_000), 1_000)).toEqual([0, 0, 0]);
    expect(given(1_000, 3, perOrder(1_000), 1_001)).toEqual([0, 0, 0]);
    expect(given(1_000, 3, perOrder(3_001))).toEqual([1_000, 1_000, 1_000]);
    expect(given(1_000, 3, perOrder(2_999))).toEqual([1_000, 1_000, 999]);
  });
});

describe("a hold", () => {
  const stages = [stageOf("early", { adjustment: { kind: "fixed", inCents: -500_000 } })];
  const promotions = [promotionOf("gift", { discount: perOrder(1_000_001) })];
  const gift = { promotionCode: "GIFT" };

  test("[INV6, INV17, INV66] has stage and discount on top of each other, and its fee beside them, for ever", () => {
    const area = AreaHarness.open(5, { stages, promotions });
    const unit = {
      baseInCents: 9_500_000,
      serviceInCents: 500_000,
      stageId: "early",
      promotionId: "gift",
    };
    const units = [
      { ...unit, priceInCents: 8_499_999, discountInCents: 500_001 },
      { ...unit, priceInCents: 8_500_000, discountInCents: 500_000 },
    ];
    const first = area.hold({ reservationId: r1, quantity: 2, terms: gift });
    expect(first).toMatchObject({ units });
    area.configure({ version: 2, priceInCents: 1, serviceInCents: 2, stages: [], promotions: [] });
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r1, quantity: 2, terms: gift })).toEqual(first),
    );
    expect(area.commit(r1, "p1")).toMatchObject({ units });
    expect(area.outbox().at(-1)?.body.reservations).toMatchObject([{ state: "sold", units }]);
  });

  test("[INV66] whose discount is larger than its price costs only its fee", () => {
    const area = AreaHarness.open(5, {
      priceInCents: 100,
      promotions: [promotionOf("gift", { discount: perOrder(1_000) })],
    });
    expect(area.hold({ reservationId: r1, quantity: 2, terms: gift })).toMatchObject({
      units: [0, 1].map(() => ({ priceInCents: 0, discountInCents: 100, serviceInCents: 500_000 })),
    });
    expect(area.commit(r1, "p1")).toMatchObject({ ok: true });
  });

  test("[INV66] over two areas has one discount per order, of which the second gets what the first left", () => {
    const settings = {
      priceInCents: 1_000,
      promotions: [promotionOf("gift", { discount: perOrder(2_500) })],
    };
    const [north, south] = [AreaHarness.open(5, settings), AreaHarness.open(5, settings)];
    const first = north.hold({ reservationId: r1, quantity: 2, terms: gift, order: whole(4) });
    expect(first).toMatchObject({
      units: [0, 1].map(() => ({ priceInCents: 0, discountInCents: 1_000 })),
    });
    const request = { reservationId: r1, quantity: 2, firstUnitIndex: 2, terms: gift };
    const second = south.hold({ ...request, order: whole(4, 2_000) });
    expect(second).toMatchObject({ units: [{ discountInCents: 250 }, { discountInCents: 250 }] });
    // It repeats without knowing what the others had.
    south.expectUnchanged(() => expect(south.hold(request)).toEqual(second));
    expect(south.taken("promotion:gift")).toBe(1);
  });
});
