import { describe, expect, test } from "vitest";
import type { Promotion } from "../../durable-objects/area-inventory/core/commands.ts";
import {
  AreaHarness,
  HOLD_MS,
  START_MS,
  idOf,
  promotionOf,
  r1,
  r2,
  r3,
  stageOf,
} from "../support/area-harness.ts";

const PRICE = 9_500_000;
/** A tenth off. */
const TENTH = 950_000;

function openWith(...promotions: Promotion[]): AreaHarness {
  return AreaHarness.open(20, { promotions });
}

const withCode = (promotionCode: string) => ({ terms: { promotionCode } });

describe("a promotion with a code", () => {
  test("[INV65] is given for its code, counted once an order, and stands with each unit", () => {
    const area = openWith(promotionOf("ten"));
    expect(area.hold({ reservationId: r1, quantity: 2, ...withCode("TEN") })).toMatchObject({
      ok: true,
      units: [0, 1].map(() => ({
        priceInCents: PRICE - TENTH,
        baseInCents: PRICE,
        promotionId: "ten",
        discountInCents: TENTH,
      })),
    });
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("stageId");
    expect(area.reservation(r1)?.uses).toEqual([{ key: "promotion:ten", quantity: 1 }]);
    expect(area.reservation(r1)?.terms).toEqual({ promotionCode: "TEN" });
    expect(area.hold({ reservationId: r2 })).toMatchObject({ units: [{ priceInCents: PRICE }] });
    expect(area.reservation(r2)).not.toHaveProperty("uses");
  });

  test.each([
    ["the code of none", "OTHER"],
    ["no code at all", ""],
    ["in small letters", "ten"],
    ["with more behind it", "TENNIS"],
  ])("[INV65] %s refuses the hold as unknown", (_what, code) => {
    const area = openWith(promotionOf("all", { code: null }), promotionOf("ten"));
    area.expectRefused(() => area.hold({ reservationId: r1, ...withCode(code) }), {
      code: "promotion_not_applicable",
      reason: "unknown",
    });
  });

  test("[INV65] a code in an area without promotions is unknown", () => {
    const area = AreaHarness.open(1);
    area.expectRefused(() => area.hold({ reservationId: r1, ...withCode("TEN") }), {
      code: "promotion_not_applicable",
      reason: "unknown",
    });
  });

  test("[INV83] a code that does not apply here refuses with what is known of it; the area's own go first", () => {
    const area = AreaHarness.open(9, {
      promotions: [promotionOf("ten"), promotionOf("vip", { code: null, codePrefix: "VIP-" })],
      otherCodes: [
        { code: "PIT", reason: "other_area" },
        { code: null, codePrefix: "OLD-", reason: "over" },
        { code: "TEN", reason: "over" },
        { code: "VIP-1", reason: "other_area" },
      ],
    });
    const reasonOf = (code: string) => {
      const outcome = area.hold({ reservationId: idOf(`with ${code}`), ...withCode(code) });
      return outcome.ok ? null : outcome.refusal;
    };
    const refusal = (reason: string) => ({ code: "promotion_not_applicable", reason });
    expect(reasonOf("PIT")).toEqual(refusal("other_area"));
    expect(reasonOf("OLD-7")).toEqual(refusal("over"));
    expect(reasonOf("OLD")).toEqual(refusal("unknown"));
    expect(reasonOf("PITS")).toEqual(refusal("unknown"));
    expect(reasonOf("TEN")).toBeNull();
    expect(reasonOf("VIP-1")).toBeNull();
    // Nobody gets by itself what others have a code for.
    expect(area.hold({ reservationId: r2 })).toMatchObject({ units: [{ priceInCents: PRICE }] });
  });

  const startsAtMs = START_MS + 5_000;
  const second = promotionOf("ten", { startsAtMs, endsAtMs: startsAtMs + 1_000 });

  test.each([
    [-1, "not_yet"],
    [1_000, "over"],
  ] as const)("[INV65] %i ms after its start of one second refuses as %s", (afterMs, reason) => {
    const area = openWith(second);
    area.wait(5_000 + afterMs);
    area.expectRefused(() => area.hold({ reservationId: r1, ...withCode("TEN") }), {
      code: "promotion_not_applicable",
      reason,
    });
  });

  test.each([0, 999])("[INV65] %i ms after its start of one second is given", (afterMs) => {
    const area = openWith(second);
    area.wait(5_000 + afterMs);
    const outcome = area.hold({ reservationId: r1, ...withCode("TEN") });
    expect(outcome).toMatchObject({ units: [{ discountInCents: TENTH }] });
  });

  test("[INV65] for orders of three refuses two and takes three", () => {
    const area = openWith(promotionOf("ten", { unitsMin: 3 }));
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 2, ...withCode("TEN") }), {
      code: "promotion_not_applicable",
      reason: "too_few_units",
    });
    expect(area.hold({ reservationId: r1, quantity: 3, ...withCode("TEN") })).toMatchObject({
      ok: true,
    });
  });

  test("[INV65] what counts is the whole order, not its part in this area", () => {
    const area = openWith(promotionOf("ten", { unitsMin: 3 }));
    const part = (units: number) => ({ order: { units, discountInCents: 0 }, ...withCode("TEN") });
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 1, ...part(2) }), {
      code: "promotion_not_applicable",
      reason: "too_few_units",
    });
    expect(area.hold({ reservationId: r1, quantity: 1, ...part(3) })).toMatchObject({
      units: [{ discountInCents: TENTH }],
    });
  });

  test("[INV65] goes before one without a code, and never comes with it", () => {
    const half = promotionOf("half", {
      code: null,
      discount: { kind: "percentage", basisPoints: 5_000, inCentsMax: null },
    });
    const area = openWith(half, promotionOf("ten"));
    expect(area.hold({ reservationId: r1, ...withCode("TEN") })).toMatchObject({
      units: [{ priceInCents: PRICE - TENTH, promotionId: "ten" }],
    });
    expect(area.taken("promotion:half")).toBeNull();
  });
});

