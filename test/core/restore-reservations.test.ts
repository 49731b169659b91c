import { expect, test } from "vitest";
import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import { AreaHarness, HOLD_MS, r1, r2, r3, r4, seats, ticketOf } from "../support/area-harness.ts";

/** An area with a sale, a hold and a released hold, and what it told of them. */
function soldBefore() {
  const area = AreaHarness.open(6);
  area.hold({ reservationId: r1, quantity: 2 });
  area.commit(r1, "p1");
  area.hold({ reservationId: r2, quantity: 2 });
  area.hold({ reservationId: r3, quantity: 1 });
  area.release(r3);
  const told = [r1, r2, r3].map((id) => area.reservation(id)).filter((part) => part !== null);
  return { area, told };
}

function lost(isRestoring = true): AreaHarness {
  const area = AreaHarness.open(seats(6), { isOpen: true, ...(isRestoring && { isRestoring }) });
  return area;
}

const restore = (area: AreaHarness, reservations: readonly Reservation[], sequenceAtLeast = 0) =>
  area.run("restore-reservations", {
    kind: "restore-reservations",
    reservations,
    sequenceAtLeast,
  });

test("[INV56] a lost area has its sales and holds again, and sells nothing twice", () => {
  const { told } = soldBefore();
  const area = lost();
  expect(restore(area, told)).toEqual({ ok: true, restored: 3 });
  expect(area.counts()).toEqual({ available: 2, held: 2, sold: 2, blocked: 0 });
  for (const part of told) expect(area.reservation(part.reservationId)).toEqual(part);
  area.configure({ version: 2 });
  expect(area.admit({ reservationUnitId: ticketOf(r1, 0) })).toMatchObject({ ok: true });
  expect(area.commit(r2, "p2")).toMatchObject({ ok: true, unitsReplaced: false });
  area.expectRefused(() => area.hold({ reservationId: r4, quantity: 3 }), {
    code: "sold_out",
    available: 2,
  });
});

test("[INV24, INV56] a hold whose time is over comes back as expired: nobody meets it held, not even within the batch", () => {
  const { told } = soldBefore();
  const area = lost();
  area.wait(HOLD_MS);
  expect(restore(area, told)).toEqual({ ok: true, restored: 3 });
  expect(area.reservation(r2)).toMatchObject({ state: "expired" });
  expect(area.counts()).toEqual({ available: 4, held: 0, sold: 2, blocked: 0 });
});

test("[INV56] repeated, it restores nothing more", () => {
  const { told } = soldBefore();
  const area = lost();
  restore(area, told);
  const before = area.counts();
  expect(restore(area, told)).toEqual({ ok: true, restored: 0 });
  expect(area.counts()).toEqual(before);
});

test("[INV56] what the area knows itself is not touched", () => {
  const { told } = soldBefore();
  const area = lost();
  restore(area, told);
  area.configure({ version: 2 });
  area.release(r2);
  area.configure({ version: 3, isRestoring: true });
  restore(area, told);
  expect(area.reservation(r2)?.state).toBe("released");
});

test("[INV56] a hold whose units were sold to somebody else comes back as expired", () => {
  const { told } = soldBefore();
  const area = lost();
  const sold = told[0]?.units ?? [];
  const stale = told.map((part) => {
    if (part.reservationId !== r2) return part;
    const units = part.units.map((unit, index) => {
      const { unitId, position, label } = sold[index] ?? unit;
      return { ...unit, unitId, position, label };
    });
    return { ...part, units };
  });
  expect(restore(area, stale)).toEqual({ ok: true, restored: 3 });
  expect(area.reservation(r2)?.state).toBe("expired");
  expect(area.counts()).toMatchObject({ held: 0, sold: 2 });
});

test("[INV56] a hold that comes back as expired takes none of its units, not even those that were free", () => {
  const first = AreaHarness.open(6);
  first.hold({ reservationId: r1, unitIds: ["unit-0", "unit-1"] });
  const stale = first.reservation(r1);
  first.release(r1);
  first.buy({ reservationId: r2, unitIds: ["unit-0"] });
  first.buy({ reservationId: r3, unitIds: ["unit-1"] });
  const told = [first.reservation(r2), stale, first.reservation(r3)].filter(
    (part) => part !== null,
  );
  const area = lost();
  expect(restore(area, told)).toEqual({ ok: true, restored: 3 });
  expect(area.reservation(r1)?.state).toBe("expired");
  expect([area.ownerOf("unit-0"), area.ownerOf("unit-1")]).toEqual([r2, r3]);
});

test("[INV56] what was given back, or is to be refunded, comes back before and after the sale of its units", () => {
  const first = AreaHarness.open(4);
  first.hold({ reservationId: r1, quantity: 2 });
  first.release(r1);
  first.hold({ reservationId: r2, quantity: 2 });
  first.wait(HOLD_MS);
  first.buy({ reservationId: r3, quantity: 4 });
  expect(first.commit(r2, "p2")).toMatchObject({ refusal: { code: "refund_due" } });
  for (const order of [
    [r1, r2, r3],
    [r3, r2, r1],
  ]) {
    const told = order.map((id) => first.reservation(id)).filter((part) => part !== null);
    const area = lost();
    expect(restore(area, told)).toEqual({ ok: true, restored: 3 });
    for (const part of told) expect(area.reservation(part.reservationId)).toEqual(part);
    expect(area.counts()).toMatchObject({ available: 2, sold: 4 });
  }
});

test("[INV56] two sales of one unit are refused, and nothing changes", () => {
  const { told } = soldBefore();
  const [sale] = told;
  if (sale === undefined) throw new Error("nothing was sold");
  const area = lost();
  area.expectRefused(() => restore(area, [sale, { ...sale, reservationId: r4 }]), {
    code: "units_conflict",
    unitIds: sale.units.map((unit) => unit.unitId),
  });
});

test("[INV56] an area that is not being restored refuses", () => {
  const { told } = soldBefore();
  const area = lost(false);
  area.expectRefused(() => restore(area, told), { code: "not_restoring" });
});

test("[INV56] an area without settings refuses", () => {
  expect(restore(new AreaHarness(), [])).toEqual({
    ok: false,
    refusal: { code: "area_unknown" },
  });
});

test("[INV57] nothing is sold while the area is being restored", () => {
  const area = lost();
  area.expectRefused(() => area.hold({ reservationId: r1 }), { code: "area_closed" });
});

test("[INV57] what is written afterwards is newer than what Postgres has", () => {
  const { told } = soldBefore();
  const area = lost();
  restore(area, told, 900);
  expect(area.version()).toBeGreaterThan(900);
});

test("[INV5, INV56] a hold that lapsed meanwhile ends with the next batch", () => {
  const { told } = soldBefore();
  const area = lost();
  restore(area, told);
  area.wait(HOLD_MS);
  area.configure({ version: 2 });
  expect(area.reservation(r2)?.state).toBe("expired");
  expect(area.counts()).toMatchObject({ available: 4, held: 0, sold: 2 });
});
