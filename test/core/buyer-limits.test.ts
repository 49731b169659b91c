import { describe, expect, test } from "vitest";
import type { AreaSettings } from "../../durable-objects/area-inventory/core/commands.ts";
import {
  AreaHarness,
  HOLD_MS,
  PAYMENT_WINDOW_MS,
  idOf,
  promotionOf,
  r1,
  r2,
  r3,
  r4,
} from "../support/area-harness.ts";

const openWith = (settings: Partial<AreaSettings>) => AreaHarness.open(20, settings);
const by = (buyerId: string) => ({ terms: { buyerId } });
const reached = (max: number, left: number) => {
  return { code: "limit_reached", limit: "buyer", max, left } as const;
};

describe("the share of a buyer", () => {
  test("[INV62] is what they hold and have bought together, to exactly the last unit", () => {
    const area = openWith({ unitsPerBuyerMax: 4 });
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    area.commit(r1, "p1");
    area.expectRefused(
      () => area.hold({ reservationId: r2, quantity: 3, ...by("ana") }),
      reached(4, 2),
    );
    expect(area.hold({ reservationId: r2, quantity: 2, ...by("ana") })).toMatchObject({ ok: true });
    area.expectRefused(() => area.hold({ reservationId: r3, ...by("ana") }), reached(4, 0));
    expect(area.hold({ reservationId: r3, quantity: 4, ...by("bea") })).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(4);
  });

  test("[INV62] counts nobody who is not named, and nobody where there is no limit", () => {
    const area = openWith({ unitsPerBuyerMax: 1 });
    expect(area.hold({ reservationId: r1, quantity: 3 })).toMatchObject({ ok: true });
    expect(area.reservation(r1)).not.toHaveProperty("uses");
    const unlimited = openWith({});
    unlimited.hold({ reservationId: r1, quantity: 3, ...by("ana") });
    expect(unlimited.reservation(r1)).not.toHaveProperty("uses");
    // A limit counts from the moment it is set.
    unlimited.configure({ version: 2, unitsPerBuyerMax: 1 });
    expect(unlimited.hold({ reservationId: r2, ...by("ana") })).toMatchObject({ ok: true });
    unlimited.expectRefused(
      () => unlimited.hold({ reservationId: r3, ...by("ana") }),
      reached(1, 0),
    );
  });

  test("[INV5, INV62] comes back with a release and at the moment a hold ends", () => {
    const area = openWith({ unitsPerBuyerMax: 1 });
    area.hold({ reservationId: r1, ...by("ana") });
    area.release(r1);
    area.hold({ reservationId: r2, ...by("ana") });
    area.wait(HOLD_MS - 1);
    area.expectRefused(() => area.hold({ reservationId: r3, ...by("ana") }), reached(1, 0));
    area.wait(1);
    expect(area.hold({ reservationId: r3, ...by("ana") })).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(1);
  });

  test("[INV19, INV62] is not taken twice by a hold that is released and placed again", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    for (let round = 0; round < 3; round += 1) {
      expect(area.hold({ reservationId: r1, quantity: 2, ...by("ana") })).toMatchObject({
        ok: true,
      });
      expect(area.taken("buyer:ana")).toBe(2);
      area.release(r1);
    }
    expect(area.taken("buyer:ana")).toBe(0);
  });

  test("[INV14, INV62] is refused after the maximum of a reservation", () => {
    const area = openWith({ unitsPerBuyerMax: 2, unitsPerReservationMax: 5 });
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 6, ...by("ana") }), {
      code: "limit_reached",
      limit: "reservation",
      max: 5,
      left: 5,
    });
    area.expectRefused(
      () => area.hold({ reservationId: r1, quantity: 5, ...by("ana") }),
      reached(2, 2),
    );
  });
});

