import { expect, test } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { Batch } from "../../durable-objects/area-inventory/batch.ts";
import { extendHold } from "../../durable-objects/area-inventory/core/extend-hold.ts";
import {
  AreaHarness,
  HOLD_MS,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  r1,
  r2,
  r3,
} from "../support/area-harness.ts";

function held(): { area: AreaHarness; heldAtMs: number } {
  const area = AreaHarness.open(2);
  area.hold({ reservationId: r1 });
  return { area, heldAtMs: area.nowMs };
}

test("[INV20] gives one payment window from now", () => {
  const { area } = held();
  const units = area.reservation(r1)?.units;
  area.wait(120_000);
  const expiresAtMs = area.nowMs + PAYMENT_WINDOW_MS;
  expect(area.extend(r1, "p1")).toEqual({
    ok: true,
    reservationId: r1,
    profileId: PROFILE_ID,
    expiresAtMs,
    currency: "COP",
    units,
  });
  expect(area.reservation(r1)).toMatchObject({ state: "held", expiresAtMs, paymentId: "p1" });
  expect(area.counts()).toEqual({ available: 1, held: 1, sold: 0, blocked: 0 });
});

test("[INV20] never shortens a hold", () => {
  const { area, heldAtMs } = held();
  expect(area.extend(r1, "p1", 1_000)).toMatchObject({
    ok: true,
    expiresAtMs: heldAtMs + HOLD_MS,
  });
});

test("[INV20] never gives more than one payment window after the first expiry, however many payments start", () => {
  const { area, heldAtMs } = held();
  const latestMs = heldAtMs + HOLD_MS + PAYMENT_WINDOW_MS;
  for (let attempt = 1; area.nowMs < latestMs - 60_000; attempt += 1) {
    area.wait(60_000);
    const expiresAtMs = Math.min(area.nowMs + PAYMENT_WINDOW_MS, latestMs);
    expect(area.extend(r1, `p${attempt}`)).toMatchObject({ ok: true, expiresAtMs });
  }
  area.wait(latestMs - area.nowMs);
  area.run("expire-holds", { kind: "expire-holds" });
  area.expectRefused(() => area.extend(r1, "one more"), { code: "hold_expired" });
});

test("[INV4, INV21] repeated by the same payment answers the expiry in force and changes nothing", () => {
  const { area } = held();
  const first = area.extend(r1, "p1");
  area.wait(60_000);
  area.expectUnchanged(() => expect(area.extend(r1, "p1")).toEqual(first));
});

test("[INV21, INV22] nothing is to be paid for a cancelled event, but by who was sent to pay before", () => {
  const { area } = held();
  const first = area.extend(r1, "p1");
  area.configure({ version: 2, isOpen: false, isCancelled: true });
  area.expectRefused(() => area.extend(r1, "p2"), { code: "area_closed" });
  area.expectUnchanged(() => expect(area.extend(r1, "p1")).toEqual(first));
});

test("[INV22] an unknown reservation", () => {
  const { area } = held();
  area.expectRefused(() => area.extend(r2, "p1"), { code: "reservation_unknown" });
});

test("[INV22] a released hold", () => {
  const { area } = held();
  area.release(r1);
  area.expectRefused(() => area.extend(r1, "p1"), { code: "hold_expired" });
});

test("[INV22] an expired hold, from the very millisecond of its expiry", () => {
  const { area } = held();
  area.wait(HOLD_MS - 1);
  expect(area.extend(r1, "p1", 1)).toMatchObject({ ok: true });
  area.wait(1);
  area.run("expire-holds", { kind: "expire-holds" });
  area.expectRefused(() => area.extend(r1, "p2"), { code: "hold_expired" });
  area.expectRefused(() => area.extend(r1, "p1"), { code: "hold_expired" });
});

test("[INV22, INV24] a hold whose end was not noticed yet has ended all the same, were it decided on its own", () => {
  const { area } = held();
  const command = { kind: "extend-hold" as const, reservationId: r1, paymentId: "p1" };
  const at = (nowMs: number) => {
    const view = new Batch(area.store, loadMemory(area.store));
    return extendHold(view, { ...command, paymentWindowMs: PAYMENT_WINDOW_MS }, nowMs).outcome;
  };
  expect(at(area.nowMs + HOLD_MS - 1)).toMatchObject({ ok: true });
  expect(at(area.nowMs + HOLD_MS)).toEqual({ ok: false, refusal: { code: "hold_expired" } });
});

test("[INV22] what is paid, or waits for its refund", () => {
  const { area } = held();
  area.hold({ reservationId: r2 });
  area.commit(r1, "p1");
  area.expectRefused(() => area.extend(r1, "p1"), { code: "already_paid" });
  area.wait(HOLD_MS);
  area.hold({ reservationId: r3 });
  area.commit(r2, "p2");
  area.expectRefused(() => area.extend(r2, "p2"), { code: "already_paid" });
});
