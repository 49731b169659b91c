// Stages and promotions of an organizer on a running stack, and what buyers are told of prices. Asserts nothing, but throws
// when one of its own steps does not work.

import { createHash } from "node:crypto";
import { z } from "zod";
import type { Answer } from "./api.ts";
import type { Item, Shop } from "./shop.ts";

const withId = z.object({ id: z.string() });
const lineShape = z.object({
  area_id: z.string(),
  kind: z.enum(["base", "stage", "promotion", "service"]),
  label_id: z.string().nullable(),
  units: z.number(),
  amount_in_cents: z.number(),
});
export type Line = z.infer<typeof lineShape>;

const heldShape = z.object({
  id: z.string(),
  token: z.string(),
  lines: z.array(lineShape),
  total_in_cents: z.number(),
  units: z.array(
    z.object({
      reservation_unit_id: z.string(),
      area_id: z.string(),
      unit_id: z.string(),
      price_in_cents: z.number(),
      service_in_cents: z.number(),
      base_price_in_cents: z.number().optional(),
      discount_in_cents: z.number().optional(),
      stage_id: z.string().optional(),
      promotion_id: z.string().optional(),
    }),
  ),
});
export type PricedReservation = z.infer<typeof heldShape>;

const codeShape = z.object({
  code: z.string(),
  applies: z.boolean(),
  reason: z.string().nullable(),
  promotion_id: z.string().nullable(),
  discount_in_cents: z.number(),
});

const quoteShape = z.object({
  event_id: z.string(),
  areas: z.array(
    z.object({
      area_id: z.string(),
      units: z.number(),
      total_in_cents: z.number(),
      available: z.number(),
      stage: z
        .object({
          id: z.string(),
          name: z.string(),
          ends_at: z.string().nullable(),
          left: z.number().nullable(),
        })
        .nullable(),
    }),
  ),
  lines: z.array(lineShape),
  total_in_cents: z.number(),
  currency: z.string(),
  promotion_code: codeShape.nullable(),
});
export type Quoted = z.infer<typeof quoteShape>;

const availabilityShape = z.looseObject({
  price_in_cents: z.number(),
  service_in_cents: z.number(),
  stage: z
    .object({
      id: z.string(),
      name: z.string(),
      ends_at: z.string().nullable(),
      left: z.number().nullable(),
    })
    .nullable(),
  next_stage: z
    .object({
      id: z.string(),
      name: z.string(),
      starts_at: z.string().nullable(),
      price_in_cents: z.number(),
    })
    .nullable(),
  next_prices: z.array(
    z.object({
      when: z.enum(["sold_out", "time"]),
      starts_at: z.string().nullable(),
      stage: z.object({ id: z.string(), name: z.string() }).nullable(),
      price_in_cents: z.number(),
    }),
  ),
});

/** The same number of minutes from now as an ISO time; below zero they are past. */
export function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

export type PricedItem = Item & { stage_id?: string; total_in_cents?: number };

export interface Order {
  code?: string;
  key?: string;
  /** Where the request seems to come from. */
  address?: string;
  site?: string;
}

/** An address that nobody else of the run asks from. */
export function newAddress(): string {
  const groups = crypto.randomUUID().replaceAll("-", "").match(/.{4}/g);
  return `2001:${groups?.slice(0, 7).join(":") ?? ""}`;
}

