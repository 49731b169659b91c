import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  HOLD_MS,
  promotionOf,
  r1,
  r2,
  r3,
  seats,
  stageOf,
  ticketOf,
  unitIdsOf,
} from "../support/area-harness.ts";

/** `r1` has bought units 0 to 2 of five. */
function sold(): AreaHarness {
  const area = AreaHarness.open(5);
  area.buy({ reservationId: r1, quantity: 3 });
  area.wait(1_000);
  return area;
}

const tickets = [0, 1, 2].map((index) => ticketOf(r1, index));

describe("cancel-tickets", () => {
  test("[INV1, INV71] takes all tickets of a reservation back, and its units are for sale again", () => {
    const area = sold();
    const before = area.reservation(r1);
    expect(area.cancel("c1")).toEqual({ ok: true, cancelled: tickets });
    expect(area.counts()).toEqual({ available: 5, held: 0, sold: 0, blocked: 0 });
    expect(area.reservation(r1)).toEqual({
      ...before,
      state: "cancelled",
      tickets: before?.tickets.map((ticket) => ({ ...ticket, cancelledAtMs: area.nowMs })),
    });
    expect(area.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ reservationId: r1, state: "cancelled" }],
      units: seats(3).map(({ unitId }) => ({ unitId, state: "available" })),
      effects: [],
    });
    expect(unitIdsOf(area.buy({ reservationId: r2, quantity: 5 }))).toHaveLength(5);
  });

  test("[INV70, INV71] or its units are blocked", () => {
    const area = sold();
    area.cancel("c1", { unitsBecome: "blocked" });
    expect(area.counts()).toEqual({ available: 2, held: 0, sold: 0, blocked: 3 });
    expect(area.outbox().at(-1)?.body.units).toMatchObject(
      [0, 1, 2].map(() => ({ state: "blocked" })),
    );
    expect(area.unblock("c2", ["unit-0"])).toEqual({ ok: true, unblocked: 1 });
  });

  test("[INV71] takes some back: the others still stand, and the reservation is sold until its last one goes", () => {
    const area = sold();
    const [first = "", second = "", third = ""] = tickets;
    expect(area.cancel("c1", { reservationUnitIds: [second] })).toEqual({
      ok: true,
      cancelled: [second],
    });
    expect(area.blocks()).toEqual([{ start: 0, states: "20200" }]);
    expect(area.reservation(r1)?.state).toBe("sold");
    expect(area.ticket(second)?.cancelledAtMs).toBe(area.nowMs);
    expect(area.ticket(first)).not.toHaveProperty("cancelledAtMs");
    expect(area.admit({ reservationUnitId: first })).toMatchObject({ ok: true });
    expect(area.ownerOf("unit-1")).toBeUndefined();
    expect(unitIdsOf(area.buy({ reservationId: r2, unitIds: ["unit-1"] }))).toEqual(["unit-1"]);
    expect(area.ownerOf("unit-1")).toBe(r2);
    expect(area.cancel("c2", { reservationUnitIds: [third] })).toMatchObject({ ok: true });
    expect(area.reservation(r1)?.state).toBe("sold");
  });

  test("[INV71] the last one ends the reservation, even when they go one by one", () => {
    const area = sold();
    for (const [index, ticket] of tickets.entries()) {
      expect(area.reservation(r1)?.state).toBe("sold");
      area.cancel(`c${index}`, { reservationUnitIds: [ticket] });
    }
    expect(area.reservation(r1)?.state).toBe("cancelled");
  });

  test("[INV71] answers only the tickets that were valid before, each once, and leaves the earlier ones alone", () => {
    const area = sold();
    const [first = "", second = ""] = tickets;
    area.cancel("c1", { reservationUnitIds: [first] });
    const { cancelledAtMs } = area.ticket(first) ?? {};
    area.wait(1_000);
    area.buy({ reservationId: r2, unitIds: ["unit-0"] });
    expect(area.cancel("c2", { reservationUnitIds: [second, first, second] })).toEqual({
      ok: true,
      cancelled: [second],
    });
    expect(area.ticket(first)).toMatchObject({ cancelledAtMs });
    // The unit of the first one is somebody else's now.
    expect(area.unitState("unit-0")).toBe("sold");
    expect(area.cancel("c3", { reservationUnitIds: [first] })).toEqual({ ok: true, cancelled: [] });
    expect(area.cancel("c4")).toEqual({ ok: true, cancelled: [ticketOf(r1, 2)] });
    expect(area.cancel("c5")).toEqual({ ok: true, cancelled: [] });
  });

  test("[INV8, INV71] a cancelled ticket is never admitted, with whatever serial", () => {
    const area = sold();
    area.reissue("c1", ticketOf(r1, 1));
    area.cancel("c2");
    const cancelled = { code: "ticket_cancelled" as const };
    area.expectRefused(() => area.admit({}), cancelled);
    area.expectRefused(() => area.exit({}), cancelled);
    area.expectRefused(
      () => area.admit({ reservationUnitId: ticketOf(r1, 1), serial: 2 }),
      cancelled,
    );
    area.expectRefused(() => area.admit({ reservationUnitId: ticketOf(r1, 1), serial: 1 }), {
      code: "ticket_revoked",
    });
    area.expectRefused(() => area.admit({ profileId: "organizer-2" }), { code: "ticket_unknown" });
    area.expectRefused(() => area.reissue("c3"), cancelled);
  });
});

