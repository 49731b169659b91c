// Expiry and the alarm, in the Workers runtime. The object's clock is faked; the platform's own alarm clock is not, so
// the alarms of a test are rung by hand, and none lies in the next real moments unless Postgres is away.

import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { composeDependencies } from "../../src/composition.ts";
import { AreaInventory } from "../../src/index.ts";
import { wakeLateAreas } from "../../src/services/inventory/wake-late-areas.ts";
import {
  HOLD_MS,
  type LiveArea,
  PAYMENT_WINDOW_MS,
  alarmOf,
  ask,
  flushed,
  holdOf,
  openArea,
  storedRows,
  takePostgresAway,
  until,
  withoutDatabaseTimeouts,
} from "./live-area.ts";

let nowMs = 0;
function wait(milliseconds: number): void {
  nowMs += milliseconds;
  vi.setSystemTime(nowMs);
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  // Ahead of the real clock, so that no alarm rings by itself while a test runs.
  nowMs = Date.now() + 3_600_000;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(nowMs);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const stateOf = async ({ stub }: LiveArea, reservationId: string) => {
  const rows = await storedRows(
    stub,
    `SELECT state FROM reservation WHERE reservation_id = '${reservationId}'`,
  );
  return rows[0]?.["state"];
};

describe("a hold whose time is over", () => {
  const reads: [string, (area: LiveArea, reservationId: string) => Promise<unknown>, object][] = [
    ["availability", ({ object }) => object.availability(), { available: 3, held: 0 }],
    ["units", ({ object }) => object.unitStatuses(-1, 1), [{ state: "available" }]],
    ["reservation", ({ object }, id) => object.reservationStatus(id), { state: "expired" }],
  ];
  test.each(reads)(
    "[INV24] is gone for whoever reads the %s, before any alarm",
    async (_what, read, seen) => {
      const area = await openArea(3);
      const hold = holdOf(area, 2);
      await area.object.placeHold(hold);
      wait(HOLD_MS - 1);
      expect(await area.object.availability()).toMatchObject({ available: 1, held: 2 });
      wait(1);
      expect(await stateOf(area, hold.reservationId)).toBe("held");
      expect(await read(area, hold.reservationId)).toMatchObject(seen);
    },
  );

  test("[INV24] makes room for the next one, before any alarm", async () => {
    const area = await openArea(1);
    await area.object.placeHold(holdOf(area));
    expect(await area.object.placeHold(holdOf(area))).toMatchObject({
      ok: false,
      refusal: { code: "sold_out" },
    });
    wait(HOLD_MS);
    expect(await area.object.placeHold(holdOf(area))).toMatchObject({ ok: true });
  });

  test("[INV45] ends when the alarm rings, in Postgres too", async () => {
    const area = await openArea(2);
    const hold = holdOf(area, 2);
    await area.object.placeHold(hold);
    wait(HOLD_MS);
    expect(await runDurableObjectAlarm(area.stub)).toBe(true);
    expect(await stateOf(area, hold.reservationId)).toBe("expired");
    expect(await storedRows(area.stub, "SELECT available, held FROM area")).toEqual([
      { available: 2, held: 0 },
    ]);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([]);
    expect(await ask("SELECT status FROM reservations WHERE id = $1", hold.reservationId)).toEqual([
      { status: "cancelled" },
    ]);
    expect(await ask("SELECT DISTINCT status FROM units WHERE area_id = $1", area.areaId)).toEqual([
      { status: "available" },
    ]);
  });

  test("[INV45] ends when the alarm wakes an object that was evicted", async () => {
    withoutDatabaseTimeouts();
    const area = await openArea(1);
    const hold = holdOf(area);
    await area.object.placeHold(hold);
    await flushed(area.stub);
    await evictDurableObject(area.stub);
    wait(HOLD_MS);
    expect(await runDurableObjectAlarm(area.stub)).toBe(true);
    expect(await stateOf(area, hold.reservationId)).toBe("expired");
    expect(await ask("SELECT status FROM reservations WHERE id = $1", hold.reservationId)).toEqual([
      { status: "cancelled" },
    ]);
  });
});

describe("an alarm that was lost", () => {
  /** Who is asked by the minute. */
  async function wake(): Promise<string[]> {
    const asked: string[] = [];
    const { inventory, ...others } = composeDependencies(env);
    const area = (areaId: string) => {
      asked.push(areaId);
      return inventory.area(areaId);
    };
    await wakeLateAreas({ ...others, inventory: { area } });
    return asked;
  }

  /** Postgres knows of the hold, and the object has no alarm for it any more. */
  async function heldWithoutAlarm() {
    withoutDatabaseTimeouts();
    const area = await openArea(3);
    const [early, late] = [holdOf(area), holdOf(area)];
    await area.object.placeHold(early);
    wait(HOLD_MS - 1_000);
    await area.object.placeHold(late);
    wait(1_000);
    await flushed(area.stub);
    await runInDurableObject(area.stub, (_object, state) => state.storage.deleteAlarm());
    await evictDurableObject(area.stub);
    expect(await alarmOf(area.stub)).toBeNull();
    return { area, early, late };
  }

  /** Whatever else the tests of this run hold, nobody is later. */
  const makeLatest = (reservationId: string, { areaId }: LiveArea) =>
    ask(
      `UPDATE reservations SET end_date = '2001-01-01', extra_attributes = jsonb_set(extra_attributes,
         ARRAY['areas', $2::text, 'expiresAtMs'], '1') WHERE id = $1`,
      reservationId,
      areaId,
    );

  test("is set again by the minute, which ends what was due, in Postgres too", async () => {
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { area, early, late } = await heldWithoutAlarm();
    await makeLatest(early.reservationId, area);
    expect((await wake())[0]).toBe(area.areaId);
    expect(warn).toHaveBeenCalledWith(
      "area was late",
      expect.objectContaining({ areaId: area.areaId, isKnown: true }),
    );
    expect(await stateOf(area, early.reservationId)).toBe("expired");
    expect(await stateOf(area, late.reservationId)).toBe("held");
    await flushed(area.stub);
    expect(await alarmOf(area.stub)).not.toBeNull();
    expect(await ask("SELECT status FROM reservations WHERE id = $1", early.reservationId)).toEqual(
      [{ status: "cancelled" }],
    );
    expect(await wake()).not.toContain(area.areaId);
  });

  test("of a hold that ended less than a minute ago may still come", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const { area, early } = await heldWithoutAlarm();
    wait(59_000);
    expect(await wake()).not.toContain(area.areaId);
    expect(await stateOf(area, early.reservationId)).toBe("held");
  });

  test("keeps no other area waiting when its object cannot be reached", async () => {
    vi.spyOn(console, "warn").mockImplementation(() => undefined);
    const areas = [await heldWithoutAlarm(), await heldWithoutAlarm()];
    for (const { area, early } of areas) await makeLatest(early.reservationId, area);
    vi.spyOn(AreaInventory.prototype, "read").mockRejectedValueOnce(new Error("out of reach"));
    await wake();
    const states = await Promise.all(
      areas.map(({ area, early }) => stateOf(area, early.reservationId)),
    );
    expect(new Set(states)).toEqual(new Set(["expired", "held"]));
    await wake();
    for (const { area, early } of areas)
      expect(await stateOf(area, early.reservationId)).toBe("expired");
  });
});

