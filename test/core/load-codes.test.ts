import { describe, expect, test } from "vitest";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import {
  AreaHarness,
  HOLD_MS,
  holdCommand,
  idOf,
  r1,
  r2,
  r3,
  r4,
} from "../support/area-harness.ts";

describe("a pool with codes", () => {
  const coded = (promotionCode: string, buyerId?: string) => {
    return { part: 1, terms: { promotionCode, ...(buyerId !== undefined && { buyerId }) } };
  };
  const unknown = { code: "promotion_not_applicable", reason: "unknown" } as const;
  const usedUp = { code: "promotion_used_up", left: 0 } as const;

  function withCodes(terms = {}): AreaHarness {
    const pool = AreaHarness.pool({ usesPerCodeMax: 1, ...terms });
    pool.loadCodes(["ONE-A", "ONE-B"]);
    return pool;
  }

  test("[INV68] takes a known code once: a second time it is used up, until the first use ends", () => {
    const pool = withCodes();
    expect(pool.hold({ reservationId: r1, ...coded("ONE-A") })).toMatchObject({ ok: true });
    expect(pool.reservation(r1)?.uses).toEqual([
      { key: "pool", quantity: 1 },
      { key: "code:ONE-A", quantity: 1 },
    ]);
    pool.expectRefused(() => pool.hold({ reservationId: r2, ...coded("ONE-A") }), usedUp);
    expect(pool.hold({ reservationId: r2, ...coded("ONE-B") })).toMatchObject({ ok: true });
    pool.release(r1);
    expect(pool.hold({ reservationId: r3, ...coded("ONE-A") })).toMatchObject({ ok: true });
    pool.commit(r3, "p3");
    pool.expectRefused(() => pool.hold({ reservationId: r4, ...coded("ONE-A") }), usedUp);
    pool.expectRefused(() => pool.hold({ reservationId: r1, ...coded("ONE-A") }), usedUp);
    expect(pool.taken("pool")).toBe(2);
  });

  test("[INV4, INV68] the hold that has the code is sent again without using it again", () => {
    const pool = withCodes();
    const first = pool.hold({ reservationId: r1, ...coded("ONE-A") });
    pool.expectUnchanged(() =>
      expect(pool.hold({ reservationId: r1, ...coded("ONE-A") })).toEqual(first),
    );
  });

  test("[INV68] refuses what it does not know, and whoever names no code", () => {
    const pool = withCodes();
    pool.expectRefused(() => pool.hold({ reservationId: r1, ...coded("ONE-C") }), unknown);
    pool.expectRefused(() => pool.hold({ reservationId: r1, ...coded("one-a") }), unknown);
    pool.expectRefused(() => pool.hold({ reservationId: r1, part: 1 }), unknown);
    pool.expectRefused(
      () => pool.hold({ reservationId: r1, part: 1, terms: { buyerId: "ana" } }),
      unknown,
    );
    expect(pool.taken("code:ONE-C")).toBeNull();
  });

  test("[INV68] takes a code as often as it says, over all holds, whatever they hold", () => {
    const pool = withCodes({ usesPerCodeMax: 2, max: 7 });
    expect(pool.hold({ reservationId: r1, ...coded("ONE-A"), part: 3 })).toMatchObject({
      ok: true,
    });
    expect(pool.hold({ reservationId: r2, ...coded("ONE-A"), part: 3 })).toMatchObject({
      ok: true,
    });
    expect(pool.taken("code:ONE-A")).toBe(2);
    pool.expectRefused(() => pool.hold({ reservationId: r3, ...coded("ONE-A") }), usedUp);
    pool.expectRefused(() => pool.hold({ reservationId: r3, ...coded("ONE-B"), part: 2 }), {
      code: "sold_out",
      available: 1,
    });
  });

  test("[INV68] counts no code where it has none, and asks for none", () => {
    const pool = AreaHarness.pool({ max: 5 });
    expect(pool.hold({ reservationId: r1, ...coded("ONE-A") })).toMatchObject({ ok: true });
    expect(pool.reservation(r1)?.uses).toEqual([{ key: "pool", quantity: 1 }]);
    pool.loadCodes(["ONE-B"]);
    expect(pool.hold({ reservationId: r2, ...coded("ONE-B") })).toMatchObject({ ok: true });
    expect(pool.taken("code:ONE-B")).toBe(0);
  });

  test("[INV62, INV68] size, code and buyer are each limits of their own, in that order", () => {
    const pool = withCodes({ max: 2, perBuyerMax: 1 });
    pool.hold({ reservationId: r1, ...coded("ONE-A", "ana") });
    pool.expectRefused(() => pool.hold({ reservationId: r2, ...coded("ONE-A", "ana") }), usedUp);
    pool.expectRefused(() => pool.hold({ reservationId: r2, ...coded("ONE-B", "ana") }), {
      code: "limit_reached",
      limit: "buyer",
      max: 1,
      left: 0,
    });
    pool.hold({ reservationId: r2, ...coded("ONE-B", "bea") });
    pool.expectRefused(() => pool.hold({ reservationId: r3, ...coded("ONE-A", "ana") }), {
      code: "sold_out",
      available: 0,
    });
  });

  test("[INV27, INV29, INV68] a late payment whose code served somebody else is to be refunded", () => {
    const pool = withCodes();
    pool.hold({ reservationId: r1, ...coded("ONE-A") });
    pool.wait(HOLD_MS);
    pool.hold({ reservationId: r2, ...coded("ONE-A") });
    expect(pool.commit(r1, "p1")).toEqual({ ok: false, refusal: { code: "refund_due" } });
    expect(pool.taken("code:ONE-A")).toBe(1);
  });

  test("[INV67, INV68] its code stays used when somebody else pays, whatever form it has", () => {
    const pool = withCodes({ perBuyerMax: 1 });
    pool.loadCodes(["A:B"]);
    pool.hold({ reservationId: r1, ...coded("A:B", "ana") });
    expect(pool.extendFor(r1, "p1", "bea")).toMatchObject({ ok: true });
    expect([pool.taken("buyer:ana"), pool.taken("buyer:bea")]).toEqual([0, 1]);
    pool.expectRefused(() => pool.hold({ reservationId: r2, ...coded("A:B") }), usedUp);
  });

  test("[INV68] codes may have any form", () => {
    const pool = AreaHarness.pool({ usesPerCodeMax: 1 });
    for (const [index, code] of ["A:B", "A:B:C", "buyer:ana", ":", "pool"].entries()) {
      pool.loadCodes([code]);
      const request = { part: 1, terms: { promotionCode: code } };
      expect(pool.hold({ reservationId: idOf(`r${index}`), ...request })).toMatchObject({
        ok: true,
      });
      pool.expectRefused(() => pool.hold({ reservationId: idOf(`s${index}`), ...request }), usedUp);
    }
  });
});

