import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  EVENT_ID,
  HOLD_MS,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  r1,
  r2,
  r3,
} from "../support/area-harness.ts";

describe("a part of a pool", () => {
  test("[INV68] is held without units, and counted", () => {
    const pool = AreaHarness.pool({ max: 5 });
    expect(pool.hold({ reservationId: r1, part: 3 })).toEqual({
      ok: true,
      reservationId: r1,
      profileId: PROFILE_ID,
      expiresAtMs: pool.nowMs + HOLD_MS,
      currency: "COP",
      units: [],
    });
    expect(pool.taken("pool")).toBe(3);
    expect(pool.reservation(r1)).toMatchObject({
      state: "held",
      uses: [{ key: "pool", quantity: 3 }],
    });
    expect(pool.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ state: "held" }],
      units: [],
    });
  });

  test("[INV68] is refused beyond its size, and had to exactly the last one", () => {
    const pool = AreaHarness.pool({ max: 5 });
    pool.hold({ reservationId: r1, part: 3 });
    pool.expectRefused(() => pool.hold({ reservationId: r2, part: 3 }), {
      code: "sold_out",
      available: 2,
    });
    expect(pool.hold({ reservationId: r2, part: 2 })).toMatchObject({ ok: true });
    pool.expectRefused(() => pool.hold({ reservationId: r3, part: 1 }), {
      code: "sold_out",
      available: 0,
    });
  });

  test("[INV14, INV68] of a pool without a size has no end, and the maximum of a reservation is no matter", () => {
    const pool = AreaHarness.pool({}, { unitsPerReservationMax: 2 });
    expect(pool.hold({ reservationId: r1, part: 1_000_000 })).toMatchObject({ ok: true });
    const nothing = { code: "quantity_invalid" as const, max: 2 };
    pool.expectRefused(() => pool.hold({ reservationId: r2, part: 0 }), nothing);
    pool.expectRefused(() => pool.hold({ reservationId: r2, part: -1 }), nothing);
  });

  test("[INV5, INV62, INV68] comes back when it is released or ends, and may be held again", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 4 });
    pool.release(r1);
    pool.wait(1);
    expect(pool.taken("pool")).toBe(0);
    pool.hold({ reservationId: r1, part: 4 });
    expect(pool.taken("pool")).toBe(4);
    pool.wait(HOLD_MS - 1);
    pool.expectRefused(() => pool.hold({ reservationId: r2, part: 1 }), {
      code: "sold_out",
      available: 0,
    });
    pool.wait(1);
    expect(pool.hold({ reservationId: r2, part: 4 })).toMatchObject({ ok: true });
  });

  test("[INV20, INV25, INV26, INV68] is extended and sold; no ticket comes of it, and nothing to deliver", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 3 });
    const expiresAtMs = pool.nowMs + PAYMENT_WINDOW_MS;
    expect(pool.extend(r1, "p1")).toMatchObject({ ok: true, expiresAtMs });
    const sale = { ok: true, reservationId: r1, units: [], unitsReplaced: false };
    expect(pool.commit(r1, "p1")).toEqual(sale);
    expect(pool.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ state: "sold", tickets: [] }],
      effects: [],
    });
    pool.wait(10 * HOLD_MS);
    pool.expectUnchanged(() => expect(pool.commit(r1, "p1")).toEqual(sale));
    pool.expectRefused(() => pool.commit(r1, "p2"), { code: "already_paid" });
    expect(pool.taken("pool")).toBe(3);
  });

  test("[INV27, INV29, INV68] that lapsed is sold late while there is room, and else to be refunded", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 2 });
    pool.hold({ reservationId: r2, part: 2 });
    pool.wait(HOLD_MS);
    pool.hold({ reservationId: r3, part: 1 });
    expect(pool.commit(r1, "p1")).toMatchObject({ ok: true });
    expect(pool.commit(r2, "p2")).toEqual({ ok: false, refusal: { code: "refund_due" } });
    expect(pool.taken("pool")).toBe(3);
  });

  test("[INV18, INV68] sent again gets the first answer, for as much as before", () => {
    const pool = AreaHarness.pool({ max: 4 });
    const first = pool.hold({ reservationId: r1, part: 2 });
    pool.wait(1_000);
    pool.expectUnchanged(() => expect(pool.hold({ reservationId: r1, part: 2 })).toEqual(first));
    const reused = { code: "command_reused" as const };
    pool.expectRefused(() => pool.hold({ reservationId: r1, part: 3 }), reused);
    pool.expectRefused(
      () => pool.hold({ reservationId: r1, part: 2, terms: { buyerId: "ana" } }),
      reused,
    );
  });

  test("[INV68] is of any event: several share a pool", () => {
    const pool = AreaHarness.pool({ max: 4 });
    expect(pool.hold({ reservationId: r1, part: 1, eventId: "event-2" })).toMatchObject({
      ok: true,
    });
  });

  test("[INV14, INV68] of a closed pool is refused", () => {
    const pool = AreaHarness.pool({ max: 4 }, { isOpen: false });
    pool.expectRefused(() => pool.hold({ reservationId: r1, part: 1 }), { code: "area_closed" });
  });

  test("[INV71] has no tickets to take back", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 1 });
    pool.commit(r1, "p1");
    expect(pool.cancel("c1")).toEqual({ ok: true, cancelled: [] });
    expect(pool.reservation(r1)?.state).toBe("sold");
    expect(pool.taken("pool")).toBe(1);
  });
});

