// The way into Postgres: what a flush of a real object leaves there, with the real driver and the real tables.

import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  ProjectionBatch,
  ReservationState,
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
  ticketOf,
  until,
} from "./live-area.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

/** Everything Postgres has of an area's inventory, in one value. */
async function rowsOf({ areaId }: LiveArea) {
  const [units, tickets, reservations, held] = await Promise.all([
    ask(
      "SELECT id, status, inventory_version FROM units WHERE area_id = $1 ORDER BY position",
      areaId,
    ),
    ask("SELECT * FROM reservation_units WHERE area_id = $1 ORDER BY id", areaId),
    ask(
      `SELECT *, extra_attributes -> 'areas' -> $1 AS part FROM reservations
       WHERE extra_attributes -> 'areas' -> $1 IS NOT NULL ORDER BY id`,
      areaId,
    ),
    ask("SELECT unit_id FROM waro_held_units WHERE area_id = $1 ORDER BY unit_id", areaId),
  ]);
  return { units, tickets, reservations, held };
}

test("[INV7, INV54] Postgres follows a reservation from hold to gate", async () => {
  const area = await openArea(3);
  const hold = holdOf(area, 1);
  const ids = { reservationId: hold.reservationId, paymentId: crypto.randomUUID() };
  await area.object.placeHold(hold);
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    // A hold is one row: no unit's own and no ticket.
    units: Array.from({ length: 3 }, () => ({ status: "available", inventory_version: "0" })),
    tickets: [],
    reservations: [
      {
        id: hold.reservationId,
        profile_id: PROFILE_ID,
        cluster_id: area.settings.eventId,
        status: "active",
        part: {
          state: "held",
          selection: hold.selection,
          paymentId: null,
          unitsReplaced: false,
          units: [
            {
              reservationUnitId: ticketOf(hold.reservationId, 0),
              unitId: area.units[0]?.unitId,
              position: 0,
              priceInCents: 9_500_000,
              serviceInCents: 500_000,
            },
          ],
          tickets: [],
        },
      },
    ],
    held: [{ unit_id: area.units[0]?.unitId }],
  });
  await area.object.commitHold(ids);
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    units: [
      { status: "sold" },
      { status: "available", inventory_version: "0" },
      { status: "available" },
    ],
    tickets: [
      {
        id: ticketOf(hold.reservationId, 0),
        profile_id: PROFILE_ID,
        reservation_id: hold.reservationId,
        area_id: area.areaId,
        unit_id: area.units[0]?.unitId,
        status: "confirmed",
        price: "95000.00",
        service: "5000.00",
        currency: "COP",
        serial: 1,
        admitted_at: null,
      },
    ],
    reservations: [{ status: "completed", part: { state: "sold", tickets: [{ serial: 1 }] } }],
    held: [],
  });
  const reservationUnitId = ticketOf(hold.reservationId, 0);
  await area.object.admitTicket({
    scanId: "s1",
    profileId: PROFILE_ID,
    reservationUnitId,
    serial: 1,
    gate: "north",
  });
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    tickets: [{ status: "used", admitted_at: expect.anything() }],
    reservations: [{ status: "completed", part: { tickets: [{ gate: "north" }] } }],
  });
});

test("[INV54] a hold that was given back leaves its reservation, and nothing else", async () => {
  const area = await openArea(2);
  const hold = holdOf(area, 2);
  await area.object.placeHold(hold);
  await flushed(area.stub);
  await area.object.releaseHold(hold);
  await flushed(area.stub);
  expect(await rowsOf(area)).toMatchObject({
    units: Array.from({ length: 2 }, () => ({ status: "available", inventory_version: "0" })),
    tickets: [],
    reservations: [{ status: "cancelled", part: { state: "released" } }],
    held: [],
  });
});

test("[INV6, INV19] a ticket's price is that of the hold that was paid, not of an earlier one", async () => {
  const area = await openArea(2);
  const hold = holdOf(area);
  await area.object.placeHold(hold);
  await flushed(area.stub);
  await area.object.releaseHold(hold);
  await area.object.configureArea({
    settings: { ...area.settings, version: 2, priceInCents: 7_000_050, serviceInCents: 1 },
  });
  await area.object.placeHold(hold);
  await flushed(area.stub);
  await area.object.configureArea({
    settings: { ...area.settings, version: 3, priceInCents: 9_900_000 },
  });
  await area.object.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
  await flushed(area.stub);
  const { tickets, reservations } = await rowsOf(area);
  expect(tickets).toMatchObject([{ price: "70000.50", service: "0.01", status: "confirmed" }]);
  expect(reservations).toMatchObject([{ part: { units: [{ priceInCents: 7_000_050 }] } }]);
});