describe("what cancel-tickets refuses", () => {
  test("[INV8, INV71] a ticket somebody came in with, and with it all others", () => {
    const area = sold();
    const admittedAtMs = area.nowMs;
    area.admit({ reservationUnitId: ticketOf(r1, 1), gate: "south" });
    const refusal = { code: "already_admitted" as const, admittedAtMs, gate: "south" };
    area.wait(60_000);
    area.expectRefused(() => area.cancel("c1"), refusal);
    area.expectRefused(
      () => area.cancel("c1", { reservationUnitIds: tickets.slice(0, 2) }),
      refusal,
    );
    expect(area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 2)] })).toMatchObject({
      ok: true,
    });
  });

  test("[INV71, INV74] whoever went out keeps the ticket too", () => {
    const area = AreaHarness.open(1, { allowsReentry: true });
    area.buy({ reservationId: r1 });
    const admittedAtMs = area.nowMs;
    area.admit({});
    area.exit({ scanId: "scan-2" });
    area.expectRefused(() => area.cancel("c1"), {
      code: "already_admitted",
      admittedAtMs,
      gate: "north",
    });
  });

  test("[INV71] a ticket of another reservation, or of none, and with it all others", () => {
    const area = sold();
    area.buy({ reservationId: r2 });
    const unknown = { code: "ticket_unknown" as const };
    for (const other of [ticketOf(r2, 0), ticketOf(r1, 3), "nothing"]) {
      area.expectRefused(
        () => area.cancel("c1", { reservationUnitIds: [...tickets, other] }),
        unknown,
      );
    }
  });

  test("[INV71] a reservation nobody knows, and an area without settings", () => {
    const area = sold();
    area.expectRefused(() => area.cancel("c1", { reservationId: r2 }), {
      code: "reservation_unknown",
    });
    const unknown = new AreaHarness();
    unknown.expectRefused(() => unknown.cancel("c1"), { code: "reservation_unknown" });
  });

  test("[INV71] nothing, where no ticket was sold: there is none to take back", () => {
    const area = AreaHarness.open(5);
    area.hold({ reservationId: r1, quantity: 2 });
    expect(area.cancel("c1")).toEqual({ ok: true, cancelled: [] });
    expect(area.reservation(r1)?.state).toBe("held");
    expect(area.counts().held).toBe(2);
    area.expectRefused(() => area.cancel("c2", { reservationUnitIds: [ticketOf(r1, 0)] }), {
      code: "ticket_unknown",
    });
    expect(area.commit(r1, "p1")).toMatchObject({ ok: true });
  });
});

