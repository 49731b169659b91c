// What a buyer asks for besides the units: in which order it is refused, and that it belongs to the request.

import { describe, expect, test } from "vitest";
import { AreaHarness, promotionOf, r1, r2, stageOf, unitIdsOf } from "../support/area-harness.ts";

const stages = [stageOf("early", { adjustment: { kind: "fixed", inCents: -500_000 } })];
const promotions = [
  promotionOf("gift", { discount: { kind: "fixed-per-order", inCents: 1_000_001 } }),
];
const gift = { promotionCode: "GIFT" };

describe("a hold", () => {
  test("[INV61] at the total its buyer was shown is held, and repeats by it", () => {
    const area = AreaHarness.open(5, { stages, promotions });
    // Two units at 9,000,000, less 1,000,001, with two fees of 500,000.
    const totalInCents = 18_000_000 - 1_000_001 + 1_000_000;
    const request = { reservationId: r1, quantity: 2 };
    for (const wrong of [totalInCents - 1, totalInCents + 1, 0, totalInCents - 1_000_000])
      area.expectRefused(() => area.hold({ ...request, terms: { ...gift, totalInCents: wrong } }), {
        code: "price_changed",
        totalInCents,
      });
    const agreed = { ...request, terms: { ...gift, totalInCents } };
    const first = area.hold(agreed);
    expect(unitIdsOf(first)).toHaveLength(2);
    area.configure({ version: 2, priceInCents: 1 });
    area.expectUnchanged(() => expect(area.hold(agreed)).toEqual(first));
  });

  test("[INV61, INV64] that needs a pool is held at another total too: without room there it costs something else", () => {
    const pooled = stages.map((stage) => ({ ...stage, poolId: "pool-1" }));
    const area = AreaHarness.open(5, { stages: pooled });
    const terms = { totalInCents: 10_000_000 };
    const outcome = area.hold({ reservationId: r1, terms });
    expect(outcome).toMatchObject({ ok: true, units: [{ priceInCents: 9_000_000 }] });
    area.release(r1);
    const again = area.hold({ reservationId: r1, terms, stagesFull: ["early"] });
    expect(again).toMatchObject({ ok: true, units: [{ priceInCents: 9_500_000 }] });
    const wrong = { totalInCents: 9_500_000 };
    const request = { reservationId: r2, terms: wrong, stagesFull: ["early"] };
    area.expectRefused(() => area.hold(request), {
      code: "price_changed",
      totalInCents: 10_000_000,
    });
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
    const area = AreaHarness.open(5, { stages, promotions });
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
    for (const other of others)
      area.expectRefused(() => area.hold({ ...request, ...(other && { terms: other }) }), reused);
    area.expectUnchanged(() => expect(area.hold({ ...request, terms: known })).toEqual(first));
    area.hold({ reservationId: r2 });
    area.expectRefused(() => area.hold({ reservationId: r2, terms: { buyerId: "ana" } }), reused);
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r2, terms: {} })).toMatchObject({ ok: true }),
    );
  });
});

describe("the order of refusals", () => {
  test("[INV14] units before stage, stage before promotion, promotion before price", () => {
    const area = AreaHarness.open(2, { stages, unitsPerBuyerMax: 0 });
    const wrong = { stageId: "nothing", promotionCode: "NOTHING", buyerId: "ana", totalInCents: 1 };
    const hold =
      (terms: object, quantity = 1) =>
      () =>
        area.hold({ reservationId: r1, quantity, terms });
    area.expectRefused(hold(wrong, 3), { code: "sold_out", available: 2 });
    area.expectRefused(hold(wrong), { code: "stage_ended", currentStageId: "early" });
    const { stageId: _stage, ...withoutStage } = wrong;
    area.expectRefused(hold(withoutStage), { code: "promotion_not_applicable", reason: "unknown" });
    const { promotionCode: _code, ...withoutCode } = withoutStage;
    area.expectRefused(hold(withoutCode), {
      code: "limit_reached",
      limit: "buyer",
      max: 0,
      left: 0,
    });
    area.expectRefused(hold({ totalInCents: 1 }), {
      code: "price_changed",
      totalInCents: 9_500_000,
    });
  });
});