describe("a promotion without a code", () => {
  const all = promotionOf("all", { code: null });

  test("[INV65] is given to everybody by itself: the first that applies", () => {
    const area = openWith(
      promotionOf("coded"),
      promotionOf("one-use", { code: null, codePrefix: "ONE-" }),
      promotionOf("large", { code: null, unitsMin: 3 }),
      promotionOf("over", { code: null, endsAtMs: START_MS }),
      promotionOf("early", { code: null, startsAtMs: START_MS + 1 }),
      all,
      promotionOf("second", { code: null }),
    );
    const promotionFor = (name: string, quantity: number) => {
      area.hold({ reservationId: idOf(name), quantity });
      return area.reservation(idOf(name))?.units[0]?.promotionId;
    };
    expect(promotionFor("two", 2)).toBe("all");
    expect(promotionFor("three", 3)).toBe("large");
    area.wait(1);
    expect(promotionFor("later", 2)).toBe("early");
  });

  test("[INV65] is none when none applies, and refuses nobody", () => {
    const area = openWith(promotionOf("large", { code: null, unitsMin: 3 }));
    expect(area.hold({ reservationId: r1 })).toMatchObject({ units: [{ priceInCents: PRICE }] });
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("promotionId");
  });

  test("[INV62, INV65] used up, it gives way to the next, and to none", () => {
    const area = openWith(
      { ...all, usesMax: 1 },
      promotionOf("second", { code: null, usesMax: 1 }),
    );
    const promotions = [r1, r2, r3].map((reservationId) => {
      area.hold({ reservationId });
      return area.reservation(reservationId)?.units[0]?.promotionId;
    });
    expect(promotions).toEqual(["all", "second", undefined]);
    area.release(r1);
    area.hold({ reservationId: idOf("r5") });
    expect(area.reservation(idOf("r5"))?.units[0]?.promotionId).toBe("all");
  });

  test("[INV62, INV65] one that the buyer has had gives way too, and not for another buyer", () => {
    const once = { code: null, usesPerBuyerMax: 1 };
    const area = openWith({ ...all, ...once }, promotionOf("second", once));
    const promotionFor = (name: string, buyerId?: string) => {
      const terms = buyerId === undefined ? {} : { buyerId };
      expect(area.hold({ reservationId: idOf(name), terms })).toMatchObject({ ok: true });
      return area.reservation(idOf(name))?.units[0]?.promotionId;
    };
    expect(promotionFor("a1", "ana")).toBe("all");
    expect(promotionFor("a2", "ana")).toBe("second");
    expect(promotionFor("a3", "ana")).toBeUndefined();
    expect(promotionFor("b1", "bea")).toBe("all");
    // Nobody in particular has had none.
    expect(promotionFor("n1")).toBe("all");
    expect(promotionFor("n2")).toBe("all");
  });
});

