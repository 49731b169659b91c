// What an area's object keeps, and what it does not, in the Workers runtime.

import { env } from "cloudflare:workers";
import { abortAllDurableObjects, evictDurableObject, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  PROFILE_ID,
  alarmOf,
  holdOf,
  objectOf,
  openArea,
  storedRows,
  takePostgresAway,
  ticketOf,
  withoutDatabaseTimeouts,
} from "./live-area.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

const refused = (code: string) => ({ ok: false, refusal: { code } });

describe("an area nobody configured", () => {
  test("[INV9] answers every question and keeps nothing", async () => {
    const stub = env.AREA_INVENTORY.getByName(crypto.randomUUID());
    const ids = { reservationId: crypto.randomUUID(), paymentId: crypto.randomUUID() };
    const hold = {
      reservationId: ids.reservationId,
      eventId: crypto.randomUUID(),
      selection: { kind: "best-available" as const, quantity: 1 },
      firstUnitIndex: 0,
      holdMs: 1_000,
    };
    const scan = {
      scanId: "s",
      profileId: PROFILE_ID,
      reservationUnitId: crypto.randomUUID(),
      serial: 1,
      gate: "g",
    };
    expect(await objectOf(stub).placeHold(hold)).toEqual(refused("area_unknown"));
    expect(await objectOf(stub).loadUnits({ units: [] })).toEqual(refused("area_unknown"));
    expect(await objectOf(stub).extendHold({ ...ids, paymentWindowMs: 1_000 })).toEqual(
      refused("reservation_unknown"),
    );
    expect(await objectOf(stub).releaseHold(ids)).toEqual(refused("reservation_unknown"));
    expect(await objectOf(stub).commitHold(ids)).toEqual(refused("reservation_unknown"));
    expect(await objectOf(stub).admitTicket(scan)).toEqual(refused("ticket_unknown"));
    expect(await objectOf(stub).availability()).toBeNull();
    expect(await objectOf(stub).unitStatuses(-1, 10)).toEqual([]);
    expect(await objectOf(stub).reservationStatus(ids.reservationId)).toBeNull();
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
    const before = await area.object.availability();
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => area.object.placeHold(holdOf(area))),
    );
    const held = answers.flatMap((answer) =>
      answer.ok ? answer.units.map((unit) => unit.unitId) : [],
    );
    expect(new Set(held).size).toBe(40);
    expect(answers.filter((answer) => !answer.ok)).toHaveLength(10);
    const after = await area.object.availability();
    expect(after).toMatchObject({ available: 0, held: 40, version: (before?.version ?? 0) + 1 });
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([
      { sequence: after?.version },
    ]);
    postgres.back();
  });

  test("[INV89] and are too many for one transaction take the next, in order", async () => {
    const area = await openArea(5);
    const postgres = takePostgresAway();
    // One unit, held and given back again and again: whoever came out of turn would be refused.
    const { unitId } = area.units[0] ?? { unitId: "" };
    const selection = { kind: "units", unitIds: [unitId] };
    const commands = Array.from({ length: 350 }, () => holdOf(area)).flatMap((hold) => [
      { ...hold, kind: "place-hold", selection },
      { kind: "release-hold", reservationId: hold.reservationId },
    ]);
    const outcomes = await runInDurableObject(area.stub, (object) =>
      Promise.all(commands.map((command) => object.execute(JSON.stringify(command)))),
    );
    // Each finds the unit as the one before it left it.
    for (const outcome of outcomes) expect(JSON.parse(outcome)).toMatchObject({ ok: true });
    const rows = await storedRows(
      area.stub,
      "SELECT json_array_length(body, '$.reservations') AS reservations FROM outbox ORDER BY sequence",
    );
    expect(rows.map(({ reservations }) => reservations)).toEqual([150, 150, 50]);
    postgres.back();
  });

  test("[INV35] and of which one throws: that one is refused, the others are not", async () => {
    const area = await openArea(5);
    const [unit] = area.units;
    if (unit === undefined) throw new Error("no units");
    const twins = [90, 91].map((position) => ({ ...unit, unitId: crypto.randomUUID(), position }));
    const [first, broken, second] = await Promise.all([
      area.object.placeHold(holdOf(area, 2)),
      area.object.loadUnits({ units: twins.map((twin) => ({ ...twin, unitId: "the same" })) }),
      area.object.placeHold(holdOf(area, 3)),
    ]);
    expect(first).toMatchObject({ ok: true });
    expect(broken).toEqual({ ok: false, refusal: { code: "command_failed" } });
    expect(second).toMatchObject({ ok: true });
    expect(await area.object.availability()).toMatchObject({ available: 0, held: 5 });
    expect(
      await storedRows(area.stub, "SELECT unit_id FROM unit WHERE unit_id = 'the same'"),
    ).toEqual([]);
  });
});

