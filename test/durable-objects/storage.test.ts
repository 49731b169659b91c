// What an area's object keeps, and what it does not, in the Workers runtime.

import { env } from "cloudflare:workers";
import { abortAllDurableObjects, evictDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  PROFILE_ID,
  alarmOf,
  holdOf,
  openArea,
  storedRows,
  takePostgresAway,
  withoutDatabaseTimeouts,
} from "./live-area.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

describe("an area nobody configured", () => {
  test("[INV9] answers every question and keeps nothing", async () => {
    const stub = env.AREA_INVENTORY.getByName(crypto.randomUUID());
    const ids = { reservationId: crypto.randomUUID(), paymentId: crypto.randomUUID() };
    const hold = {
      reservationId: ids.reservationId,
      eventId: crypto.randomUUID(),
      selection: { kind: "best-available" as const, quantity: 1 },
      reservationUnitIds: [crypto.randomUUID()],
      holdMs: 1_000,
    };
    const scan = {
      scanId: "s",
      profileId: PROFILE_ID,
      reservationUnitId: crypto.randomUUID(),
      serial: 1,
      gate: "g",
    };
    const refused = (code: string) => ({ ok: false, refusal: { code } });
    expect(await stub.placeHold(hold)).toEqual(refused("area_unknown"));
    expect(await stub.loadUnits({ units: [] })).toEqual(refused("area_unknown"));
    expect(await stub.extendHold({ ...ids, paymentWindowMs: 1_000 })).toEqual(
      refused("reservation_unknown"),
    );
    expect(await stub.releaseHold(ids)).toEqual(refused("reservation_unknown"));
    expect(await stub.commitHold(ids)).toEqual(refused("reservation_unknown"));
    expect(await stub.admitTicket(scan)).toEqual(refused("ticket_unknown"));
    expect(await stub.availability()).toBeNull();
    expect(await stub.unitStatuses(-1, 10)).toEqual([]);
    expect(await stub.reservationStatus(ids.reservationId)).toBeNull();
    expect(
      await storedRows(
        stub,
        "SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'",
      ),
    ).toEqual([]);
    expect(await alarmOf(stub)).toBeNull();
  });
});

describe("commands that arrive together", () => {
  test("[INV33, INV34] are all answered, from one batch with one outbox row", async () => {
    const area = await openArea(40);
    const postgres = takePostgresAway();
    const before = await area.stub.availability();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => area.stub.placeHold(holdOf(area))),
    );
    const held = answers.flatMap((answer) =>
      answer.ok ? answer.units.map((unit) => unit.unitId) : [],
    );
    expect(new Set(held).size).toBe(40);
    expect(answers.filter((answer) => !answer.ok)).toHaveLength(10);
    const after = await area.stub.availability();
    expect(after).toMatchObject({ available: 0, held: 40, version: (before?.version ?? 0) + 1 });
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([
      { sequence: after?.version },
    ]);
    postgres.back();
  });

  test("[INV35] and of which one throws: that one is refused, the others are not", async () => {
    const area = await openArea(5);
    const [unit] = area.units;
    if (unit === undefined) throw new Error("no units");
    const twins = [90, 91].map((position) => ({ ...unit, unitId: crypto.randomUUID(), position }));
    const [first, broken, second] = await Promise.all([
      area.stub.placeHold(holdOf(area, 2)),
      area.stub.loadUnits({ units: twins.map((twin) => ({ ...twin, unitId: "the same" })) }),
      area.stub.placeHold(holdOf(area, 3)),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(broken).toEqual({ ok: false, refusal: { code: "command_failed" } });
    expect(second).toMatchObject({ ok: true });
    expect(await area.stub.availability()).toMatchObject({ available: 0, held: 5 });
    expect(
      await storedRows(area.stub, "SELECT unit_id FROM unit WHERE unit_id = 'the same'"),
    ).toEqual([]);
  });
});

describe.each([
  ["is evicted", (stub: DurableObjectStub) => evictDurableObject(stub)],
  ["is aborted", () => abortAllDurableObjects()],
] as const)("an object that %s", (_what, end) => {
  test("[INV3] knows everything it ever acknowledged", async () => {
    withoutDatabaseTimeouts();
    const area = await openArea(6);
    const [kept, sold, released] = [holdOf(area), holdOf(area, 2), holdOf(area)];
    const answer = await area.stub.placeHold(kept);
    await area.stub.placeHold(sold);
    await area.stub.placeHold(released);
    const sale = await area.stub.commitHold({ reservationId: sold.reservationId, paymentId: "p1" });
    await area.stub.releaseHold(released);
    const before = await area.stub.availability();
    const alarmMs = await alarmOf(area.stub);

    await end(area.stub);
    const stub = env.AREA_INVENTORY.getByName(area.areaId);
    expect(await stub.availability()).toEqual(before);
    expect(before).toMatchObject({ available: 3, held: 1, sold: 2 });
    expect(await stub.placeHold(kept)).toEqual(answer);
    expect(await stub.commitHold({ reservationId: sold.reservationId, paymentId: "p1" })).toEqual(
      sale,
    );
    expect(await stub.reservationStatus(released.reservationId)).toMatchObject({
      state: "released",
    });
    expect(await stub.unitStatuses(2, 2)).toMatchObject([{ position: 3 }, { position: 4 }]);
    expect(alarmMs).not.toBeNull();
    expect(await alarmOf(stub)).not.toBeNull();
  });
});