describe("extend-hold with a buyer", () => {
  test("[INV67] makes an anonymous hold theirs", () => {
    const area = openWith({ unitsPerBuyerMax: 3 });
    area.hold({ reservationId: r1, quantity: 2 });
    const expiresAtMs = area.nowMs + PAYMENT_WINDOW_MS;
    expect(area.extendFor(r1, "p1", "ana")).toMatchObject({ ok: true, expiresAtMs });
    expect(area.taken("buyer:ana")).toBe(2);
    expect(area.reservation(r1)?.uses).toEqual([{ key: "buyer:ana", quantity: 2 }]);
    area.expectRefused(
      () => area.hold({ reservationId: r2, quantity: 2, ...by("ana") }),
      reached(3, 1),
    );
  });

  test("[INV16, INV67] counts the units of a hold that named them, each once", () => {
    const area = openWith({ unitsPerBuyerMax: 3 });
    area.hold({ reservationId: r1, unitIds: ["unit-0", "unit-7", "unit-0"] });
    expect(area.extendFor(r1, "p1", "ana")).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(2);
    area.expectRefused(
      () => area.hold({ reservationId: r2, quantity: 2, ...by("ana") }),
      reached(3, 1),
    );
  });

  test("[INV67] is refused when they have had their share, and the hold keeps its time", () => {
    const area = openWith({ unitsPerBuyerMax: 3 });
    area.buy({ reservationId: r1, quantity: 2, ...by("ana") });
    area.hold({ reservationId: r2, quantity: 2 });
    const { expiresAtMs } = area.reservation(r2) ?? {};
    area.wait(1_000);
    area.expectRefused(() => area.extendFor(r2, "p2", "ana"), reached(3, 1));
    expect(area.reservation(r2)).toMatchObject({ expiresAtMs, paymentId: null });
    expect(area.extendFor(r2, "p2", "bea")).toMatchObject({ ok: true });
    expect(area.taken("buyer:bea")).toBe(2);
  });

  test("[INV67] another payer's hold is no longer the earlier buyer's, who may buy again", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    area.extendFor(r1, "p1", "bea");
    expect([area.taken("buyer:ana"), area.taken("buyer:bea")]).toEqual([0, 2]);
    expect(area.hold({ reservationId: r2, quantity: 2, ...by("ana") })).toMatchObject({ ok: true });
    area.expectRefused(() => area.hold({ reservationId: r3, ...by("bea") }), reached(2, 0));
    area.commit(r1, "p1");
    expect(area.taken("buyer:bea")).toBe(2);
    expect(area.cancel("c1")).toMatchObject({ ok: true });
    expect([area.taken("buyer:ana"), area.taken("buyer:bea")]).toEqual([2, 0]);
  });

  test("[INV4, INV67] the same buyer again counts once, with another payment or the same", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    const first = area.extendFor(r1, "p1", "ana");
    expect(first).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(2);
    area.expectUnchanged(() => expect(area.extendFor(r1, "p1", "ana")).toEqual(first));
    area.wait(1_000);
    expect(area.extendFor(r1, "p2", "ana")).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(2);
    expect(area.reservation(r1)?.uses).toEqual([{ key: "buyer:ana", quantity: 2 }]);
  });

  test("[INV21, INV67] the newest payment repeated by another buyer changes nothing", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1 });
    const first = area.extendFor(r1, "p1", "ana");
    area.expectUnchanged(() => expect(area.extendFor(r1, "p1", "bea")).toEqual(first));
  });

  test("[INV67] a payer without a name leaves the share where it is", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    expect(area.extend(r1, "p1")).toMatchObject({ ok: true });
    expect(area.taken("buyer:ana")).toBe(2);
  });

  test("[INV67] without limits counts nobody", () => {
    const area = openWith({});
    area.hold({ reservationId: r1 });
    area.extendFor(r1, "p1", "ana");
    expect(area.reservation(r1)).not.toHaveProperty("uses");
    expect(area.dump()["quota"]).toEqual([]);
  });

  test("[INV62, INV67] its share comes back when the hold ends after all", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    area.extendFor(r1, "p1", "bea");
    area.wait(PAYMENT_WINDOW_MS);
    area.expire();
    expect([area.taken("buyer:ana"), area.taken("buyer:bea")]).toEqual([0, 0]);
  });

  test("[INV18, INV67] does not change what the hold was asked for", () => {
    const area = openWith({ unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, ...by("ana") });
    area.extendFor(r1, "p1", "bea");
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r1, ...by("ana") })).toMatchObject({ ok: true }),
    );
    area.expectRefused(() => area.hold({ reservationId: r1, ...by("bea") }), {
      code: "command_reused",
    });
  });
});