describe("the alarm", () => {
  test("[INV42] is set with the rows it serves: for the flush first, then for the earliest expiry", async () => {
    const area = await openArea(5);
    expect(await alarmOf(area.stub)).toBeNull();
    await area.object.placeHold(holdOf(area));
    const firstExpiryMs = nowMs + HOLD_MS;
    expect(await alarmOf(area.stub)).toBe(nowMs + 2_000);
    await flushed(area.stub);
    wait(1_000);
    await area.object.placeHold(holdOf(area));
    await flushed(area.stub);
    await runDurableObjectAlarm(area.stub);
    expect(await alarmOf(area.stub)).toBe(firstExpiryMs);
  });

  test("[INV42] is not set when nothing waits, and rings for nothing at most once", async () => {
    const area = await openArea(2);
    const hold = holdOf(area);
    await area.object.placeHold(hold);
    await area.object.releaseHold(hold);
    await flushed(area.stub);
    await runDurableObjectAlarm(area.stub);
    expect(await alarmOf(area.stub)).toBeNull();
  });

  test("[INV43] is never moved later", async () => {
    const area = await openArea(5);
    const early = holdOf(area);
    await area.object.placeHold(early);
    await flushed(area.stub);
    await runDurableObjectAlarm(area.stub);
    const expiryMs = nowMs + HOLD_MS;
    expect(await alarmOf(area.stub)).toBe(expiryMs);
    // Within the last second before it, whatever happens wants it later: a new hold, a longer one, none at all.
    wait(HOLD_MS - 500);
    await area.object.placeHold(holdOf(area));
    await area.object.extendHold({
      reservationId: early.reservationId,
      paymentId: "p1",
      paymentWindowMs: PAYMENT_WINDOW_MS,
    });
    await area.object.releaseHold(early);
    await area.object.availability();
    expect(await alarmOf(area.stub)).toBe(expiryMs);
  });

  test("[INV43] is moved earlier for what is due earlier", async () => {
    const area = await openArea(5);
    await area.object.placeHold(holdOf(area));
    await flushed(area.stub);
    await runDurableObjectAlarm(area.stub);
    await area.object.placeHold({ ...holdOf(area), holdMs: 300 });
    expect(await alarmOf(area.stub)).toBe(nowMs + 300);
  });

  test("[INV43, INV44] that is past due is set anew, for a moment that is still to come", async () => {
    const area = await openArea(5);
    await area.object.placeHold(holdOf(area));
    wait(2 * HOLD_MS);
    await area.object.placeHold(holdOf(area));
    expect(await alarmOf(area.stub)).toBe(nowMs + 2_000);
  });

  test("[INV39, INV45] that finds Postgres away is set again, with a longer delay each time", async () => {
    const area = await openArea(5);
    const postgres = takePostgresAway();
    await area.object.placeHold(holdOf(area));
    const delays: number[] = [];
    await until("the first attempt", () => postgres.attempts(area) === 1);
    for (let ring = 0; ring < 4; ring += 1) {
      wait(60_000);
      await runDurableObjectAlarm(area.stub);
      delays.push(((await alarmOf(area.stub)) ?? 0) - nowMs);
    }
    expect(delays.map((delayMs) => delayMs / 1_000)).toEqual([2, 4, 8, 16]);
    postgres.back();
    await runDurableObjectAlarm(area.stub);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([]);
  });
});