describe("a command that fails", () => {
  test("[INV51] takes nothing with it that others read in its batch or after it", async () => {
    const area = await openArea(4);
    const first = holdOf(area, 2);
    await area.object.placeHold(first);
    const twins = [90, 91].map((position) => {
      return { position, unitId: "the same", row: 9, number: position, label: `T-${position}` };
    });
    const states = ["held", "held", "available", "available"];
    const [units, counts, broken] = await Promise.all([
      area.object.unitStatuses(-1, 10),
      area.object.availability(),
      area.object.loadUnits({ units: twins }),
    ]);
    expect(broken).toEqual({ ok: false, refusal: { code: "command_failed" } });
    expect(units.map(({ state }) => state)).toEqual(states);
    expect(counts).toMatchObject({ available: 2, held: 2 });
    expect((await area.object.unitStatuses(-1, 10)).map(({ state }) => state)).toEqual(states);
    expect(await area.object.placeHold(holdOf(area, 2))).toMatchObject({
      ok: true,
      units: [{ position: 2 }, { position: 3 }],
    });
  });
});

test("[INV49] the states of units are bytes, a row for every block", async () => {
  const area = await openArea(4);
  const hold = holdOf(area, 2);
  await area.object.placeHold(hold);
  await area.object.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
  await area.object.placeHold(holdOf(area));
  expect(await storedRows(area.stub, "SELECT start, hex(states) AS states FROM block")).toEqual([
    { start: 0, states: "02020100" },
  ]);
});

describe.each([
  ["is evicted", (stub: DurableObjectStub) => evictDurableObject(stub)],
  ["is aborted", () => abortAllDurableObjects()],
] as const)("an object that %s", (_what, end) => {
  test("[INV3] knows everything it ever acknowledged", async () => {
    withoutDatabaseTimeouts();
    const area = await openArea(6);
    const [kept, sold, released] = [holdOf(area), holdOf(area, 2), holdOf(area)];
    const answer = await area.object.placeHold(kept);
    await area.object.placeHold(sold);
    await area.object.placeHold(released);
    const sale = await area.object.commitHold({
      reservationId: sold.reservationId,
      paymentId: "p1",
    });
    await area.object.releaseHold(released);
    const before = await area.object.availability();
    const alarmMs = await alarmOf(area.stub);

    await end(area.stub);
    const stub = env.AREA_INVENTORY.getByName(area.areaId);
    // What waited for Postgres may have been told meanwhile.
    const outbox = expect.anything();
    expect(await objectOf(stub).availability()).toEqual({ ...before, outbox });
    expect(before).toMatchObject({ available: 3, held: 1, sold: 2 });
    expect(await objectOf(stub).placeHold(kept)).toEqual(answer);
    expect(
      await objectOf(stub).commitHold({ reservationId: sold.reservationId, paymentId: "p1" }),
    ).toEqual(sale);
    expect(await objectOf(stub).reservationStatus(released.reservationId)).toMatchObject({
      state: "released",
    });
    expect(await objectOf(stub).unitStatuses(2, 2)).toMatchObject([
      { position: 3 },
      { position: 4 },
    ]);
    const states = (await objectOf(stub).unitStatuses(-1, 10)).map((unit) => unit.state);
    expect(states).toEqual(["held", "sold", "sold", "available", "available", "available"]);
    expect(await objectOf(stub).placeHold(holdOf(area, 3))).toMatchObject({
      ok: true,
      units: [{ position: 3 }, { position: 4 }, { position: 5 }],
    });
    const ticket = { profileId: PROFILE_ID, reservationUnitId: ticketOf(sold.reservationId, 1) };
    expect(
      await objectOf(stub).admitTicket({ ...ticket, scanId: "s1", serial: 1, gate: "north" }),
    ).toMatchObject({ ok: true });
    expect(alarmMs).not.toBeNull();
    expect(await alarmOf(stub)).not.toBeNull();
  });
});

test("[INV58] an object that is older than the Worker refuses what it does not know, for now", async () => {
  const area = await openArea(1);
  const before = await storedRows(area.stub, "SELECT * FROM area");
  expect(JSON.parse(await area.stub.execute('{"kind":"invent-units"}'))).toEqual(
    refused("command_failed"),
  );
  expect(await area.stub.read('{"kind":"best-joke"}')).toBe("null");
  expect(await storedRows(area.stub, "SELECT * FROM area")).toEqual(before);
});