describe("load-codes", () => {
  test("[INV68] adds the codes that are not there yet, each once, and they are unused", () => {
    const pool = AreaHarness.pool({ usesPerCodeMax: 1 });
    expect(pool.loadCodes(["A", "B", "A"])).toEqual({ ok: true, added: 2 });
    expect(pool.loadCodes(["B", "C"])).toEqual({ ok: true, added: 1 });
    expect(pool.dump()["quota"]).toEqual(
      ["A", "B", "C"].map((code) => ({ key: `code:${code}`, taken: 0 })),
    );
    expect(pool.outbox()).toEqual([]);
  });

  test("[INV33, INV68] announces nothing, not even beside a sale of the same batch", () => {
    const pool = AreaHarness.pool({ usesPerCodeMax: 1 });
    pool.loadCodes(["A"]);
    const terms = { promotionCode: "B" };
    pool.drain([
      waitingFor("load-codes", { kind: "load-codes", codes: ["B"] }, () => undefined),
      waitingFor("place-hold", holdCommand({ reservationId: r1, part: 1, terms }), () => undefined),
    ]);
    expect(pool.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ reservationId: r1 }],
      effects: [],
    });
  });

  test("[INV68] a known code keeps its count", () => {
    const pool = AreaHarness.pool({ usesPerCodeMax: 1 });
    pool.loadCodes(["A"]);
    pool.run(
      "place-hold",
      holdCommand({ reservationId: r1, part: 1, terms: { promotionCode: "A" } }),
    );
    pool.expectUnchanged(() => expect(pool.loadCodes(["A"])).toEqual({ ok: true, added: 0 }));
    pool.expectUnchanged(() => expect(pool.loadCodes([])).toEqual({ ok: true, added: 0 }));
    expect(pool.taken("code:A")).toBe(1);
  });

  test("[INV9, INV68] is refused by what is no pool", () => {
    const unknown = { code: "area_unknown" as const };
    const area = AreaHarness.open(1);
    area.expectRefused(() => area.loadCodes(["A"]), unknown);
    const empty = new AreaHarness();
    empty.expectRefused(() => empty.loadCodes(["A"]), unknown);
  });
});