describe("a sold part that nobody got all of", () => {
  test("[INV90] keeps what is kept, and the rest can be held again", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 4 });
    pool.commit(r1, "p1");
    expect(pool.keep(r1, "p1", 1)).toEqual({ ok: true, reservationId: r1 });
    expect(pool.reservation(r1)).toMatchObject({
      state: "sold",
      uses: [{ key: "pool", quantity: 1 }],
    });
    expect(pool.taken("pool")).toBe(1);
    expect(pool.hold({ reservationId: r2, part: 3 })).toMatchObject({ ok: true });
  });

  test("[INV90] of which nothing is kept is cancelled: its code serves again, and its buyer has their share back", () => {
    const pool = AreaHarness.pool({ max: 4, usesPerCodeMax: 1, perBuyerMax: 1 });
    pool.loadCodes(["A"]);
    const withCode = { part: 1, terms: { promotionCode: "A", buyerId: "ana" } };
    pool.hold({ reservationId: r1, ...withCode });
    pool.commit(r1, "p1");
    pool.expectRefused(() => pool.hold({ reservationId: r2, ...withCode }), {
      code: "promotion_used_up",
      left: 0,
    });
    pool.keep(r1, "p1", 0);
    expect(pool.reservation(r1)).toMatchObject({ state: "cancelled", uses: [] });
    expect(pool.outbox().at(-1)?.body).toMatchObject({ reservations: [{ state: "cancelled" }] });
    expect([pool.taken("pool"), pool.taken("code:A"), pool.taken("buyer:ana")]).toEqual([0, 0, 0]);
    expect(pool.hold({ reservationId: r2, ...withCode })).toMatchObject({ ok: true });
  });

  test("[INV90] keeps its code spent as long as anything is kept", () => {
    const pool = AreaHarness.pool({ max: 4, usesPerCodeMax: 1 });
    pool.loadCodes(["A"]);
    pool.hold({ reservationId: r1, part: 3, terms: { promotionCode: "A" } });
    pool.commit(r1, "p1");
    pool.keep(r1, "p1", 2);
    expect([pool.taken("pool"), pool.taken("code:A")]).toEqual([2, 1]);
    pool.keep(r1, "p1", 0);
    expect([pool.taken("pool"), pool.taken("code:A")]).toEqual([0, 0]);
  });

  test("[INV90] changes once: repeated, for more, by another payment, or before it is sold, nothing happens", () => {
    const pool = AreaHarness.pool({ max: 4 });
    pool.hold({ reservationId: r1, part: 3 });
    const told = { ok: true, reservationId: r1 };
    pool.extend(r1, "p1");
    pool.expectUnchanged(() => expect(pool.keep(r1, "p1", 0)).toEqual(told));
    pool.commit(r1, "p1");
    for (const [paymentId, kept] of [
      ["p1", 3],
      ["p1", 9],
      ["p2", 0],
    ] as const)
      pool.expectUnchanged(() => expect(pool.keep(r1, paymentId, kept)).toEqual(told));
    pool.keep(r1, "p1", 1);
    for (const kept of [1, 2])
      pool.expectUnchanged(() => expect(pool.keep(r1, "p1", kept)).toEqual(told));
    pool.keep(r1, "p1", -1);
    expect(pool.taken("pool")).toBe(0);
    pool.expectUnchanged(() => expect(pool.keep(r1, "p1", 0)).toEqual(told));
  });

  test("[INV90] is not there for a part whose own money goes back", () => {
    const pool = AreaHarness.pool({ max: 2 });
    pool.hold({ reservationId: r1, part: 2 });
    pool.wait(HOLD_MS);
    pool.buy({ reservationId: r2, part: 2 });
    expect(pool.commit(r1, "p1")).toMatchObject({ refusal: { code: "refund_due" } });
    pool.expectUnchanged(() => pool.keep(r1, "p1", 0));
    expect(pool.taken("pool")).toBe(2);
  });

  test("[INV90] is refused where nothing is known of it, and in an area", () => {
    const lost = new AreaHarness();
    lost.expectRefused(() => lost.keep(r1, "p1", 0), { code: "reservation_unknown" });
    const pool = AreaHarness.pool({ max: 4 });
    pool.expectRefused(() => pool.keep(r1, "p1", 0), { code: "reservation_unknown" });
    const area = AreaHarness.open(4);
    area.buy({ reservationId: r1, quantity: 1 });
    area.expectRefused(() => area.keep(r1, `payment of ${r1}`, 0), { code: "area_unknown" });
  });
});