export function pricingOf(shop: Shop) {
  const { asOrganizer, call } = shop;
  return {
    postStage: (eventId: string, body: unknown) =>
      asOrganizer("POST", `/v1/events/${eventId}/sale-stages`, { body }),

    /** A stage that takes a fifth off, unless told otherwise. */
    async stage(eventId: string, changes: object = {}): Promise<string> {
      const adjustment = { type: "percentage", basis_points: -2_000 };
      return idOf(await this.postStage(eventId, { name: "Preventa", adjustment, ...changes }));
    },

    postPromotion: (body: unknown) => asOrganizer("POST", "/v1/promotions", { body }),

    /** A promotion that takes a tenth off for everybody, unless told otherwise. */
    async promotion(changes: object): Promise<string> {
      const discount = { type: "percentage", basis_points: 1_000 };
      return idOf(await this.postPromotion({ name: "Amigos", discount, ...changes }));
    },

    place(
      event: { eventId: string },
      items: readonly PricedItem[],
      order: Order = {},
    ): Promise<Answer> {
      return call("POST", "/v1/reservations", askFor(event, items, order));
    },

    askQuote: (event: { eventId: string }, items: readonly PricedItem[], order: Order = {}) =>
      call("POST", "/v1/public/quote", askFor(event, items, order)),

    async quote(event: { eventId: string }, items: readonly PricedItem[], order: Order = {}) {
      const answer = await this.askQuote(event, items, order);
      if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
      return quoteShape.parse(answer.body);
    },

    validate: (event: { eventId: string }, items: readonly PricedItem[], order: Order = {}) =>
      call("POST", "/v1/public/promotions/validate", askFor(event, items, order)),

    /** Why a code does not apply to an order, by the quote; null when it does. */
    async reasonFor(event: { eventId: string }, items: readonly PricedItem[], code: string) {
      return (await this.quote(event, items, { code })).promotion_code?.reason;
    },

    async hold(event: { eventId: string }, items: readonly PricedItem[], order: Order = {}) {
      const answer = await this.place(event, items, order);
      if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
      return heldShape.parse(answer.body);
    },

    /** What one unit of the area costs whoever holds it now. */
    async priceOfOne(event: { eventId: string }, areaId: string, order: Order = {}) {
      const { units } = await this.hold(event, [{ area_id: areaId, quantity: 1 }], order);
      return units[0]?.price_in_cents;
    },

    release: (reservation: PricedReservation) =>
      shop.asBuyer(reservation.token, "DELETE", `/v1/reservations/${reservation.id}`),

    /** Paid and settled; its tickets as Postgres has them. */
    async pay(reservation: PricedReservation, email: string) {
      const payment = await shop.startPayment(reservation, email);
      await shop.payAtCheckout(payment.checkout_url, { outcome: "approve" });
      const status = await shop.paymentBeyond(payment, reservation, ["pending", "approved"]);
      const { rows } = await shop.database.query<{
        price: string;
        service: string;
        stage: string | null;
        promotion: string | null;
      }>(
        `SELECT price, service, applied_sale_stage_id AS stage, applied_promotion_id AS promotion
         FROM reservation_units WHERE reservation_id = $1 ORDER BY id`,
        [reservation.id],
      );
      return { status, tickets: rows };
    },

    async availability(slug: string, areaId: string, site = "http://localhost") {
      const path = `/v1/public/events/${slug}/areas/${areaId}/availability`;
      return availabilityShape.parse((await call("GET", path, { headers: { origin: site } })).body);
    },
  };
}

function askFor(event: { eventId: string }, items: readonly PricedItem[], order: Order) {
  const { code, key, address, site } = order;
  return {
    body: { event_id: event.eventId, items, ...(code !== undefined && { promotion_code: code }) },
    headers: {
      ...(key !== undefined && { "idempotency-key": key }),
      ...(address !== undefined && { "cf-connecting-ip": address }),
      ...(site !== undefined && { origin: site }),
    },
  };
}

/** The token of a fresh member of a fresh organizer, or of an area's. */
export async function signInAs(
  shop: Shop,
  role: string,
  profileOfAreaId: string | null = null,
): Promise<string> {
  const token = crypto.randomUUID();
  const { rows } = await shop.database.query<{ id: string }>(
    profileOfAreaId === null
      ? "INSERT INTO profiles (profile_name) VALUES ($1) RETURNING id"
      : "SELECT profile_id AS id FROM areas WHERE id = $1",
    [profileOfAreaId ?? `Organizador ${token}`],
  );
  await shop.database.query(
    `WITH member AS (INSERT INTO users (email) VALUES ($2) RETURNING id),
       joined AS (INSERT INTO profile_members (profile_id, user_id, role) SELECT $1, member.id, $3 FROM member)
     INSERT INTO sessions (token_hash, user_id, profile_id, expires_at)
     SELECT $4, member.id, $1, now() + interval '1 hour' FROM member`,
    [rows[0]?.id, `${token}@example.com`, role, createHash("sha256").update(token).digest("hex")],
  );
  return token;
}

function idOf({ status, body }: Answer): string {
  if (status !== 201) throw new Error(JSON.stringify(body));
  return withId.parse(body).id;
}