describe("the uses of a promotion", () => {
  test("[INV62] end with the last one, and come back when a hold ends without a sale", () => {
    const area = openWith(promotionOf("ten", { usesMax: 2 }));
    const request = (reservationId: string) => ({ reservationId, quantity: 3, ...withCode("TEN") });
    const usedUp = { code: "promotion_used_up" as const, left: 0 };
    area.hold(request(r1));
    expect(area.hold(request(r2))).toMatchObject({ ok: true });
    area.expectRefused(() => area.hold(request(r3)), usedUp);
    area.commit(r1, "p1");
    area.release(r2);
    expect(area.taken("promotion:ten")).toBe(1);
    expect(area.hold(request(r3))).toMatchObject({ ok: true });
    area.wait(HOLD_MS - 1);
    area.expectRefused(() => area.hold(request(idOf("r5"))), usedUp);
    area.wait(1);
    expect(area.hold(request(idOf("r5")))).toMatchObject({ ok: true });
    area.commit(idOf("r5"), "p5");
    area.expectRefused(() => area.hold(request(idOf("r6"))), usedUp);
    area.expectUnchanged(() => expect(area.hold(request(r1))).toMatchObject({ ok: true }));
  });

  test("[INV62] of one buyer are that buyer's, and count only where there is such a limit", () => {
    const area = openWith(promotionOf("ten", { usesPerBuyerMax: 1 }), promotionOf("free"));
    const by = (reservationId: string, buyerId: string, promotionCode = "TEN") =>
      area.hold({ reservationId, terms: { buyerId, promotionCode } });
    by(r1, "ana");
    expect(area.reservation(r1)?.uses).toEqual([
      { key: "promotion:ten", quantity: 1 },
      { key: "promotion:ten:ana", quantity: 1 },
    ]);
    area.expectRefused(() => by(r2, "ana"), {
      code: "limit_reached",
      limit: "buyer",
      max: 1,
      left: 0,
    });
    expect(by(r2, "bea")).toMatchObject({ ok: true });
    expect(by(r3, "ana", "FREE")).toMatchObject({ ok: true });
    expect(area.reservation(r3)?.uses).toEqual([{ key: "promotion:free", quantity: 1 }]);
    // Nobody: only all uses count.
    area.hold({ reservationId: idOf("r5"), ...withCode("TEN") });
    expect(area.reservation(idOf("r5"))?.uses).toEqual([{ key: "promotion:ten", quantity: 1 }]);
    area.release(r1);
    expect(area.taken("promotion:ten:ana")).toBe(0);
    expect(by(idOf("r6"), "ana")).toMatchObject({ ok: true });
  });

  test("[INV62] are counted without a limit too: one may be set later", () => {
    const area = openWith(promotionOf("ten"));
    area.hold({ reservationId: r1, ...withCode("TEN") });
    area.configure({ version: 2, promotions: [promotionOf("ten", { usesMax: 1 })] });
    area.expectRefused(() => area.hold({ reservationId: r2, ...withCode("TEN") }), {
      code: "promotion_used_up",
      left: 0,
    });
  });
});

describe("a promotion over several areas", () => {
  test("[INV64] tells with the hold what to hold in its pool, with the code it was asked for", () => {
    const area = openWith(
      promotionOf("one-use", { code: null, codePrefix: "ONE-", poolId: "codes" }),
      promotionOf("ten", { poolId: "uses" }),
    );
    expect(area.hold({ reservationId: r1, quantity: 3, ...withCode("ONE-ABC") })).toMatchObject({
      units: [{ promotionId: "one-use" }, {}, {}],
      pools: [{ poolId: "codes", quantity: 1, promotionCode: "ONE-ABC" }],
    });
    expect(area.hold({ reservationId: r2, ...withCode("TEN") })).toMatchObject({
      pools: [{ poolId: "uses", quantity: 1, promotionCode: "TEN" }],
    });
    expect(area.hold({ reservationId: r3 })).not.toHaveProperty("pools");
  });

  test("[INV64, INV65] one without a code names none; stage and promotion may each have a pool", () => {
    const stages = [stageOf("early", { poolId: "units" })];
    const promotions = [promotionOf("all", { code: null, poolId: "uses" })];
    const area = AreaHarness.open(5, { stages, promotions });
    const outcome = area.hold({ reservationId: r1, quantity: 2 });
    expect(outcome.ok && outcome.pools).toStrictEqual([
      { poolId: "units", quantity: 2, stageId: "early" },
      { poolId: "uses", quantity: 1 },
    ]);
    expect(area.reservation(r1)?.pools?.[1]).not.toHaveProperty("promotionCode");
  });

  test("[INV65] a one-use code is known by its beginning, and by nothing else", () => {
    const area = openWith(promotionOf("one-use", { code: "ONE", codePrefix: "ONE-" }));
    const unknown = { code: "promotion_not_applicable", reason: "unknown" } as const;
    for (const code of ["ONE", "XONE-ABC", "one-abc"])
      area.expectRefused(() => area.hold({ reservationId: r1, ...withCode(code) }), unknown);
    expect(area.hold({ reservationId: r1, ...withCode("ONE-") })).toMatchObject({ ok: true });
  });
});

describe("a promotion without a code whose pool has no use left", () => {
  test("[INV64, INV65] is left out, and gives way to the next", () => {
    const area = openWith(
      promotionOf("all", { code: null, poolId: "uses" }),
      promotionOf("second", { code: null }),
    );
    const first = area.hold({ reservationId: r1 });
    expect(first).toMatchObject({ pools: [{ poolId: "uses", quantity: 1 }] });
    const again = area.hold({ reservationId: r2, promotionsFull: ["all"] });
    expect(again).toMatchObject({ units: [{ promotionId: "second" }] });
    expect(again).not.toHaveProperty("pools");
    area.hold({ reservationId: r3, promotionsFull: ["all", "second"] });
    expect(area.reservation(r3)?.units[0]).toMatchObject({ priceInCents: PRICE });
  });

  test("[INV65] is all the same the one of its code, where it was given one", () => {
    const area = openWith(promotionOf("ten", { poolId: "uses" }));
    const request = { reservationId: r1, promotionsFull: ["ten"], ...withCode("TEN") };
    expect(area.hold(request)).toMatchObject({ units: [{ promotionId: "ten" }] });
  });
});