describe("the wrong kind of selection", () => {
  test("[INV68] units in a pool, and a part in an area, are of an area nobody knows", () => {
    const unknown = { code: "area_unknown" as const };
    const pool = AreaHarness.pool({ max: 4 });
    pool.expectRefused(() => pool.hold({ reservationId: r1, quantity: 1 }), unknown);
    pool.expectRefused(() => pool.hold({ reservationId: r1, unitIds: ["unit-0"] }), unknown);
    const area = AreaHarness.open(4);
    area.expectRefused(() => area.hold({ reservationId: r1, part: 1 }), unknown);
    area.expectRefused(() => area.hold({ reservationId: r1, part: 1, eventId: EVENT_ID }), unknown);
  });

  test("[INV70] a pool has no units to block", () => {
    const pool = AreaHarness.pool();
    pool.expectRefused(() => pool.block("c1", ["unit-0"]), {
      code: "units_unknown",
      unitIds: ["unit-0"],
    });
  });
});

describe("the share of a buyer in a pool", () => {
  const by = (buyerId: string) => ({ terms: { buyerId } });
  const reached = { code: "limit_reached", limit: "buyer", max: 3, left: 1 } as const;

  test("[INV62, INV68] is the pool's own limit, not the area's", () => {
    const pool = AreaHarness.pool({ perBuyerMax: 3 }, { unitsPerBuyerMax: 1 });
    pool.hold({ reservationId: r1, part: 2, ...by("ana") });
    pool.expectRefused(() => pool.hold({ reservationId: r2, part: 2, ...by("ana") }), reached);
    expect(pool.hold({ reservationId: r2, part: 1, ...by("ana") })).toMatchObject({ ok: true });
    expect(pool.taken("buyer:ana")).toBe(3);
    const unlimited = AreaHarness.pool({}, { unitsPerBuyerMax: 1 });
    expect(unlimited.hold({ reservationId: r1, part: 2, ...by("ana") })).toMatchObject({
      ok: true,
    });
    expect(unlimited.taken("buyer:ana")).toBeNull();
  });

  test("[INV67, INV68] goes over to whoever pays, with as much as is held", () => {
    const pool = AreaHarness.pool({ perBuyerMax: 3 });
    pool.hold({ reservationId: r1, part: 2, ...by("ana") });
    pool.extendFor(r1, "p1", "bea");
    expect([pool.taken("buyer:ana"), pool.taken("buyer:bea")]).toEqual([0, 2]);
    pool.hold({ reservationId: r2, part: 2 });
    pool.expectRefused(() => pool.extendFor(r2, "p2", "bea"), reached);
    expect(pool.taken("pool")).toBe(4);
  });
});

describe("a part that was given back", () => {
  test("[INV19, INV68] may be held again for more or less, or with another code", () => {
    const pool = AreaHarness.pool({ max: 5, usesPerCodeMax: 1 });
    pool.loadCodes(["A", "B"]);
    const hold = (part: number, promotionCode: string) =>
      pool.hold({ reservationId: r1, part, terms: { promotionCode } });
    hold(2, "A");
    pool.expectRefused(() => hold(4, "A"), { code: "command_reused" });
    pool.release(r1);
    expect(hold(4, "B")).toMatchObject({ ok: true });
    expect(pool.taken("pool")).toBe(4);
    expect([pool.taken("code:A"), pool.taken("code:B")]).toEqual([0, 1]);
    pool.wait(HOLD_MS);
    pool.expire();
    pool.expectRefused(() => hold(2, "A"), { code: "command_reused" });
  });
});
