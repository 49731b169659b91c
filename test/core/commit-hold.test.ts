import { describe, expect, test } from "vitest";
import { commitHold } from "../../durable-objects/area-inventory/core/commit-hold.ts";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { Batch } from "../../durable-objects/area-inventory/batch.ts";
import {
  AreaHarness,
  HOLD_MS,
  r1,
  r2,
  ticketOf,
  seats,
  unitIdsOf,
} from "../support/area-harness.ts";

describe("a living hold", () => {
  test("[INV25] becomes tickets at its price, and one effect", () => {
    const area = AreaHarness.open(3);
    area.hold({ reservationId: r1, quantity: 2 });
    const units = area.reservation(r1)?.units;
    expect(area.commit(r1, "p1")).toEqual({
      ok: true,
      reservationId: r1,
      units,
      unitsReplaced: false,
    });
    expect(area.counts()).toEqual({ available: 1, held: 0, sold: 2, blocked: 0 });
    expect(area.reservation(r1)).toMatchObject({ state: "sold", paymentId: "p1" });
    expect(area.ticket(ticketOf(r1, 1))).toEqual({
      reservationUnitId: ticketOf(r1, 1),
      serial: 1,
      admittedAtMs: null,
      scanId: null,
      gate: null,
    });
    expect(area.outbox().at(-1)?.body.effects).toEqual([
      { kind: "deliver-tickets", reservationId: r1 },
    ]);
  });

  test("[INV25] is sold in a closed area, and by a payment that did not extend it", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.extend(r1, "p1");
    area.configure({ version: 2, isOpen: false });
    expect(area.commit(r1, "p2")).toMatchObject({ ok: true });
    expect(area.reservation(r1)?.paymentId).toBe("p2");
  });
});

describe("a payment for a cancelled event", () => {
  const cancelled = { version: 2, isOpen: false, isCancelled: true };
  const refundDue = { ok: false, refusal: { code: "refund_due" } };

  test("[INV84] buys nothing though its hold lives: all it held is given back, and the buyer's share with it", () => {
    const area = AreaHarness.open(3, { unitsPerBuyerMax: 2 });
    area.hold({ reservationId: r1, quantity: 2, terms: { buyerId: "ana" } });
    area.extend(r1, "p1");
    area.configure({ ...cancelled, unitsPerBuyerMax: 2 });
    expect(area.commit(r1, "p1")).toEqual(refundDue);
    expect(area.counts()).toEqual({ available: 3, held: 0, sold: 0, blocked: 0 });
    expect(area.taken("buyer:ana")).toBe(0);
    expect(area.reservation(r1)).toMatchObject({
      state: "refund-due",
      paymentId: "p1",
      tickets: [],
    });
    expect(area.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ reservationId: r1, state: "refund-due" }],
      units: [],
      effects: [{ kind: "deliver-tickets", reservationId: r1 }],
    });
    area.expectRefused(() => area.commit(r1, "p1"), { code: "refund_due" });
    area.expectRefused(() => area.commit(r1, "p2"), { code: "already_paid" });
    // Nor does the end of the hold that was come any more.
    area.wait(10 * HOLD_MS);
    area.expectUnchanged(() => area.expire());
  });

  test.each(["expired", "released"] as const)(
    "[INV84] buys nothing when its hold was %s, though its units are free",
    (ending) => {
      const area = lapsed(4, ending);
      area.configure(cancelled);
      expect(area.commit(r1, "p1")).toEqual(refundDue);
      expect(area.counts()).toEqual({ available: 4, held: 0, sold: 0, blocked: 0 });
    },
  );

  test("[INV26, INV84] that bought before it was cancelled is answered as then", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    const first = area.commit(r1, "p1");
    area.configure(cancelled);
    area.expectUnchanged(() => expect(area.commit(r1, "p1")).toEqual(first));
  });
});

describe("a commit that is sent again", () => {
  test("[INV4, INV26] gets the first answer and changes nothing, for ever", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    const first = area.commit(r1, "p1");
    area.configure({ version: 2, priceInCents: 1 });
    area.wait(10 * HOLD_MS);
    area.expectUnchanged(() => expect(area.commit(r1, "p1")).toEqual(first));
  });

  test("[INV26] by another payment is refused as already paid", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.commit(r1, "p1");
    area.expectRefused(() => area.commit(r1, "p2"), { code: "already_paid" });
  });

  test("[INV26] of nobody's reservation is refused", () => {
    const area = AreaHarness.open(1);
    area.expectRefused(() => area.commit(r1, "p1"), { code: "reservation_unknown" });
  });
});

/** `r1` held units 0 and 1 of `units`, and its time is over; nothing noticed it yet. */
function lapsed(units: number, ending: "expired" | "released" = "expired"): AreaHarness {
  const area = AreaHarness.open(units);
  area.hold({ reservationId: r1, quantity: 2 });
  if (ending === "released") area.release(r1);
  else area.wait(HOLD_MS);
  return area;
}

