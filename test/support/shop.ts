// A shop on a running stack: events on sale, and what buyers, the payer and the gateway do there. Asserts nothing, but
// throws when one of its own steps does not work.

import pg from "pg";
import { z } from "zod";
import {
  type Places,
  StepFailed,
  mailTo,
  payAtCheckout,
  paymentBeyond,
  startPayment,
} from "../../dev/journey.ts";
import { type Answer, type CallOptions, createClient } from "./api.ts";

export interface ShopPlaces extends Places {
  wompi: string;
  database: string;
}

export interface AreaOnSale {
  units: number;
  priceInCents?: number;
  serviceInCents?: number;
}

export interface EventOnSale {
  eventId: string;
  slug: string;
  /** In order of creation. */
  areaIds: string[];
}

export type Item = { area_id: string; quantity: number } | { area_id: string; unit_ids: string[] };

const withId = z.object({ id: z.string() });
const reservationShape = z.object({
  id: z.string(),
  event_id: z.string(),
  token: z.string(),
  status: z.string(),
  expires_at: z.string(),
  total_in_cents: z.number(),
  currency: z.string(),
  units: z.array(
    z.object({
      reservation_unit_id: z.string(),
      area_id: z.string(),
      unit_id: z.string(),
      label: z.string(),
    }),
  ),
});
export type HeldReservation = z.infer<typeof reservationShape>;

const deliveriesShape = z.object({
  data: z.array(
    z.object({
      transaction_id: z.string(),
      transaction_status: z.string(),
      state: z.string(),
      body: z.string(),
      checksum: z.string(),
      attempts: z.array(z.object({ status: z.number().nullable() })),
    }),
  ),
});
const inboxShape = z.object({
  emails: z.array(
    z.object({
      subject: z.string(),
      destination: z.object({ to: z.array(z.string()) }),
      body: z.object({ text: z.string().optional(), html: z.string().optional() }),
    }),
  ),
});

export type Shop = ReturnType<typeof openShop>;