test("[INV28] Postgres has the units that stand in for those a late payment lost", async () => {
  const area = await openArea(4);
  const late = { ...holdOf(area, 2), holdMs: 1 };
  await area.object.placeHold(late);
  await until("the expiry", async () => (await area.object.availability())?.available === 4);
  await area.object.placeHold(holdOf(area, 2));
  const sale = await area.object.commitHold({ reservationId: late.reservationId, paymentId: "p1" });
  expect(sale).toMatchObject({ ok: true, unitsReplaced: true });
  await flushed(area.stub);
  const { tickets, units, held } = await rowsOf(area);
  expect(tickets).toMatchObject([
    { id: ticketOf(late.reservationId, 0), unit_id: area.units[2]?.unitId, status: "confirmed" },
    { id: ticketOf(late.reservationId, 1), unit_id: area.units[3]?.unitId, status: "confirmed" },
  ]);
  expect(units.map(({ status }) => status)).toEqual(["available", "available", "sold", "sold"]);
  expect(held).toHaveLength(2);
});

test("[INV7] after many commands at once, Postgres has what the object has", async () => {
  const area = await openArea(30);
  const holds = Array.from({ length: 12 }, () => holdOf(area, 2));
  await Promise.all(holds.map((hold) => area.object.placeHold(hold)));
  await Promise.all(
    holds.map(async ({ reservationId }, index) => {
      if (index % 3 === 0) await area.object.releaseHold({ reservationId });
      if (index % 3 === 1) await area.object.commitHold({ reservationId, paymentId: `p${index}` });
    }),
  );
  await flushed(area.stub);
  const units = await area.object.unitStatuses(-1, 30);
  const { units: rows, reservations, tickets, held } = await rowsOf(area);
  const heldIds = held.map((row) => row["unit_id"]);
  expect(
    rows.map(({ id, status }) => [id, heldIds.includes(id) ? ["held", status] : status]),
  ).toEqual(
    units.map(({ unitId, state }) => [unitId, state === "held" ? ["held", "available"] : state]),
  );
  expect(tickets.map(({ unit_id: id }) => String(id)).toSorted()).toEqual(
    units.flatMap(({ unitId, state }) => (state === "sold" ? [unitId] : [])).toSorted(),
  );
  const count = (status: string) => reservations.filter((row) => row["status"] === status).length;
  expect([count("cancelled"), count("completed"), count("active")]).toEqual([4, 4, 4]);
});

const projection = createInventoryProjection(database);

interface Part {
  version: number;
  state: ReservationState;
  expiresAtMs?: number;
}

/** An area's part of a reservation, of one unit, which is also ticket and unit row when it is sold. */
function batchOf(
  area: LiveArea,
  reservationId: string,
  { version, state, expiresAtMs = Date.UTC(2031, 0, 1) + version }: Part,
): ProjectionBatch {
  const unitId = area.units[0]?.unitId ?? "";
  const reservationUnitId = ticketOf(reservationId, 0);
  const unit = {
    reservationUnitId,
    unitId,
    position: 0,
    label: "A-1-1",
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
  };
  const ticket = { reservationUnitId, serial: 1, admittedAtMs: null, scanId: null, gate: null };
  const isSold = state === "sold";
  return {
    areaId: area.areaId,
    profileId: PROFILE_ID,
    eventId: area.settings.eventId,
    currency: "COP",
    reservations: [
      {
        reservationId,
        state,
        selection: { kind: "best-available", quantity: 1 },
        holdExpiresAtMs: expiresAtMs,
        expiresAtMs,
        paymentId: isSold ? "p1" : null,
        unitsReplaced: false,
        units: [unit],
        tickets: isSold ? [ticket] : [],
        version,
      },
    ],
    units: isSold ? [{ unitId, state, version }] : [],
  };
}

