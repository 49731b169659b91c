// The lines of a price: what holds of any units, however they came by their prices.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ReservedUnit } from "../../durable-objects/area-inventory/core/commands.ts";
import { linesOf, totalOf } from "../../durable-objects/area-inventory/core/price-lines.ts";
import { AreaHarness, places, promotionOf, r1, stageOf } from "../support/area-harness.ts";

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const amountOf = (units: readonly ReservedUnit[], kind: string) =>
  sum(
    linesOf(units)
      .filter((line) => line.kind === kind)
      .map((line) => line.amountInCents),
  );

/** Units of one hold, at any price there can be. */
const held = fc
  .record({
    quantity: fc.integer({ min: 1, max: 6 }),
    priceInCents: fc.oneof(fc.nat({ max: 1_000 }), fc.constantFrom(0, 9_500_000, 10_000_000_000)),
    serviceInCents: fc.oneof(fc.constant(0), fc.nat({ max: 700_000 })),
    adjustment: fc.option(
      fc.oneof(
        fc.record({
          kind: fc.constant("percentage" as const),
          basisPoints: fc.integer({ min: -12_000, max: 30_000 }),
        }),
        fc.record({
          kind: fc.constant("fixed" as const),
          inCents: fc.integer({ min: -20_000, max: 20_000 }),
        }),
      ),
    ),
    discount: fc.option(
      fc.oneof(
        fc.record({
          kind: fc.constant("percentage" as const),
          basisPoints: fc.nat({ max: 10_000 }),
          inCentsMax: fc.option(fc.nat({ max: 5_000 })),
        }),
        fc.record({
          kind: fc.constantFrom("fixed-per-unit" as const, "fixed-per-order" as const),
          inCents: fc.nat({ max: 5_000 }),
        }),
      ),
    ),
  })
  .map(({ quantity, priceInCents, serviceInCents, adjustment, discount }) => {
    const area = AreaHarness.open(places(6), {
      priceInCents,
      serviceInCents,
      stages: adjustment === null ? [] : [stageOf("stage", { adjustment })],
      promotions: discount === null ? [] : [promotionOf("promo", { code: null, discount })],
    });
    const outcome = area.hold({ reservationId: r1, quantity });
    if (!outcome.ok) throw new Error(outcome.refusal.code);
    return { units: outcome.units, priceInCents, serviceInCents };
  });

describe("whatever the price, the stage, the discount and the fee", () => {
  test("[INV81] the lines add up to the total, in whatever order, and the total is never below zero", () => {
    const shuffledLines = held.chain(({ units }) => {
      const lines = linesOf(units);
      return fc
        .shuffledSubarray(lines, { minLength: lines.length })
        .map((shuffled) => ({ units, shuffled }));
    });
    fc.assert(
      fc.property(shuffledLines, ({ units, shuffled }) => {
        const total = totalOf(units);
        expect(sum(shuffled.map(({ amountInCents }) => amountInCents))).toBe(total);
        expect(total).toBeGreaterThanOrEqual(0);
        for (const { amountInCents } of shuffled) {
          expect(Number.isSafeInteger(amountInCents)).toBe(true);
          // It comes back from JSON as it went in.
          expect(Object.is(amountInCents, -0)).toBe(false);
        }
      }),
      { numRuns: 200 },
    );
  });

  test("[INV81] base, stage, promotion and fee say each what was worked out for it", () => {
    fc.assert(
      fc.property(held, ({ units, priceInCents, serviceInCents }) => {
        const full = units.map((unit) => unit.priceInCents + (unit.discountInCents ?? 0));
        expect(amountOf(units, "base")).toBe(units.length * priceInCents);
        expect(amountOf(units, "stage")).toBe(sum(full) - units.length * priceInCents);
        expect(amountOf(units, "promotion")).toBeLessThanOrEqual(0);
        expect(amountOf(units, "promotion")).toBe(
          0 - sum(units.map(({ discountInCents = 0 }) => discountInCents)),
        );
        expect(amountOf(units, "service")).toBe(units.length * serviceInCents);
        // No discount is larger than what there is to take it off.
        expect(0 - amountOf(units, "promotion")).toBeLessThanOrEqual(sum(full));
        expect(linesOf(units).every((line) => line.units === units.length)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  test("[INV81] units of many reservations, as in a report, have the lines of each added up", () => {
    fc.assert(
      fc.property(fc.array(held, { minLength: 1, maxLength: 4 }), (holds) => {
        const all = holds.flatMap(({ units }) => units);
        expect(totalOf(all)).toBe(sum(holds.map(({ units }) => totalOf(units))));
        for (const kind of ["base", "stage", "promotion", "service"])
          expect(amountOf(all, kind)).toBe(sum(holds.map(({ units }) => amountOf(units, kind))));
        expect(linesOf(all.toReversed()).map(({ kind }) => kind)).toEqual(
          linesOf(all).map(({ kind }) => kind),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe("the lines", () => {
  const unit = { priceInCents: 1_000, serviceInCents: 100 };

  test("[INV81] of plain units are base and fee; a fee of nothing has none", () => {
    expect(linesOf([unit, unit])).toEqual([
      { kind: "base", labelId: null, units: 2, amountInCents: 2_000 },
      { kind: "service", labelId: null, units: 2, amountInCents: 200 },
    ]);
    expect(linesOf([{ priceInCents: 0, serviceInCents: 0 }])).toEqual([
      { kind: "base", labelId: null, units: 1, amountInCents: 0 },
    ]);
    expect(linesOf([])).toEqual([]);
  });

  test("[INV81] name each stage and promotion, also one that changes nothing", () => {
    const early = { ...unit, baseInCents: 1_500, stageId: "early" };
    const same = { ...unit, baseInCents: 1_000, stageId: "same" };
    const gift = { ...early, priceInCents: 900, promotionId: "gift", discountInCents: 100 };
    const none = { ...unit, baseInCents: 1_000, promotionId: "none", discountInCents: 0 };
    expect(linesOf([gift, same, none, early])).toEqual([
      { kind: "base", labelId: null, units: 4, amountInCents: 5_000 },
      { kind: "stage", labelId: "early", units: 2, amountInCents: -1_000 },
      { kind: "stage", labelId: "same", units: 1, amountInCents: 0 },
      { kind: "promotion", labelId: "gift", units: 1, amountInCents: -100 },
      { kind: "promotion", labelId: "none", units: 1, amountInCents: 0 },
      { kind: "service", labelId: null, units: 4, amountInCents: 400 },
    ]);
  });
});