describe("a cancelled reservation", () => {
  test("[INV22, INV23, INV26, INV71] is neither paid, extended nor released again", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1 });
    const sale = area.commit(r1, "p1");
    area.cancel("c1");
    const paid = { code: "already_paid" as const };
    area.expectRefused(() => area.commit(r1, "p2"), paid);
    area.expectRefused(() => area.extend(r1, "p2"), paid);
    area.expectRefused(() => area.release(r1), paid);
    area.expectUnchanged(() => expect(area.commit(r1, "p1")).toEqual(sale));
    area.wait(HOLD_MS);
    expect(area.expire()).toEqual({ ok: true, expired: 0 });
  });

  test("[INV18, INV71] is answered as it was first held, and holds nothing", () => {
    const area = AreaHarness.open(2);
    const first = area.hold({ reservationId: r1 });
    area.commit(r1, "p1");
    area.cancel("c1");
    area.expectUnchanged(() => expect(area.hold({ reservationId: r1 })).toEqual(first));
    expect(area.counts().available).toBe(2);
  });
});

describe("what was limited", () => {
  const limited = {
    unitsPerBuyerMax: 3,
    stages: [stageOf("early", { unitsMax: 4 })],
    promotions: [promotionOf("ten", { usesMax: 2, usesPerBuyerMax: 1 })],
  };
  const terms = { buyerId: "ana", promotionCode: "TEN" };

  test("[INV62, INV71] a buyer's share is given back ticket by ticket; stage and promotion stay spent", () => {
    const area = AreaHarness.open(10, limited);
    area.buy({ reservationId: r1, quantity: 3, terms });
    expect(area.taken("buyer:ana")).toBe(3);
    area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 0)] });
    expect(area.taken("buyer:ana")).toBe(2);
    area.cancel("c2");
    expect(area.taken("buyer:ana")).toBe(0);
    expect(area.taken("stage:early")).toBe(3);
    expect(area.taken("promotion:ten")).toBe(1);
    expect(area.taken("promotion:ten:ana")).toBe(1);
    expect(area.reservation(r1)?.uses).toEqual([
      { key: "stage:early", quantity: 3 },
      { key: "promotion:ten", quantity: 1 },
      { key: "promotion:ten:ana", quantity: 1 },
      { key: "buyer:ana", quantity: 0 },
    ]);
  });

  test("[INV62, INV71] the same buyer buys again, at the next price and without the promotion", () => {
    const area = AreaHarness.open(10, limited);
    area.buy({ reservationId: r1, quantity: 3, terms });
    const full = { code: "limit_reached", limit: "buyer", max: 3, left: 0 } as const;
    area.expectRefused(() => area.hold({ reservationId: r2, terms: { buyerId: "ana" } }), full);
    area.cancel("c1");
    area.expectRefused(() => area.hold({ reservationId: r2, terms }), {
      code: "limit_reached",
      limit: "buyer",
      max: 1,
      left: 0,
    });
    // One unit of the stage is left: three fall to the area's own price.
    expect(area.buy({ reservationId: r2, quantity: 3, terms: { buyerId: "ana" } })).toMatchObject({
      ok: true,
      units: [0, 1, 2].map(() => ({ priceInCents: 9_500_000 })),
    });
    expect(area.taken("buyer:ana")).toBe(3);
    area.expectRefused(() => area.hold({ reservationId: r3, terms: { buyerId: "ana" } }), full);
  });

  test("[INV62, INV71] only the tickets that were valid give a share back", () => {
    const area = AreaHarness.open(10, limited);
    area.buy({ reservationId: r1, quantity: 3, terms });
    area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 2)] });
    area.cancel("c2", { reservationUnitIds: tickets });
    expect(area.taken("buyer:ana")).toBe(0);
  });

  test("[INV71] a reservation that took nothing limited has nothing to give back", () => {
    const area = sold();
    area.cancel("c1");
    expect(area.reservation(r1)).not.toHaveProperty("uses");
    expect(area.dump()["quota"]).toEqual([]);
  });
});