describe.each(["expired", "released"] as const)(
  "a payment that comes after the hold was %s",
  (ending) => {
    test("[INV27] buys the same units when they are free", () => {
      const area = lapsed(4, ending);
      area.configure({ version: 2, priceInCents: 1 });
      const outcome = area.commit(r1, "p1");
      expect(outcome).toMatchObject({
        ok: true,
        unitsReplaced: false,
        units: [{ priceInCents: 9_500_000 }, {}],
      });
      expect(unitIdsOf(outcome)).toEqual(["unit-0", "unit-1"]);
      expect(area.counts()).toEqual({ available: 2, held: 0, sold: 2, blocked: 0 });
    });

    test("[INV28] gets as many equal units when one of its own is gone", () => {
      const area = lapsed(5, ending);
      area.hold({ reservationId: r2, unitIds: ["unit-1"] });
      area.configure({ version: 2, serviceInCents: 7 });
      const outcome = area.commit(r1, "p1");
      expect(outcome).toMatchObject({
        ok: true,
        unitsReplaced: true,
        units: [
          {
            reservationUnitId: ticketOf(r1, 0),
            unitId: "unit-2",
            label: "A-1-3",
            priceInCents: 9_500_000,
            serviceInCents: 500_000,
          },
          { reservationUnitId: ticketOf(r1, 1), unitId: "unit-3" },
        ],
      });
      expect(area.ticket(ticketOf(r1, 0))).toMatchObject({ serial: 1 });
      expect(area.unitState("unit-0")).toBe("available");
      area.expectUnchanged(() => expect(area.commit(r1, "p1")).toEqual(outcome));
    });

    test("[INV29] is to be refunded when too few units are left, and takes none", () => {
      const area = lapsed(3, ending);
      area.hold({ reservationId: r2, unitIds: ["unit-0", "unit-1"] });
      expect(area.commit(r1, "p1")).toEqual({ ok: false, refusal: { code: "refund_due" } });
      expect(area.counts()).toEqual({ available: 1, held: 2, sold: 0, blocked: 0 });
      expect(area.reservation(r1)).toMatchObject({ state: "refund-due", paymentId: "p1" });
      expect(area.ticket(ticketOf(r1, 0))).toBeNull();
      expect(area.outbox().at(-1)?.body).toMatchObject({
        reservations: [
          {
            reservationId: r1,
            state: "refund-due",
            units: [{}, {}],
            tickets: [],
          },
        ],
        units: [],
        effects: [{ kind: "deliver-tickets", reservationId: r1 }],
      });
    });

    test("[INV28, INV29] is to be refunded when the price has changed and its own units are gone", () => {
      const area = lapsed(9, ending);
      area.hold({ reservationId: r2, unitIds: ["unit-0"] });
      area.configure({ version: 2, priceInCents: 9_500_001 });
      expect(area.commit(r1, "p1")).toEqual({ ok: false, refusal: { code: "refund_due" } });
    });
  },
);

test("[INV28, INV46] other units may be of several rows: whoever has paid is not refused for that", () => {
  // Two rows of three, of which r1 had two side by side; in the end one is left in each.
  const area = AreaHarness.open(seats(6, 0, 3));
  area.hold({ reservationId: r1, quantity: 2, together: true });
  area.wait(HOLD_MS);
  area.hold({ reservationId: r2, unitIds: ["unit-0", "unit-2", "unit-3", "unit-5"] });
  const outcome = area.commit(r1, "p1");
  expect(outcome).toMatchObject({
    ok: true,
    unitsReplaced: true,
    units: [
      { reservationUnitId: ticketOf(r1, 0), unitId: "unit-1", label: "A-1-2" },
      { reservationUnitId: ticketOf(r1, 1), unitId: "unit-4", label: "A-2-2" },
    ],
  });
  expect(area.counts()).toEqual({ available: 0, held: 4, sold: 2, blocked: 0 });
  expect(area.outbox().at(-1)?.body.units).toMatchObject([
    { unitId: "unit-1", state: "sold" },
    { unitId: "unit-4", state: "sold" },
  ]);
  area.expectUnchanged(() => expect(area.commit(r1, "p1")).toEqual(outcome));
  area.admit({ reservationUnitId: ticketOf(r1, 1) });
  expect(area.ticket(ticketOf(r1, 1))).toMatchObject({ admittedAtMs: area.nowMs });
});

test("[INV26, INV29] refund-due is final, even when units come back", () => {
  const area = lapsed(2);
  area.hold({ reservationId: r2, quantity: 1 });
  area.commit(r1, "p1");
  area.release(r2);
  area.expectRefused(() => area.commit(r1, "p1"), { code: "refund_due" });
  area.expectRefused(() => area.commit(r1, "p2"), { code: "already_paid" });
});

test("[INV5] a late payment never takes a unit that was sold", () => {
  const area = lapsed(2);
  area.hold({ reservationId: r2, quantity: 2 });
  area.commit(r2, "p2");
  area.expectRefused(() => area.commit(r2, "p3"), { code: "already_paid" });
  expect(area.commit(r1, "p1")).toEqual({ ok: false, refusal: { code: "refund_due" } });
  expect(area.unitState("unit-0")).toBe("sold");
  expect(area.ownerOf("unit-0")).toBe(r2);
});

test("[INV27] a hold whose end was not noticed yet still has its own units, were it decided on its own", () => {
  const area = lapsed(2);
  const command = { kind: "commit-hold" as const, reservationId: r1, paymentId: "p1" };
  const { outcome } = commitHold(new Batch(area.store, loadMemory(area.store)), command);
  expect(outcome).toMatchObject({ ok: true, unitsReplaced: false });
});
