// Rebuilding an area that had stages, promotions, limits and cancelled tickets, and mending one that lost a reservation.

import { describe, expect, test } from "vitest";
import type {
  AreaSettings,
  Reservation,
} from "../../durable-objects/area-inventory/core/commands.ts";
import {
  AreaHarness,
  HOLD_MS,
  idOf,
  poolOf,
  promotionOf,
  r1,
  r2,
  r3,
  r4,
  stageOf,
  ticketOf,
} from "../support/area-harness.ts";

const limits = {
  stages: [stageOf("early", { unitsMax: 9 })],
  promotions: [promotionOf("ten", { usesMax: 4, usesPerBuyerMax: 1 })],
  unitsPerBuyerMax: 4,
};

const termsOf = (buyerId: string) => ({ buyerId, promotionCode: "TEN" });

/** All reservations of an area, as it tells them. */
function toldBy(area: AreaHarness, ...ids: readonly string[]): Reservation[] {
  return ids.map((id) => area.reservation(id)).filter((part) => part !== null);
}

function lost(settings: Partial<AreaSettings> = limits, units = 12): AreaHarness {
  return AreaHarness.open(units, { ...settings, isRestoring: true });
}

/** `r1` sold three and one of them was cancelled, `r2` holds two, `r3` was cancelled whole, `r4` was released. */
function before(): AreaHarness {
  const area = AreaHarness.open(12, limits);
  area.buy({ reservationId: r1, quantity: 3, terms: termsOf("ana") });
  area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 1)] });
  area.hold({ reservationId: r2, unitIds: ["unit-5", "unit-6"], terms: termsOf("bea") });
  area.buy({ reservationId: r3, unitIds: ["unit-8"], terms: termsOf("eva") });
  area.cancel("c2", { reservationId: r3, unitsBecome: "blocked" });
  area.hold({ reservationId: r4, unitIds: ["unit-9"], terms: termsOf("zoe") });
  area.release(r4);
  return area;
}

/** Without those of which nothing is left: nobody tells these. */
function quotasOf(area: AreaHarness): unknown {
  const quotas = area.storage.database.prepare(
    "SELECT key, taken FROM quota WHERE taken <> 0 ORDER BY key",
  );
  return quotas.all().map(({ key, taken }) => [key, taken]);
}

describe("an area that was lost", () => {
  test("[INV2, INV56, INV62, INV71] has its quotas again: of what is held, sold or cancelled, and of nothing else", () => {
    const first = before();
    const area = lost();
    expect(area.restore(toldBy(first, r1, r2, r3, r4))).toEqual({ ok: true, restored: 4 });
    expect(quotasOf(area)).toEqual(quotasOf(first));
    expect(quotasOf(area)).toEqual([
      ["buyer:ana", 2],
      ["buyer:bea", 2],
      ["promotion:ten", 3],
      ["promotion:ten:ana", 1],
      ["promotion:ten:bea", 1],
      ["promotion:ten:eva", 1],
      ["stage:early", 6],
    ]);
  });

  test("[INV56, INV71] takes no unit for a cancelled ticket, and does not admit it", () => {
    const area = lost();
    area.restore(toldBy(before(), r1, r2, r3, r4));
    expect(area.counts()).toEqual({ available: 8, held: 2, sold: 2, blocked: 0 });
    expect(area.unitState("unit-1")).toBe("available");
    area.configure({ ...limits, version: 2 });
    area.expectRefused(() => area.admit({ reservationUnitId: ticketOf(r1, 1) }), {
      code: "ticket_cancelled",
    });
    expect(area.admit({ reservationUnitId: ticketOf(r1, 2) })).toMatchObject({ ok: true });
    expect(area.cancel("c3", { reservationUnitIds: [ticketOf(r1, 0)] })).toMatchObject({
      ok: true,
    });
  });

  test("[INV56, INV71] may have sold a cancelled ticket's unit again", () => {
    const first = before();
    first.buy({ reservationId: idOf("next"), unitIds: ["unit-1"] });
    const area = lost();
    expect(area.restore(toldBy(first, idOf("next"), r1))).toEqual({ ok: true, restored: 2 });
    expect(area.ownerOf("unit-1")).toBe(idOf("next"));
  });

  test("[INV56, INV62] a hold whose units are gone comes back as expired and takes nothing limited", () => {
    const first = before();
    const told = toldBy(first, r2);
    first.release(r2);
    first.buy({ reservationId: idOf("next"), unitIds: ["unit-5"] });
    const area = lost();
    area.restore([...toldBy(first, idOf("next")), ...told]);
    expect(area.reservation(r2)?.state).toBe("expired");
    expect(area.counts()).toMatchObject({ held: 0, sold: 1 });
    expect(quotasOf(area)).toEqual([["stage:early", 1]]);
  });

  test("[INV56, INV62] gives back what a restored hold took, when that ends", () => {
    const area = lost();
    area.restore(toldBy(before(), r2));
    area.wait(HOLD_MS);
    area.expire();
    expect(area.reservation(r2)?.state).toBe("expired");
    expect(quotasOf(area)).toEqual([]);
  });

  test("[INV4, INV56] restores nothing twice", () => {
    const told = toldBy(before(), r1, r2, r3, r4);
    const area = lost();
    area.restore(told);
    const quotas = quotasOf(area);
    expect(area.restore(told)).toEqual({ ok: true, restored: 0 });
    expect(quotasOf(area)).toEqual(quotas);
  });

  test("[INV56] refuses a sale whose unit is blocked or another one now, naming only that", () => {
    const told = toldBy(before(), r1);
    const area = lost();
    area.block("c1", ["unit-0"]);
    area.expectRefused(() => area.restore(told), { code: "units_conflict", unitIds: ["unit-0"] });
    const [sale] = told;
    if (sale === undefined) throw new Error("nothing was sold");
    const renamed = sale.units.map((unit, index) =>
      index === 2 ? { ...unit, unitId: "other" } : unit,
    );
    const other = lost();
    other.expectRefused(() => other.restore([{ ...sale, units: renamed }]), {
      code: "units_conflict",
      unitIds: ["other"],
    });
  });

  test("[INV56] announces sales and refunds again, and nothing else", () => {
    const first = before();
    first.hold({ reservationId: idOf("late"), unitIds: ["unit-11"] });
    first.wait(HOLD_MS);
    first.block("c3", ["unit-11"]);
    first.configure({ ...limits, version: 2, priceInCents: 1 });
    expect(first.commit(idOf("late"), "p")).toMatchObject({ refusal: { code: "refund_due" } });
    const area = lost();
    area.restore(toldBy(first, idOf("late"), r1, r2, r3, r4));
    expect(area.outbox().at(-1)?.body.effects).toEqual(
      [idOf("late"), r1].map((reservationId) => ({ kind: "deliver-tickets", reservationId })),
    );
  });

  test("[INV56, INV69] keeps what an organizer had reserved", () => {
    const first = AreaHarness.open(3);
    first.reserve(r1, { quantity: 2 });
    const area = lost({}, 3);
    area.restore(toldBy(first, r1));
    area.configure({ version: 2 });
    area.wait(1_000 * HOLD_MS);
    area.expire();
    expect(area.counts()).toEqual({ available: 1, held: 2, sold: 0, blocked: 0 });
    expect(area.release(r1)).toMatchObject({ ok: true });
  });
});

