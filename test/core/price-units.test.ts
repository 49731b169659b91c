// What units cost: the rule by examples, and what no combination of price, stage, discount and quantity may break.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type {
  OrderSoFar,
  PriceAdjustment,
  Promotion,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { pricesOf } from "../../durable-objects/area-inventory/core/price-units.ts";
import {
  AreaHarness,
  places,
  promotionOf,
  r1,
  r2,
  stageOf,
  unitIdsOf,
} from "../support/area-harness.ts";

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

const amount = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 1_000 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 1, 9_500_000, 1_000_000_000) },
);
const share = fc.oneof(fc.nat({ max: 10_000 }), fc.constantFrom(0, 1, 3_333, 9_999, 10_000));
const stage = fc
  .option(
    fc.oneof(
      fc.record({
        kind: fc.constant("percentage" as const),
        basisPoints: fc.integer({ min: -12_000, max: 30_000 }),
      }),
      fc.record({
        kind: fc.constant("fixed" as const),
        inCents: fc.integer({ min: -10_000, max: 10_000 }),
      }),
    ),
  )
  .map((adjustment) => (adjustment === null ? null : stageOf("s", { adjustment })));
const discount: fc.Arbitrary<Discount> = fc.oneof(
  fc.record({
    kind: fc.constant("percentage" as const),
    basisPoints: share,
    inCentsMax: fc.option(amount),
  }),
  fc.record({ kind: fc.constant("fixed-per-unit" as const), inCents: amount }),
  fc.record({ kind: fc.constant("fixed-per-order" as const), inCents: amount }),
);
const order = fc.record({
  baseInCents: amount,
  quantity: fc.integer({ min: 1, max: 40 }),
  stage,
  discount,
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

describe("whatever the price, the stage, the discount and the quantity", () => {
  test("[INV66] no unit costs less than nothing, no two differ by more than one minor unit, the first taking more", () => {
    fc.assert(
      fc.property(order, amount, ({ baseInCents, quantity, ...terms }, soFarInCents) => {
        const promotion = promotionOf("p", { discount: terms.discount });
        const at = { stage: terms.stage, promotion, order: whole(quantity, soFarInCents) };
        const units = pricesOf(baseInCents, quantity, at);
        const [full] = pricesOf(baseInCents, quantity, { ...at, promotion: null });
        expect(units).toHaveLength(quantity);
        for (const { priceInCents, discountInCents } of units) {
          expect(Number.isSafeInteger(priceInCents)).toBe(true);
          expect(priceInCents).toBeGreaterThanOrEqual(0);
          expect(discountInCents).toBeGreaterThanOrEqual(0);
          expect(priceInCents + discountInCents).toBe(full?.priceInCents);
        }
        const discounts = units.map(({ discountInCents }) => discountInCents);
        expect(discounts).toEqual(discounts.toSorted((left, right) => right - left));
        expect((discounts[0] ?? 0) - (discounts.at(-1) ?? 0)).toBeLessThanOrEqual(1);
      }),
      { numRuns: 1_000 },
    );
  });

  test("[INV66] the units' parts are together the whole discount, as it would be worked out by hand", () => {
    fc.assert(
      fc.property(order, amount, ({ baseInCents, quantity, ...terms }, soFarInCents) => {
        const promotion = promotionOf("p", { discount: terms.discount });
        const at = { stage: terms.stage, promotion, order: whole(quantity, soFarInCents) };
        const full =
          pricesOf(baseInCents, quantity, { ...at, promotion: null })[0]?.priceInCents ?? 0;
        // In whole numbers of any size: nothing is lost to fractions.
        const cost = BigInt(full) * BigInt(quantity);
        const soFar = BigInt(soFarInCents);
        const wanted = () => {
          const { discount: of } = terms;
          if (of.kind === "fixed-per-unit") return BigInt(of.inCents) * BigInt(quantity);
          if (of.kind === "fixed-per-order") return BigInt(of.inCents) - soFar;
          const part = (cost * BigInt(of.basisPoints)) / 10_000n;
          return of.inCentsMax === null ? part : least(part, BigInt(of.inCentsMax) - soFar);
        };
        const expected = least(cost, wanted());
        const discounts = pricesOf(baseInCents, quantity, at).map((unit) => unit.discountInCents);
        expect(BigInt(sum(discounts))).toBe(expected < 0n ? 0n : expected);
      }),
      { numRuns: 1_000 },
    );
  });

  test("[INV66] a discount per order over several areas is given once, in whatever order they come", () => {
    const parts = fc.array(
      fc.record({ baseInCents: amount, quantity: fc.integer({ min: 1, max: 6 }) }),
      {
        minLength: 1,
        maxLength: 5,
      },
    );
    fc.assert(
      fc.property(parts, amount, (areas, inCents) => {
        const promotion = promotionOf("p", { discount: perOrder(inCents) });
        const giveAll = (inOrder: typeof areas) =>
          inOrder.reduce((soFar, { baseInCents, quantity }) => {
            const at = { stage: null, promotion, order: whole(99, soFar) };
            const discounts = pricesOf(baseInCents, quantity, at).map(
              (unit) => unit.discountInCents,
            );
            return soFar + sum(discounts);
          }, 0);
        const cost = sum(areas.map(({ baseInCents, quantity }) => baseInCents * quantity));
        expect(giveAll(areas)).toBe(Math.min(inCents, cost));
        expect(giveAll(areas.toReversed())).toBe(giveAll(areas));
      }),
    );
  });

  test("[INV6, INV66] named in whatever order, the same units cost the same, each and together", () => {
    const named = fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 });
    fc.assert(
      fc.property(named, order, (positions, { baseInCents, ...terms }) => {
        const areas = [positions, positions.toSorted((left, right) => left - right)].map((each) => {
          const area = AreaHarness.open(places(5), {
            priceInCents: baseInCents,
            stages: terms.stage === null ? [] : [terms.stage],
            promotions: [promotionOf("p", { code: null, discount: terms.discount })],
          });
          return area.hold({ reservationId: r1, unitIds: each.map((unit) => `unit-${unit}`) });
        });
        expect(areas[0]).toMatchObject({ ok: true });
        expect(areas[0]).toEqual(areas[1]);
      }),
      { numRuns: 50 },
    );
  });
});

