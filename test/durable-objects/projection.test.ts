// The way into Postgres: what a flush of a real object leaves there, with the real driver and the real tables.

import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  ProjectionBatch,
  ReservationState,
  ReservationUnitStatus,
} from "../../durable-objects/area-inventory/contract.ts";
import { createInventoryProjection } from "../../src/db/inventory-projection.ts";
import {
  type LiveArea,
  PROFILE_ID,
  ask,
  database,
  flushed,
  holdOf,
  openArea,
  storedRows,
  takePostgresAway,
  until,
} from "./live-area.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

/** Everything Postgres has of an area's inventory, in one value. */
async function rowsOf({ areaId }: LiveArea) {
  const [units, parts, reservations] = await Promise.all([
    ask(
      "SELECT id, status, inventory_version FROM units WHERE area_id = $1 ORDER BY position",
      areaId,
    ),
    ask("SELECT * FROM reservation_units WHERE area_id = $1 ORDER BY id", areaId),
    ask(
      `SELECT * FROM reservations WHERE id IN (SELECT reservation_id FROM reservation_units WHERE area_id = $1)
       ORDER BY id`,
      areaId,
    ),
  ]);
  return { units, parts, reservations };
}

test("[INV7] Postgres follows a reservation from hold to gate", async () => {
  const area = await openArea(3);
  const hold = holdOf(area, 1);
  const ids = { reservationId: hold.reservationId, paymentId: crypto.randomUUID() };
  await area.stub.placeHold(hold);
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    units: [
      { status: "reserved" },
      { status: "available", inventory_version: "0" },
      { status: "available" },
    ],
    parts: [
      {
        id: hold.reservationUnitIds[0],
        profile_id: PROFILE_ID,
        reservation_id: hold.reservationId,
        area_id: area.areaId,
        unit_id: area.units[0]?.unitId,
        status: "reserved",
        price: "95000.00",
        service: "5000.00",
        currency: "COP",
        serial: 0,
      },
    ],
    reservations: [{ id: hold.reservationId, cluster_id: area.settings.eventId, status: "active" }],
  });
  await area.stub.commitHold(ids);
  expect(await rowsOf(area)).toMatchObject({
    units: [{ status: "sold" }, { status: "available" }, { status: "available" }],
    parts: [{ status: "confirmed", serial: 1, admitted_at: null }],
    reservations: [{ status: "completed" }],
  });
  const [reservationUnitId = ""] = hold.reservationUnitIds;
  await area.stub.admitTicket({
    scanId: "s1",
    profileId: PROFILE_ID,
    reservationUnitId,
    serial: 1,
    gate: "north",
  });
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    parts: [{ status: "used", admitted_at: expect.anything() }],
    reservations: [{ status: "completed" }],
  });
});

test("[INV7] after many commands at once, Postgres has what the object has", async () => {
  const area = await openArea(30);
  const holds = Array.from({ length: 12 }, () => holdOf(area, 2));
  await Promise.all(holds.map((hold) => area.stub.placeHold(hold)));
  await Promise.all(
    holds.map(async ({ reservationId }, index) => {
      if (index % 3 === 0) await area.stub.releaseHold({ reservationId });
      if (index % 3 === 1) await area.stub.commitHold({ reservationId, paymentId: `p${index}` });
    }),
  );
  await flushed(area.stub);
  const units = await storedRows(area.stub, "SELECT unit_id, state FROM unit ORDER BY position");
  const { units: rows, reservations } = await rowsOf(area);
  expect(rows.map(({ id, status }) => ({ id, status }))).toEqual(
    units.map(({ unit_id: id, state }) => ({ id, status: state === "held" ? "reserved" : state })),
  );
  const count = (status: string) => reservations.filter((row) => row["status"] === status).length;
  expect([count("cancelled"), count("completed"), count("active")]).toEqual([4, 4, 4]);
});