describe("extend-hold of a hold with a promotion", () => {
  const promotions = [
    promotionOf("ten", { usesPerBuyerMax: 1 }),
    promotionOf("other", { usesPerBuyerMax: 1 }),
  ];
  const coded = (buyerId?: string) => {
    return { terms: { promotionCode: "TEN", ...(buyerId !== undefined && { buyerId }) } };
  };

  test("[INV67] counts its use as the payer's, and the promotion's still once", () => {
    const area = openWith({ promotions, unitsPerBuyerMax: 4 });
    area.hold({ reservationId: r1, quantity: 2, ...coded("ana") });
    area.extendFor(r1, "p1", "bea");
    expect(area.reservation(r1)?.uses).toEqual([
      { key: "promotion:ten", quantity: 1 },
      { key: "promotion:ten:bea", quantity: 1 },
      { key: "buyer:bea", quantity: 2 },
    ]);
    expect(area.taken("promotion:ten:ana")).toBe(0);
    expect(area.taken("buyer:ana")).toBe(0);
    expect(area.taken("promotion:ten")).toBe(1);
  });

  test("[INV67] is refused when the payer has used it, whoever held", () => {
    const area = openWith({ promotions });
    area.buy({ reservationId: r1, ...coded("ana") });
    for (const [reservationId, holder] of [
      [r2, undefined],
      [r3, "bea"],
    ] as const) {
      area.hold({ reservationId, ...coded(holder) });
      area.expectRefused(() => area.extendFor(reservationId, "p", "ana"), reached(1, 0));
    }
    // A hold without it is no use of it.
    area.hold({ reservationId: r4 });
    expect(area.extendFor(r4, "p", "ana")).toMatchObject({ ok: true });
    expect(area.reservation(r4)).not.toHaveProperty("uses");
  });

  test("[INV67] gives nothing up when only one of two limits is reached", () => {
    const area = openWith({ promotions, unitsPerBuyerMax: 2 });
    area.buy({ reservationId: r1, quantity: 2, ...by("bea") });
    area.hold({ reservationId: r2, ...coded("ana") });
    area.expectRefused(() => area.extendFor(r2, "p1", "bea"), reached(2, 0));
  });

  test.each<[string, Partial<AreaSettings>]>([
    ["no promotion any more", {}],
    ["another one only", { promotions: promotions.slice(1) }],
  ])(
    "[INV17, INV67] goes on where there is %s: its price stays, and no limit",
    (_what, settings) => {
      const area = openWith({ promotions });
      area.buy({ reservationId: r2, ...coded("bea") });
      const first = area.hold({ reservationId: r1, ...coded("ana") });
      area.configure({ ...settings, version: 2 });
      expect(area.extendFor(r1, "p1", "bea")).toMatchObject({
        ok: true,
        units: first.ok && first.units,
      });
      expect(area.reservation(r1)?.uses).toEqual([{ key: "promotion:ten", quantity: 1 }]);
    },
  );

  test("[INV67] a limit that came meanwhile counts from the payment on", () => {
    const area = openWith({});
    area.hold({ reservationId: r1, quantity: 2, ...by("ana") });
    area.configure({ version: 2, unitsPerBuyerMax: 2 });
    area.extendFor(r1, "p1", "ana");
    expect(area.taken("buyer:ana")).toBe(2);
    area.hold({ reservationId: r2 });
    area.expectRefused(() => area.extendFor(r2, "p2", "ana"), reached(2, 0));
  });
});

test("[INV62] a buyer's id may have any form, and is nobody else's", () => {
  const area = openWith({
    unitsPerBuyerMax: 1,
    promotions: [promotionOf("ten", { usesPerBuyerMax: 1 })],
  });
  for (const [index, buyerId] of ["a:b", "a", "b", "", ":", "buyer:a"].entries()) {
    const request = { terms: { buyerId, promotionCode: "TEN" } };
    const reservationId = idOf(`r${index}`);
    expect(area.hold({ reservationId, ...request })).toMatchObject({ ok: true });
    area.expectRefused(
      () => area.hold({ reservationId: idOf(`again${index}`), ...request }),
      reached(1, 0),
    );
    area.extendFor(reservationId, "p1", `other ${buyerId}`);
    expect(area.taken(`buyer:${buyerId}`)).toBe(0);
    expect(area.taken(`promotion:ten:${buyerId}`)).toBe(0);
  }
});
