// What an audit asks of a living object, and what Postgres has after an object told it again, with the real driver and tables.

import { env } from "cloudflare:workers";
import { runDurableObjectAlarm } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type LiveArea,
  ask,
  flushed,
  holdOf,
  objectOf,
  openArea,
  takePostgresAway,
  ticketOf,
} from "./live-area.ts";

beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));
afterEach(() => vi.restoreAllMocks());

/** What Postgres has of the area, but for versions. */
async function projectionOf({ areaId }: LiveArea) {
  const [units, tickets, parts] = await Promise.all([
    ask("SELECT id, status FROM units WHERE area_id = $1 ORDER BY position", areaId),
    ask(
      `SELECT id, reservation_id, unit_id, status, price, service, serial FROM reservation_units
       WHERE area_id = $1 ORDER BY id`,
      areaId,
    ),
    ask(
      `SELECT id, status, (extra_attributes #> ARRAY['areas', $1::text]) - 'version' AS part FROM reservations
       WHERE extra_attributes #> ARRAY['areas', $1::text] IS NOT NULL ORDER BY id`,
      areaId,
    ),
  ]);
  return { units, tickets, parts };
}

/** A sale of two units and a hold of one, told to Postgres. */
async function soldAndHeld(area: LiveArea) {
  const [sold, held] = [holdOf(area, 2), holdOf(area)];
  await area.object.placeHold(sold);
  await area.object.commitHold({ reservationId: sold.reservationId, paymentId: "p1" });
  await area.object.placeHold(held);
  await flushed(area.stub);
  return { soldId: sold.reservationId, heldId: held.reservationId };
}

describe("what an object tells again", () => {
  test("[INV76] Postgres takes, in the place of what another hand wrote under a version it knew", async () => {
    const area = await openArea(5);
    const { soldId, heldId } = await soldAndHeld(area);
    const before = await projectionOf(area);
    // The application may change what it may not delete.
    await ask(
      `UPDATE reservations SET status = 'cancelled', extra_attributes = jsonb_set(extra_attributes,
         ARRAY['areas', $2::text, 'state'], '"released"') WHERE id = ANY($1::uuid[])`,
      [soldId, heldId],
      area.areaId,
    );
    await ask(
      "UPDATE reservation_units SET status = 'cancelled', price = 1 WHERE reservation_id = $1",
      soldId,
    );
    await ask("UPDATE units SET status = 'blocked' WHERE area_id = $1", area.areaId);
    expect(await projectionOf(area)).not.toEqual(before);
    const answer = await area.object.projectAgain({
      reservationIds: [soldId, heldId],
      unitIds: area.units.map(({ unitId }) => unitId),
    });
    expect(answer).toEqual({ ok: true, reservations: 2, units: 5 });
    await flushed(area.stub);
    expect(await projectionOf(area)).toEqual(before);
  });

  test("[INV76] is refused by an area nobody configured, which keeps nothing of it", async () => {
    const object = objectOf(env.AREA_INVENTORY.getByName(crypto.randomUUID()));
    const ids = { reservationIds: [crypto.randomUUID()], unitIds: [] };
    expect(await object.projectAgain(ids)).toEqual({
      ok: false,
      refusal: { code: "area_unknown" },
    });
    expect(await object.availability()).toBeNull();
  });
});

describe("what an audit asks", () => {
  test("[INV9, INV78] has no answer from an area nobody configured", async () => {
    const object = objectOf(env.AREA_INVENTORY.getByName(crypto.randomUUID()));
    expect(await object.reservationsAfter("", 10)).toBeNull();
    expect(await object.items({ reservationIds: [], unitIds: [] })).toBeNull();
    expect(await object.tally()).toBeNull();
  });

  test("[INV78] is answered with whole reservations, and with what waits for Postgres", async () => {
    const area = await openArea(5);
    const { soldId, heldId } = await soldAndHeld(area);
    const postgres = takePostgresAway();
    const [, , , free] = area.units;
    const waiting = holdOf(area);
    await area.object.placeHold(waiting);
    const page = await area.object.reservationsAfter("", 10);
    const ids = [soldId, heldId, waiting.reservationId].toSorted();
    expect(page?.reservations.map(({ reservationId }) => reservationId)).toEqual(ids);
    expect(await area.object.reservationsAfter(ids[0] ?? "", 1)).toMatchObject({
      version: page?.version,
      reservations: [{ reservationId: ids[1] }],
    });
    const unitIds = [area.units[0]?.unitId ?? "", free?.unitId ?? "", crypto.randomUUID()];
    const reservationIds = [soldId, waiting.reservationId, crypto.randomUUID()];
    expect(await area.object.items({ reservationIds, unitIds })).toMatchObject({
      version: page?.version,
      reservations: expect.arrayContaining([
        expect.objectContaining({
          reservationId: soldId,
          tickets: [ticketOf(soldId, 0), ticketOf(soldId, 1)].map((reservationUnitId) =>
            expect.objectContaining({ reservationUnitId }),
          ),
        }),
        expect.objectContaining({ reservationId: waiting.reservationId, state: "held" }),
      ]),
      units: [{ state: "sold" }, { state: "held" }],
      waitingIds: [waiting.reservationId],
    });
    postgres.back();
  });

  test("[INV2] is what the units of all blocks count up to", async () => {
    const area = await openArea(5);
    await soldAndHeld(area);
    const counts = { available: 2, held: 1, sold: 2, blocked: 0 };
    expect(await area.object.tally()).toEqual({ stored: counts, counted: counts });
  });
});

test("[INV60] an area says how much waits for Postgres, and since when", async () => {
  const area = await openArea(5);
  expect((await area.object.availability())?.outbox).toEqual({ rows: 0, oldestAtMs: null });
  const postgres = takePostgresAway();
  const startMs = Date.now();
  await area.object.placeHold(holdOf(area));
  const first = (await area.object.availability())?.outbox;
  expect(first?.rows).toBe(1);
  expect(first?.oldestAtMs).toBeGreaterThanOrEqual(startMs);
  await area.object.placeHold(holdOf(area));
  const both = (await area.object.availability())?.outbox;
  expect(both).toEqual({ rows: 2, oldestAtMs: first?.oldestAtMs });
  postgres.back();
  await runDurableObjectAlarm(area.stub);
  await flushed(area.stub);
  expect((await area.object.availability())?.outbox).toEqual({ rows: 0, oldestAtMs: null });
});