describe("[INV40] Postgres takes only what is newer", () => {
  const projection = createInventoryProjection(database);

  function batchOf(
    area: LiveArea,
    ids: { reservationId: string; reservationUnitId: string },
    at: { version: number; state: ReservationState; status: ReservationUnitStatus },
  ): ProjectionBatch {
    const { version, state, status } = at;
    const unitId = area.units[0]?.unitId ?? "";
    const unit = {
      unitId,
      priceInCents: 9_500_000,
      serviceInCents: 500_000,
      serial: 1,
      admittedAtMs: null,
    };
    return {
      areaId: area.areaId,
      profileId: PROFILE_ID,
      eventId: area.settings.eventId,
      currency: "COP",
      reservations: [
        {
          reservationId: ids.reservationId,
          state,
          expiresAtMs: Date.UTC(2031, 0, 1) + version,
          version,
          units: [{ ...unit, reservationUnitId: ids.reservationUnitId, status }],
        },
      ],
      units: [{ unitId, state: state === "sold" ? "sold" : "held", version }],
    };
  }

  test("[INV40] a repeated batch, and older ones after it, change nothing", async () => {
    const area = await openArea(1);
    const ids = { reservationId: crypto.randomUUID(), reservationUnitId: crypto.randomUUID() };
    const held = batchOf(area, ids, { version: 5, state: "held", status: "reserved" });
    const sold = batchOf(area, ids, { version: 6, state: "sold", status: "confirmed" });
    await projection.write(held);
    await projection.write(sold);
    const before = await rowsOf(area);
    expect(before).toMatchObject({ units: [{ status: "sold" }], parts: [{ status: "confirmed" }] });
    await projection.write(sold);
    await projection.write(held);
    await projection.write(
      batchOf(area, ids, { version: 1, state: "expired", status: "cancelled" }),
    );
    expect(await rowsOf(area)).toEqual(before);
  });

  test("[INV40] the newest alone leaves the same as all of them in order", async () => {
    const inOrder = await openArea(1);
    const newestOnly = await openArea(1);
    for (const area of [inOrder, newestOnly]) {
      const ids = { reservationId: crypto.randomUUID(), reservationUnitId: crypto.randomUUID() };
      const held = batchOf(area, ids, { version: 5, state: "held", status: "reserved" });
      const sold = batchOf(area, ids, { version: 6, state: "sold", status: "confirmed" });
      if (area === inOrder) await projection.write(held);
      await projection.write(sold);
      if (area === newestOnly) await projection.write(held);
    }
    const of = async (area: LiveArea) => {
      const { units, parts, reservations } = await rowsOf(area);
      return [
        units[0]?.["status"],
        parts[0]?.["status"],
        reservations[0]?.["status"],
        reservations[0]?.["end_date"],
      ];
    };
    expect(await of(newestOnly)).toEqual(await of(inOrder));
  });
});

/** Lets the 3 s that a purchase waits be over at once; tells how often somebody waited. */
function shortenDeadlines(): () => number {
  let deadlines = 0;
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, "setTimeout").mockImplementation((callback, milliseconds) => {
    const isDeadline = milliseconds === 3_000;
    if (isDeadline) deadlines += 1;
    return real(callback, isDeadline ? 0 : milliseconds);
  });
  return () => deadlines;
}

describe("while Postgres is away", () => {
  test("[INV39] selling goes on, rows wait, and arrive when it is back", async () => {
    const area = await openArea(4);
    const postgres = takePostgresAway();
    const first = holdOf(area);
    expect(await area.stub.placeHold(first)).toMatchObject({ ok: true });
    expect(await area.stub.placeHold(holdOf(area, 2))).toMatchObject({ ok: true });
    expect(await area.stub.releaseHold(first)).toMatchObject({ ok: true });
    await until("an attempt", () => postgres.attempts() > 0);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toHaveLength(3);
    postgres.back();
    expect((await rowsOf(area)).parts).toEqual([]);
    await runDurableObjectAlarm(area.stub);
    await flushed(area.stub);
    expect(await rowsOf(area)).toMatchObject({
      units: [
        { status: "available" },
        { status: "reserved" },
        { status: "reserved" },
        { status: "available" },
      ],
      reservations: expect.arrayContaining([
        expect.objectContaining({ id: first.reservationId, status: "cancelled" }),
      ]),
    });
  });

  test("[INV41] a purchase is answered by the deadline and stands; nothing else waits", async () => {
    const area = await openArea(2);
    const hold = holdOf(area);
    const postgres = takePostgresAway();
    const deadlines = shortenDeadlines();
    await area.stub.placeHold(hold);
    await area.stub.availability();
    expect(deadlines()).toBe(0);
    const sale = await area.stub.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
    expect(sale).toMatchObject({ ok: true });
    expect(deadlines()).toBe(1);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).not.toEqual([]);
    postgres.back();
    await runDurableObjectAlarm(area.stub);
    await flushed(area.stub);
    expect(await rowsOf(area)).toMatchObject({ parts: [{ status: "confirmed" }] });
  });
});

test("[INV41] a purchase is answered once Postgres has it", async () => {
  const area = await openArea(2);
  const hold = holdOf(area, 2);
  await area.stub.placeHold(hold);
  const startedAtMs = performance.now();
  await area.stub.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
  expect(await rowsOf(area)).toMatchObject({
    units: [{ status: "sold" }, { status: "sold" }],
    parts: [{ status: "confirmed" }, { status: "confirmed" }],
    reservations: [{ status: "completed" }],
  });
  expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([]);
  expect(performance.now() - startedAtMs).toBeLessThan(2_500);
});
