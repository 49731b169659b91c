// An area's object loses all of its data: publishing again rebuilds it from Postgres, and nothing sold is for sale again.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import {
  type Places,
  availability,
  call,
  hold,
  mailTo,
  payAtCheckout,
  paymentBeyond,
  publishEvent,
  readTicket,
  scan,
  startPayment,
} from "../../dev/journey.ts";
import { freshSettings } from "../../dev/settings.ts";
import { type Stack, startStack } from "../../dev/stack.ts";

const settings = freshSettings();
const freePorts = { api: 0, postgres: 0, databaseHttp: 0, wompi: 0, mail: 0 };

function start(dataDirectory: string): Promise<Stack> {
  const log = () => undefined;
  return startStack({ dataDirectory, ports: freePorts, settings, fast: true, log });
}

function placesOf({ addresses, tokens }: Stack): Places {
  return { api: addresses.api, mail: addresses.mail, organizerToken: tokens.organizerToken };
}

it("[INV56, INV85] is rebuilt with its sales and holds, and with how many people these were for", async () => {
  const dataDirectory = await mkdtemp(join(tmpdir(), "waro-tickets-lost-"));
  let stack = await start(dataDirectory);
  try {
    let places = placesOf(stack);
    const event = await publishEvent(places, {
      name: `Perdido ${crypto.randomUUID().slice(0, 8)}`,
      rows: 2,
      unitsPerRow: 4,
      priceInCents: 5_000_000,
      serviceInCents: 0,
    });
    const forTwo = await call(`${places.api}/v1/areas/${event.areaId}`, "PATCH", {
      token: places.organizerToken,
      body: { unit_capacity: 2 },
    });
    expect(forTwo.status).toBe(200);
    const bought = await hold(places, { ...event, quantity: 2 });
    const payment = await startPayment(places, bought.token, "ana@example.com");
    await payAtCheckout(payment.checkout_url, { outcome: "approve" });
    const ofPayment = { id: payment.id, reservationToken: bought.token };
    expect(await paymentBeyond(places, ofPayment, ["pending", "approved"])).toBe("settled");
    // The local queue is in memory: what it carries must be done before the stop.
    await mailTo(places, "ana@example.com");
    const held = await hold(places, { ...event, quantity: 3 });
    // The hold has reached Postgres once the organizer sees it there.
    await expect
      .poll(async () => JSON.stringify(await unitsOf(places, event.areaId)), { timeout: 10_000 })
      .toMatch(/(?:"reserved".*){3}/);

    await stack.stop();
    await rm(join(dataDirectory, "worker", "v3", "do"), { recursive: true });
    stack = await start(dataDirectory);
    places = placesOf(stack);
    // As if it had been lowered at the moment of the hold.
    await query(stack, "UPDATE areas SET unit_capacity = 1 WHERE id = $1", event.areaId);

    const lost = await call(`${places.api}/v1/reservations/${held.id}`, "GET", {
      reservationToken: held.token,
    });
    expect(lost.status).toBe(404);
    const again = await call(`${places.api}/v1/events/${event.eventId}/publish`, "POST", {
      token: places.organizerToken,
    });
    expect(again.status).toBe(200);

    expect(await availability(places, event)).toMatchObject({ available: 3, held: 3, sold: 2 });
    const found = await call(`${places.api}/v1/reservations/${held.id}`, "GET", {
      reservationToken: held.token,
    });
    expect(found.body).toMatchObject({ status: "held", units: held.units });
    const ticket = await readTicket(places, {
      reservationUnitId: bought.units[0]?.reservation_unit_id ?? "",
      reservationToken: bought.token,
    });
    for (const result of ["admitted", "admitted", "already_admitted"])
      expect(await scan(places, ticket.token)).toBe(result);
    await expect(hold(places, { ...event, quantity: 4 })).rejects.toThrow("sold_out");
  } finally {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  }
}, 120_000);

async function query({ addresses }: Stack, text: string, parameter: string): Promise<void> {
  const client = new pg.Client({ connectionString: addresses.database });
  await client.connect();
  await client.query(text, [parameter]);
  await client.end();
}

async function unitsOf(places: Places, areaId: string): Promise<unknown> {
  const address = `${places.api}/v1/areas/${areaId}/units?limit=10`;
  return (await call(address, "GET", { token: places.organizerToken })).body;
}
