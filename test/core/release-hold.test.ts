import { expect, test } from "vitest";
import { AreaHarness, HOLD_MS, r1, r2, r3, unitIdsOf } from "../support/area-harness.ts";

test("[INV23] gives the units back, for anybody to hold", () => {
  const area = AreaHarness.open(2);
  area.hold({ reservationId: r1, quantity: 2 });
  expect(area.release(r1)).toEqual({ ok: true, reservationId: r1 });
  expect(area.reservation(r1)?.state).toBe("released");
  expect(area.counts()).toEqual({ available: 2, held: 0, sold: 0, blocked: 0 });
  expect(unitIdsOf(area.hold({ reservationId: r2, quantity: 2 }))).toEqual(["unit-0", "unit-1"]);
});

test("[INV4, INV23] repeated, or after the expiry, it answers the same and changes nothing", () => {
  const area = AreaHarness.open(2);
  area.hold({ reservationId: r1 });
  area.hold({ reservationId: r2 });
  area.release(r1);
  area.wait(HOLD_MS);
  area.hold({ reservationId: r3, quantity: 2 });
  for (const reservationId of [r1, r2]) {
    area.expectUnchanged(() =>
      expect(area.release(reservationId)).toEqual({ ok: true, reservationId }),
    );
  }
  expect(area.counts().held).toBe(2);
});

test("[INV23] an unknown reservation is refused", () => {
  const area = AreaHarness.open(1);
  area.expectRefused(() => area.release(r1), { code: "reservation_unknown" });
});

test("[INV5, INV23] what is paid, or waits for its refund, is refused and keeps its units", () => {
  const area = AreaHarness.open(2);
  area.hold({ reservationId: r1 });
  area.hold({ reservationId: r2 });
  area.commit(r1, "p1");
  area.expectRefused(() => area.release(r1), { code: "already_paid" });
  area.wait(HOLD_MS);
  area.hold({ reservationId: r3 });
  area.commit(r2, "p2");
  area.expectRefused(() => area.release(r2), { code: "already_paid" });
  expect(area.unitState("unit-0")).toBe("sold");
});

test("[INV23] that names another first expiry than the hold's leaves it alone: a later hold under the same id", () => {
  const area = AreaHarness.open(2);
  const first = area.hold({ reservationId: r1 });
  if (!first.ok) throw new Error("not held");
  const named = {
    kind: "release-hold" as const,
    reservationId: r1,
    holdExpiresAtMs: first.expiresAtMs,
  };
  const answer = { ok: true, reservationId: r1 };
  expect(area.run("release-hold", named)).toEqual(answer);
  expect(area.reservation(r1)?.state).toBe("released");
  area.wait(1);
  area.hold({ reservationId: r1 });
  area.expectUnchanged(() => expect(area.run("release-hold", named)).toEqual(answer));
  expect(area.reservation(r1)?.state).toBe("held");
  area.extend(r1, "p1");
  const { holdExpiresAtMs = 0 } = area.reservation(r1) ?? {};
  area.run("release-hold", { ...named, holdExpiresAtMs });
  expect(area.reservation(r1)?.state).toBe("released");
});