function least(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}

describe("a hold", () => {
  const stages = [stageOf("early", { adjustment: { kind: "fixed", inCents: -500_000 } })];
  const promotions = [promotionOf("gift", { discount: perOrder(1_000_001) })];
  const terms = { promotionCode: "GIFT" };

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
    const first = area.hold({ reservationId: r1, quantity: 2, terms });
    expect(first).toMatchObject({ units });
    area.configure({ version: 2, priceInCents: 1, serviceInCents: 2, stages: [], promotions: [] });
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r1, quantity: 2, terms })).toEqual(first),
    );
    expect(area.commit(r1, "p1")).toMatchObject({ units });
    expect(area.outbox().at(-1)?.body.reservations).toMatchObject([{ state: "sold", units }]);
  });

  test("[INV66] whose discount is larger than its price costs only its fee", () => {
    const area = AreaHarness.open(5, {
      priceInCents: 100,
      promotions: [promotionOf("gift", { discount: perOrder(1_000) })],
    });
    expect(area.hold({ reservationId: r1, quantity: 2, terms })).toMatchObject({
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
    const first = north.hold({ reservationId: r1, quantity: 2, terms, order: whole(4) });
    expect(first).toMatchObject({
      units: [0, 1].map(() => ({ priceInCents: 0, discountInCents: 1_000 })),
    });
    const request = { reservationId: r1, quantity: 2, firstUnitIndex: 2, terms };
    const second = south.hold({ ...request, order: whole(4, 2_000) });
    expect(second).toMatchObject({ units: [{ discountInCents: 250 }, { discountInCents: 250 }] });
    // It repeats without knowing what the others had.
    south.expectUnchanged(() => expect(south.hold(request)).toEqual(second));
    expect(south.taken("promotion:gift")).toBe(1);
  });

  test("[INV61] at the total its buyer was shown is held, and repeats by it", () => {
    const area = AreaHarness.open(5, { stages, promotions });
    // Two units at 9,000,000, less 1,000,001, with two fees of 500,000.
    const totalInCents = 18_000_000 - 1_000_001 + 1_000_000;
    const request = { reservationId: r1, quantity: 2 };
    for (const wrong of [totalInCents - 1, totalInCents + 1, 0, totalInCents - 1_000_000])
      area.expectRefused(
        () => area.hold({ ...request, terms: { ...terms, totalInCents: wrong } }),
        {
          code: "price_changed",
          totalInCents,
        },
      );
    const agreed = { ...request, terms: { ...terms, totalInCents } };
    const first = area.hold(agreed);
    expect(unitIdsOf(first)).toHaveLength(2);
    area.configure({ version: 2, priceInCents: 1 });
    area.expectUnchanged(() => expect(area.hold(agreed)).toEqual(first));
  });

  test("[INV61] of free units at the total of nothing", () => {
    const area = AreaHarness.open(5, { priceInCents: 0, serviceInCents: 0 });
    expect(area.hold({ reservationId: r1, terms: { totalInCents: 0 } })).toMatchObject({
      ok: true,
    });
    area.expectRefused(() => area.hold({ reservationId: r2, terms: { totalInCents: 1 } }), {
      code: "price_changed",
      totalInCents: 0,
    });
  });

  test("[INV4, INV18] under other terms is another request", () => {
    const settings = { stages, promotions };
    const area = AreaHarness.open(5, settings);
    const known = {
      buyerId: "ana",
      stageId: "early",
      promotionCode: "GIFT",
      totalInCents: 8_499_999,
    };
    const request = { reservationId: r1 };
    const first = area.hold({ ...request, terms: known });
    expect(first).toMatchObject({ ok: true });
    const reused = { code: "command_reused" as const };
    const others = [
      { ...known, buyerId: "bea" },
      { ...known, stageId: "late" },
      { ...known, promotionCode: "OTHER" },
      { ...known, totalInCents: 8_500_000 },
      {},
      undefined,
    ];
    for (const terms of others)
      area.expectRefused(() => area.hold({ ...request, ...(terms && { terms }) }), reused);
    area.expectUnchanged(() => expect(area.hold({ ...request, terms: known })).toEqual(first));
    area.hold({ reservationId: r2 });
    area.expectRefused(() => area.hold({ reservationId: r2, terms: { buyerId: "ana" } }), reused);
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r2, terms: {} })).toMatchObject({ ok: true }),
    );
  });
});
