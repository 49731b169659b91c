// A hundred units, five hundred buyers at once: exactly a hundred are sold, and everybody else is told so.

import pg from "pg";
import { expect, inject, it } from "vitest";
import {
  availability,
  call,
  payAtCheckout,
  paymentBeyond,
  publishEvent,
  startPayment,
} from "../../dev/journey.ts";
import { z } from "zod";

const UNITS = 100;
const BUYERS = 500;

const places = {
  api: inject("apiUrl"),
  mail: inject("mailUrl"),
  organizerToken: inject("organizerToken"),
};

const heldShape = z.object({
  id: z.string(),
  token: z.string(),
  units: z.array(z.object({ unit_id: z.string() })).length(1),
});

it("sells an area of 100 units to 500 concurrent buyers exactly once each", async () => {
  const tail = crypto.randomUUID().slice(0, 8);
  const event = await publishEvent(places, {
    name: `Lleno total ${tail}`,
    rows: 10,
    unitsPerRow: UNITS / 10,
    priceInCents: 5_000_000,
    serviceInCents: 0,
  });

  const items = [{ area_id: event.areaId, quantity: 1 }];
  const answers = await Promise.all(
    Array.from({ length: BUYERS }, () =>
      call(`${places.api}/v1/reservations`, "POST", { body: { event_id: event.eventId, items } }),
    ),
  );
  const held = answers
    .filter((answer) => answer.status === 201)
    .map(({ body }) => heldShape.parse(body));
  const refused = answers.filter((answer) => answer.status !== 201);
  expect(held).toHaveLength(UNITS);
  expect(refused).toHaveLength(BUYERS - UNITS);
  for (const { status, body } of refused) {
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: "sold_out", available: 0, may_retry: true });
  }
  expect(new Set(held.flatMap(({ units }) => units.map((unit) => unit.unit_id))).size).toBe(UNITS);

  await Promise.all(
    held.map(async ({ token }, index) => {
      const email = `buyer.${index}.${tail}@example.com`;
      const payment = await startPayment(places, token, email);
      await payAtCheckout(payment.checkout_url, { outcome: "approve" });
      const status = await paymentBeyond(places, { id: payment.id, reservationToken: token }, [
        "pending",
        "approved",
      ]);
      expect(status).toBe("settled");
    }),
  );

  // The edge keeps an answer for a second, so the object's last word is there after that.
  await expect
    .poll(() => availability(places, event), { timeout: 30_000, interval: 200 })
    .toMatchObject({ available: 0, held: 0, sold: UNITS });
  expect(await inPostgres(event.areaId)).toEqual({
    sold: UNITS,
    tickets: UNITS,
    reservations: UNITS,
    amount: "5000000.00",
  });
}, 120_000);

async function inPostgres(areaId: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT
         (SELECT count(*)::int FROM units WHERE area_id = $1 AND status = 'sold') AS sold,
         count(*)::int AS tickets,
         count(DISTINCT reservation_id)::int AS reservations,
         sum(price)::text AS amount
       FROM reservation_units WHERE area_id = $1 AND status = 'confirmed'`,
      [areaId],
    );
    return rows[0];
  } finally {
    await client.end();
  }
}
