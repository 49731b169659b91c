// What no combination of price, stage, discount and quantity may break.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OrderSoFar, Promotion } from "../../durable-objects/area-inventory/core/commands.ts";
import { pricesOf } from "../../durable-objects/area-inventory/core/price-units.ts";
import { AreaHarness, places, promotionOf, r1, stageOf } from "../support/area-harness.ts";

type Discount = Promotion["discount"];

const whole = (units: number, discountInCents: number): OrderSoFar => ({ units, discountInCents });

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
        const promotion = promotionOf("p", { discount: { kind: "fixed-per-order", inCents } });
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

  test("[INV65, INV66] promotions of their own in several areas give the same in whatever order they come", () => {
    const part = fc.record({
      baseInCents: amount,
      quantity: fc.integer({ min: 1, max: 6 }),
      promotionId: fc.constantFrom("p", "q"),
    });
    fc.assert(
      fc.property(
        fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4 }),
        fc.array(part, { minLength: 4, maxLength: 4 }),
        fc.record({ p: discount, q: discount }),
        (sequence, areas, rules) => {
          const giveAll = (inOrder: typeof areas) => {
            const discounts: { promotionId: "p" | "q"; inCents: number }[] = [];
            for (const { baseInCents, quantity, promotionId } of inOrder) {
              const promotion = promotionOf(promotionId, { discount: rules[promotionId] });
              const soFar = sum(discounts.map(({ inCents }) => inCents));
              const at = {
                stage: null,
                promotion,
                order: { ...whole(99, soFar), discounts: [...discounts] },
              };
              const given = pricesOf(baseInCents, quantity, at).map((unit) => unit.discountInCents);
              discounts.push({ promotionId, inCents: sum(given) });
            }
            return discounts;
          };
          const totalOf = (given: ReturnType<typeof giveAll>, id?: "p" | "q") =>
            sum(
              given.filter((each) => (id ?? each.promotionId) === each.promotionId).map(inCentsOf),
            );
          const given = giveAll(areas);
          expect(totalOf(giveAll(sequence.flatMap((index) => areas[index] ?? [])))).toBe(
            totalOf(given),
          );
          for (const id of ["p", "q"] as const) {
            const parts = areas.filter(({ promotionId }) => promotionId === id);
            const cost = sum(parts.map(({ baseInCents, quantity }) => baseInCents * quantity));
            const most = mostOf(rules[id], cost);
            const fewest = rules[id].kind === "fixed-per-order" ? most : 0;
            expect(totalOf(given, id)).toBeLessThanOrEqual(most);
            expect(totalOf(given, id)).toBeGreaterThanOrEqual(fewest);
          }
        },
      ),
      { numRuns: 500 },
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

const inCentsOf = ({ inCents }: { inCents: number }) => inCents;

/** What a promotion gives at most to an order that costs so much. */
function mostOf(rule: Discount, costInCents: number): number {
  if (rule.kind === "fixed-per-order") return Math.min(rule.inCents, costInCents);
  if (rule.kind === "fixed-per-unit") return costInCents;
  return Math.min(rule.inCentsMax ?? Infinity, costInCents);
}

function least(left: bigint, right: bigint): bigint {
  return left < right ? left : right;
}