describe("[INV40] Postgres takes only what is newer", () => {
  test("[INV40] a repeated batch, and older ones after it, change nothing", async () => {
    const area = await openArea(1);
    const reservationId = crypto.randomUUID();
    const held = batchOf(area, reservationId, { version: 5, state: "held" });
    const sold = batchOf(area, reservationId, { version: 6, state: "sold" });
    await projection.write(held);
    await projection.write(sold);
    const before = await rowsOf(area);
    expect(before).toMatchObject({
      units: [{ status: "sold" }],
      tickets: [{ status: "confirmed" }],
      reservations: [{ status: "completed", part: { version: 6 } }],
    });
    await projection.write(sold);
    await projection.write(held);
    await projection.write(batchOf(area, reservationId, { version: 1, state: "expired" }));
    expect(await rowsOf(area)).toEqual(before);
  });

  test("[INV40] versions are compared as numbers", async () => {
    const area = await openArea(1);
    const reservationId = crypto.randomUUID();
    await projection.write(batchOf(area, reservationId, { version: 9, state: "held" }));
    await projection.write(batchOf(area, reservationId, { version: 10, state: "expired" }));
    await projection.write(batchOf(area, reservationId, { version: 9, state: "held" }));
    expect((await rowsOf(area)).reservations).toMatchObject([
      { status: "cancelled", part: { state: "expired", version: 10 } },
    ]);
  });

  test("[INV40] the newest alone leaves the same as all of them in order", async () => {
    const inOrder = await openArea(1);
    const newestOnly = await openArea(1);
    for (const area of [inOrder, newestOnly]) {
      const reservationId = crypto.randomUUID();
      const held = batchOf(area, reservationId, { version: 5, state: "held" });
      const sold = batchOf(area, reservationId, { version: 6, state: "sold" });
      if (area === inOrder) await projection.write(held);
      await projection.write(sold);
      if (area === newestOnly) await projection.write(held);
    }
    const of = async (area: LiveArea) => {
      const { units, tickets, reservations } = await rowsOf(area);
      return [
        units[0]?.["status"],
        tickets[0]?.["status"],
        reservations[0]?.["status"],
        reservations[0]?.["end_date"],
      ];
    };
    expect(await of(newestOnly)).toEqual(await of(inOrder));
  });

  test("[INV52] a unit that was sold and is held by somebody else is available again for Postgres", async () => {
    const area = await openArea(1);
    const batch = batchOf(area, crypto.randomUUID(), { version: 5, state: "sold" });
    await projection.write(batch);
    const unitId = area.units[0]?.unitId ?? "";
    const again = { unitId, state: "held" as const, version: 7 };
    await projection.write({ ...batch, reservations: [], units: [again] });
    await projection.write(batch);
    expect((await rowsOf(area)).units).toMatchObject([
      { status: "available", inventory_version: "7" },
    ]);
  });
});