export function openShop(places: ShopPlaces) {
  const call = createClient(places.api);
  const database = new pg.Pool({ connectionString: places.database, max: 3 });
  const asOrganizer = (method: string, path: string, options: CallOptions = {}) =>
    call(method, path, { token: places.organizerToken, ...options });
  const asBuyer = (token: string, method: string, path: string, options: CallOptions = {}) =>
    call(method, path, { ...options, headers: { "reservation-token": token, ...options.headers } });
  const createArea = async (eventId: string, name: string, area: AreaOnSale) => {
    const { units, priceInCents = 9_500_000, serviceInCents = 500_000 } = area;
    const body = { name, price_in_cents: priceInCents, service_in_cents: serviceInCents };
    const { id } = need(withId, await asOrganizer("POST", `/v1/events/${eventId}/areas`, { body }));
    need(
      z.object({ created: z.literal(units) }),
      await asOrganizer("POST", `/v1/areas/${id}/units/bulk`, {
        body: { rows: { from: 1, to: 1 }, numbers: { from: 1, to: units } },
      }),
    );
    return id;
  };

  return {
    call,
    database,
    asOrganizer,
    asBuyer,

    async draftEvent(areas: readonly AreaOnSale[], changes: object = {}): Promise<EventOnSale> {
      const event = need(
        withId.extend({ slug: z.string() }),
        await asOrganizer("POST", "/v1/events", {
          body: {
            name: `Función ${crypto.randomUUID().slice(0, 8)}`,
            starts_at: "2031-03-19T20:00:00-05:00",
            ends_at: "2031-03-20T02:00:00-05:00",
            ...changes,
          },
        }),
      );
      const areaIds: string[] = [];
      for (const [index, area] of areas.entries()) {
        areaIds.push(await createArea(event.id, `Localidad ${index + 1}`, area));
      }
      return { eventId: event.id, slug: event.slug, areaIds };
    },

    async publishEvent(areas: readonly AreaOnSale[], changes: object = {}): Promise<EventOnSale> {
      const event = await this.draftEvent(areas, changes);
      need(withId, await asOrganizer("POST", `/v1/events/${event.eventId}/publish`));
      return event;
    },

    place(event: { eventId: string }, items: readonly Item[], key?: string): Promise<Answer> {
      return call("POST", "/v1/reservations", {
        body: { event_id: event.eventId, items },
        headers: key === undefined ? {} : { "idempotency-key": key },
      });
    },

    async hold(event: { eventId: string }, items: readonly Item[], key?: string) {
      return need(reservationShape, await this.place(event, items, key));
    },

    /** Every unit in order of sale, as Postgres has it: a moment behind the area itself. */
    async units(areaId: string) {
      const { rows } = await database.query<{ id: string; label: string; status: string }>(
        `SELECT id, label, CASE WHEN status = 'available' AND id IN (
           SELECT unit_id FROM waro_held_units WHERE area_id = $1) THEN 'reserved' ELSE status END AS status
         FROM units WHERE area_id = $1 ORDER BY position`,
        [areaId],
      );
      return rows;
    },

    /** Resolves once Postgres has the units in these states, in order of sale. */
    async unitsBecome(areaId: string, wanted: string): Promise<void> {
      let last = "";
      await until(`units of ${areaId} to be ${wanted}`, async () => {
        last = (await this.units(areaId)).map(({ status }) => status.charAt(0)).join("");
        return last === wanted ? true : undefined;
      }).catch((error: unknown) => {
        throw new StepFailed(`the units are ${last}`, { cause: error });
      });
    },

    /** What the areas themselves say, once the edge has nothing older: their counts, and a version every change raises. */
    async inventory(event: EventOnSale): Promise<unknown[]> {
      await new Promise((resolve) => setTimeout(resolve, 2_150));
      return Promise.all(
        event.areaIds.map(async (areaId) => {
          const path = `/v1/public/events/${event.slug}/areas/${areaId}/availability`;
          return need(z.looseObject({ version: z.number() }), await call("GET", path));
        }),
      );
    },

    /** All that Postgres knows of an event's sales. */
    async records(eventId: string): Promise<unknown> {
      const { rows } = await database.query(
        `SELECT
           (SELECT coalesce(jsonb_agg(to_jsonb(r) ORDER BY id), '[]') FROM reservations r WHERE cluster_id = $1) AS reservations,
           (SELECT coalesce(jsonb_agg(to_jsonb(u) ORDER BY u.id), '[]') FROM reservation_units u
              JOIN reservations ON reservations.id = u.reservation_id WHERE cluster_id = $1) AS tickets,
           (SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.id), '[]') FROM payments p
              JOIN reservations ON reservations.id = p.reservation_id WHERE cluster_id = $1) AS payments`,
        [eventId],
      );
      return rows[0];
    },

    async payments(reservationId: string) {
      const { rows } = await database.query<{
        id: string;
        status: string;
        amount: string;
        refund: string;
        transaction: string | null;
      }>(
        `SELECT id, status, amount, refund_amount AS refund, payment_gateway_transaction_id AS transaction
         FROM payments WHERE reservation_id = $1 ORDER BY created_at, id`,
        [reservationId],
      );
      return rows;
    },

    startPayment: (reservation: { token: string }, email: string) =>
      startPayment(places, reservation.token, email),
    payAtCheckout,
    paymentBeyond: (
      payment: { id: string },
      reservation: { token: string },
      statuses: readonly string[],
    ) => paymentBeyond(places, { id: payment.id, reservationToken: reservation.token }, statuses),

    /** Held, paid, settled, and its QR images made. */
    async buy(event: { eventId: string }, items: readonly Item[], email = newEmail()) {
      const reservation = await this.hold(event, items);
      return { reservation, ...(await this.payFor(reservation, email)), email };
    },

    /** Paid, settled, and its QR images made. */
    async payFor(reservation: { token: string }, email: string) {
      const payment = await this.startPayment(reservation, email);
      const transaction = await payAtCheckout(payment.checkout_url, { outcome: "approve" });
      const status = await this.paymentBeyond(payment, reservation, ["pending", "approved"]);
      if (status !== "settled") throw new StepFailed(`the payment became ${status}`);
      await mailTo(places, email);
      return { payment, transaction };
    },

    /** Ends a pending transaction. */
    async finish(
      transactionId: string,
      status: "APPROVED" | "DECLINED" | "ERROR",
      event = "normal",
    ) {
      const path = `${places.wompi}/sandbox/transactions/${transactionId}/finish`;
      await control(path, { status, event });
    },

    async resend(transactionId: string): Promise<void> {
      await control(`${places.wompi}/sandbox/transactions/${transactionId}/resend`, {});
    },

    async deliveries(transactionId: string) {
      const response = await fetch(`${places.wompi}/sandbox/events`);
      const { data } = deliveriesShape.parse(await response.json());
      return data.filter((delivery) => delivery.transaction_id === transactionId);
    },

    firstMail: (address: string) => mailTo(places, address),

    async mails(address: string) {
      const response = await fetch(`${places.mail}/store`);
      const { emails } = inboxShape.parse(await response.json());
      return emails.filter(({ destination }) => destination.to.some((to) => to.includes(address)));
    },

    close: () => database.end(),
  };
}

export function newEmail(): string {
  return `buyer.${crypto.randomUUID()}@example.com`;
}

/** Waits until `look` gives something; throws after a while. */
export async function until<Value>(
  what: string,
  look: () => Promise<Value | undefined>,
): Promise<Value> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new StepFailed(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function need<Shape>(shape: z.ZodType<Shape>, { status, body }: Answer): Shape {
  if (status >= 300) throw new StepFailed(`answered ${status}: ${JSON.stringify(body)}`);
  return shape.parse(body);
}

async function control(address: string, body: object): Promise<void> {
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new StepFailed(`the sandbox answered ${response.status}`);
}
