// One ticket, sold end to end over HTTP on the whole stack: real Postgres, runtime, queue, R2, gateway sandbox and inbox.

import pg from "pg";
import { expect, inject, it } from "vitest";
import {
  availability,
  call,
  hold,
  listEvents,
  mailTo,
  payAtCheckout,
  paymentBeyond,
  publishEvent,
  readTicket,
  scan,
  startPayment,
} from "../../dev/journey.ts";

const places = {
  api: inject("apiUrl"),
  mail: inject("mailUrl"),
  organizerToken: inject("organizerToken"),
};

it("goes from the organizer's draft to the gate", async () => {
  const tail = crypto.randomUUID().slice(0, 8);
  const event = await publishEvent(places, {
    name: `Concierto ${tail}`,
    rows: 2,
    unitsPerRow: 10,
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
  });
  expect(await listEvents(places)).toContain(event.slug);
  expect(await availability(places, event)).toMatchObject({ available: 20, held: 0, sold: 0 });

  const reservation = await hold(places, { ...event, quantity: 2 });
  expect(reservation.units.map((unit) => unit.label)).toEqual(["A-1-1", "A-1-2"]);
  expect(reservation.total_in_cents).toBe(20_000_000);

  const email = `ana.${tail}@example.com`;
  const payment = await startPayment(places, reservation.token, email);
  const transaction = await payAtCheckout(payment.checkout_url, { outcome: "approve" });
  expect(transaction.status).toBe("APPROVED");
  const ofPayment = { id: payment.id, reservationToken: reservation.token };
  expect(await paymentBeyond(places, ofPayment, ["pending", "approved"])).toBe("settled");

  const mail = await mailTo(places, email);
  expect(mail.subject).toContain(`Concierto ${tail}`);

  const tickets = await Promise.all(
    reservation.units.map((unit) =>
      readTicket(places, {
        reservationUnitId: unit.reservation_unit_id,
        reservationToken: reservation.token,
      }),
    ),
  );
  for (const { token } of tickets) {
    expect(await scan(places, token)).toBe("admitted");
    expect(await scan(places, token)).toBe("already_admitted");
  }

  const read = await call(`${places.api}/v1/reservations/${reservation.id}`, "GET", {
    reservationToken: reservation.token,
  });
  expect(read.body).toMatchObject({ status: "paid", total_in_cents: 20_000_000 });
  // An admission does not wait for Postgres.
  await expect
    .poll(() => storedTickets(reservation.id), { timeout: 10_000 })
    .toEqual([
      { label: "A-1-1", unit: "sold", ticket: "used", reservation: "completed" },
      { label: "A-1-2", unit: "sold", ticket: "used", reservation: "completed" },
    ]);
});

async function storedTickets(reservationId: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();
  try {
    const { rows } = await client.query(
      `SELECT units.label, units.status AS unit, reservation_units.status AS ticket,
         reservations.status AS reservation
       FROM reservation_units
       JOIN units ON units.id = unit_id
       JOIN reservations ON reservations.id = reservation_id
       WHERE reservation_id = $1 ORDER BY units.position`,
      [reservationId],
    );
    return rows;
  } finally {
    await client.end();
  }
}