describe("a reservation over two areas", () => {
  /** What Postgres has of a reservation. */
  async function reservationOf(reservationId: string) {
    const [row] = await ask(
      `SELECT status, end_date, extra_attributes -> 'areas' AS areas FROM reservations WHERE id = $1`,
      reservationId,
    );
    return row;
  }

  test.each([
    ["held", "held", "active"],
    ["held", "released", "active"],
    ["held", "expired", "active"],
    ["sold", "held", "completed"],
    ["sold", "refund-due", "completed"],
    ["sold", "expired", "completed"],
    ["sold", "sold", "completed"],
    ["held", "refund-due", "active"],
    ["released", "expired", "cancelled"],
    ["refund-due", "refund-due", "cancelled"],
  ] as const)(
    "[INV55] of which one is %s and one %s is %s, whichever comes last",
    async (one, other, status) => {
      const [left, right] = await Promise.all([openArea(1), openArea(1)]);
      const orders = [crypto.randomUUID(), crypto.randomUUID(), crypto.randomUUID()] as const;
      // The versions of two areas have nothing to do with one another.
      const batchesOf = (reservationId: string) =>
        [
          { ...batchOf(left, reservationId, { version: 900, state: one }), units: [] },
          { ...batchOf(right, reservationId, { version: 3, state: other }), units: [] },
        ].map((batch) => ({
          ...batch,
          reservations: batch.reservations.map((each) => ({ ...each, tickets: [] })),
        }));
      for (const batch of batchesOf(orders[0])) await projection.write(batch);
      for (const batch of batchesOf(orders[1]).toReversed()) await projection.write(batch);
      await Promise.all(batchesOf(orders[2]).map((batch) => projection.write(batch)));
      for (const reservationId of orders) {
        expect(await reservationOf(reservationId)).toMatchObject({
          status,
          areas: {
            [left.areaId]: { state: one, version: 900 },
            [right.areaId]: { state: other, version: 3 },
          },
        });
      }
    },
  );

  test("[INV54] each area writes its own part: an older version of one changes nothing at all", async () => {
    const [left, right] = await Promise.all([openArea(1), openArea(1)]);
    const reservationId = crypto.randomUUID();
    await projection.write(batchOf(left, reservationId, { version: 50, state: "sold" }));
    await projection.write(batchOf(right, reservationId, { version: 4, state: "held" }));
    const before = await reservationOf(reservationId);
    expect(before).toMatchObject({ status: "completed" });
    await projection.write(batchOf(left, reservationId, { version: 49, state: "held" }));
    await projection.write(batchOf(right, reservationId, { version: 4, state: "expired" }));
    await projection.write(batchOf(right, reservationId, { version: 3, state: "sold" }));
    expect(await reservationOf(reservationId)).toEqual(before);
    await projection.write(batchOf(right, reservationId, { version: 5, state: "refund-due" }));
    expect(await reservationOf(reservationId)).toMatchObject({
      status: "completed",
      areas: { [left.areaId]: { version: 50 }, [right.areaId]: { state: "refund-due" } },
    });
  });

  test("[INV54] what others keep with a reservation stays", async () => {
    const area = await openArea(1);
    const reservationId = crypto.randomUUID();
    await projection.write(batchOf(area, reservationId, { version: 1, state: "held" }));
    await ask(
      `UPDATE reservations SET extra_attributes = extra_attributes || '{"note": "by phone"}' WHERE id = $1 RETURNING id`,
      reservationId,
    );
    await projection.write(batchOf(area, reservationId, { version: 2, state: "expired" }));
    expect(
      await ask("SELECT extra_attributes FROM reservations WHERE id = $1", reservationId),
    ).toMatchObject([
      { extra_attributes: { note: "by phone", areas: { [area.areaId]: { state: "expired" } } } },
    ]);
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
    expect(await area.object.placeHold(first)).toMatchObject({ ok: true });
    expect(await area.object.placeHold(holdOf(area, 2))).toMatchObject({ ok: true });
    expect(await area.object.releaseHold(first)).toMatchObject({ ok: true });
    await until("an attempt", () => postgres.attempts(area) > 0);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toHaveLength(3);
    postgres.back();
    expect((await rowsOf(area)).reservations).toEqual([]);
    await runDurableObjectAlarm(area.stub);
    await flushed(area.stub);
    const rows = await rowsOf(area);
    expect(rows.held).toHaveLength(2);
    expect(rows).toMatchObject({
      units: Array.from({ length: 4 }, () => ({ status: "available" })),
      tickets: [],
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
    await area.object.placeHold(hold);
    await area.object.availability();
    expect(deadlines()).toBe(0);
    const sale = await area.object.commitHold({
      reservationId: hold.reservationId,
      paymentId: "p1",
    });
    expect(sale).toMatchObject({ ok: true });
    expect(deadlines()).toBe(1);
    expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).not.toEqual([]);
    postgres.back();
    await runDurableObjectAlarm(area.stub);
    await flushed(area.stub);
    expect(await rowsOf(area)).toMatchObject({ tickets: [{ status: "confirmed" }] });
  });
});

test("[INV41] a purchase is answered once Postgres has it", async () => {
  const area = await openArea(2);
  const hold = holdOf(area, 2);
  await area.object.placeHold(hold);
  const startedAtMs = performance.now();
  await area.object.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
  expect(await rowsOf(area)).toMatchObject({
    units: [{ status: "sold" }, { status: "sold" }],
    tickets: [{ status: "confirmed" }, { status: "confirmed" }],
    reservations: [{ status: "completed" }],
  });
  expect(await storedRows(area.stub, "SELECT sequence FROM outbox")).toEqual([]);
  expect(performance.now() - startedAtMs).toBeLessThan(2_500);
});