describe("a pool that was lost", () => {
  test("[INV56, INV68] has its parts again, held and sold, and knows the codes they used", () => {
    const terms = { promotionCode: "A" };
    const pooled = { pool: poolOf({ max: 5, usesPerCodeMax: 1 }) };
    const first = AreaHarness.pool(pooled.pool);
    first.loadCodes(["A", "B"]);
    first.hold({ reservationId: r1, part: 2, terms });
    first.commit(r1, "p1");
    first.hold({ reservationId: r2, part: 1, terms: { promotionCode: "B" } });
    const pool = AreaHarness.open(0, { ...pooled, isRestoring: true });
    expect(pool.restore(toldBy(first, r1, r2))).toEqual({ ok: true, restored: 2 });
    expect(quotasOf(pool)).toEqual(quotasOf(first));
    expect(pool.outbox().at(-1)?.body.effects).toEqual([]);
    pool.configure({ ...pooled, version: 2 });
    pool.expectRefused(() => pool.hold({ reservationId: r3, part: 1, terms }), {
      code: "promotion_used_up",
      left: 0,
    });
    expect(pool.commit(r2, "p2")).toMatchObject({ ok: true });
    expect(pool.taken("pool")).toBe(3);
  });
});

describe("an area that is mended while it sells", () => {
  test("[INV56] has the reservations it lost, with what they take, and touches nothing it knows", () => {
    const told = toldBy(before(), r1, r2, r3, r4);
    const area = AreaHarness.open(12, limits);
    area.hold({ reservationId: r2, quantity: 1, terms: termsOf("bea") });
    area.release(r2);
    const version = area.version();
    expect(area.restore(told, { isMending: true })).toEqual({ ok: true, restored: 3 });
    expect(area.version()).toBe(version + 1);
    expect(area.reservation(r2)).toMatchObject({ state: "released", selection: { quantity: 1 } });
    expect(area.counts()).toMatchObject({ held: 0, sold: 2 });
    expect(area.hold({ reservationId: idOf("next"), quantity: 6 })).toMatchObject({ ok: true });
  });

  test("[INV56] does not take units that were sold meanwhile: a hold expires, a sale is refused whole", () => {
    const told = toldBy(before(), r1, r2);
    const area = AreaHarness.open(12);
    area.buy({ reservationId: idOf("next"), unitIds: ["unit-5"] });
    expect(area.restore(told, { isMending: true })).toMatchObject({ restored: 2 });
    expect(area.reservation(r2)?.state).toBe("expired");
    const other = AreaHarness.open(12);
    other.buy({ reservationId: idOf("next"), unitIds: ["unit-0", "unit-1"] });
    other.expectRefused(() => other.restore(told, { isMending: true }), {
      code: "units_conflict",
      unitIds: ["unit-0"],
    });
  });

  test("[INV56] is refused where it is not asked for, and without settings", () => {
    const told = toldBy(before(), r1);
    const area = AreaHarness.open(12);
    area.expectRefused(() => area.restore(told), { code: "not_restoring" });
    area.expectRefused(() => area.restore(told, { isMending: false }), { code: "not_restoring" });
    const unknown = new AreaHarness();
    unknown.expectRefused(() => unknown.restore(told, { isMending: true }), {
      code: "area_unknown",
    });
  });

  test("[INV57] goes on after the highest version Postgres has", () => {
    const area = AreaHarness.open(12);
    area.restore([], { isMending: true, sequenceAtLeast: 500 });
    expect(area.version()).toBe(501);
    area.restore([], { isMending: true, sequenceAtLeast: 400 });
    expect(area.version()).toBe(502);
  });
});
