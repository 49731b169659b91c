// The main job over HTTP, as its users do it: an organizer publishes, a buyer pays, a gate admits. One function a step;
// used by the demo and by the journey tests. Knows addresses only.

import { z } from "zod";
import { readQr } from "./read-qr.ts";

/** Where the stack is, and the organizer's session. */
export interface Places {
  api: string;
  mail: string;
  organizerToken: string;
}

/** An answer that was not what the step needs. */
export class StepFailed extends Error {}

export interface CallOptions {
  body?: unknown;
  token?: string;
  reservationToken?: string;
  headers?: Record<string, string>;
}

/** One JSON request; its status and parsed body. */
export async function call(
  address: string,
  method: string,
  options: CallOptions = {},
): Promise<{ status: number; body: unknown; headers: Headers }> {
  const headers = new Headers(options.headers);
  if (options.body !== undefined) headers.set("content-type", "application/json");
  if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
  if (options.reservationToken !== undefined)
    headers.set("reservation-token", options.reservationToken);
  const body = options.body === undefined ? {} : { body: JSON.stringify(options.body) };
  const response = await fetch(address, { method, headers, ...body });
  const text = await response.text();
  const isJson = response.headers.get("content-type")?.includes("json") === true;
  return {
    status: response.status,
    body: isJson ? JSON.parse(text) : text,
    headers: response.headers,
  };
}

async function expect<Shape>(
  shape: z.ZodType<Shape>,
  asked: ReturnType<typeof call>,
): Promise<Shape> {
  const { status, body } = await asked;
  if (status >= 300) throw new StepFailed(`answered ${status}: ${JSON.stringify(body)}`);
  return shape.parse(body);
}

const eventShape = z.object({ id: z.string(), slug: z.string(), status: z.string() });
const areaShape = z.object({ id: z.string() });
const unitsShape = z.object({ created: z.number() });
const listingShape = z.object({
  events: z.array(z.object({ slug: z.string(), name: z.string() })),
});
const availabilityShape = z.object({ available: z.number(), sold: z.number(), held: z.number() });
const reservationShape = z.object({
  id: z.string(),
  token: z.string(),
  expires_at: z.string(),
  total_in_cents: z.number(),
  units: z.array(
    z.object({ reservation_unit_id: z.string(), label: z.string(), unit_id: z.string() }),
  ),
});
const paymentShape = z.object({ id: z.string(), checkout_url: z.string() });
const transactionShape = z.object({ data: z.object({ id: z.string(), status: z.string() }) });
const paymentStatusShape = z.object({ status: z.string() });
const scanShape = z.object({ result: z.string().optional(), code: z.string().optional() });
const inboxShape = z.object({
  emails: z.array(
    z.object({
      messageId: z.string(),
      subject: z.string(),
      destination: z.object({ to: z.array(z.string()) }),
    }),
  ),
});

export type JourneyReservation = z.infer<typeof reservationShape>;

export interface NewEvent {
  name: string;
  rows: number;
  unitsPerRow: number;
  priceInCents: number;
  serviceInCents: number;
}

/** An event with one seated area, on sale. */
export async function publishEvent(
  { api, organizerToken: token }: Places,
  wanted: NewEvent,
): Promise<{ eventId: string; slug: string; areaId: string; units: number }> {
  const startsAt = new Date(Date.now() + 30 * 24 * 3600 * 1000);
  const event = await expect(
    eventShape,
    call(`${api}/v1/events`, "POST", {
      token,
      body: {
        name: wanted.name,
        event_type: "concert",
        starts_at: startsAt.toISOString(),
        ends_at: new Date(startsAt.getTime() + 4 * 3600 * 1000).toISOString(),
      },
    }),
  );
  const area = await expect(
    areaShape,
    call(`${api}/v1/events/${event.id}/areas`, "POST", {
      token,
      body: {
        name: "Platea",
        price_in_cents: wanted.priceInCents,
        service_in_cents: wanted.serviceInCents,
      },
    }),
  );
  const units = await expect(
    unitsShape,
    call(`${api}/v1/areas/${area.id}/units/bulk`, "POST", {
      token,
      body: { rows: { from: 1, to: wanted.rows }, numbers: { from: 1, to: wanted.unitsPerRow } },
    }),
  );
  await expect(eventShape, call(`${api}/v1/events/${event.id}/publish`, "POST", { token }));
  return { eventId: event.id, slug: event.slug, areaId: area.id, units: units.created };
}

/** Names of the published events. */
export async function listEvents({ api }: Places): Promise<string[]> {
  const listing = await expect(listingShape, call(`${api}/v1/public/events?limit=100`, "GET"));
  return listing.events.map((event) => event.slug);
}

export function availability({ api }: Places, place: { slug: string; areaId: string }) {
  return expect(
    availabilityShape,
    call(`${api}/v1/public/events/${place.slug}/areas/${place.areaId}/availability`, "GET"),
  );
}

export function hold(
  { api }: Places,
  wanted: { eventId: string; areaId: string; quantity: number },
): Promise<JourneyReservation> {
  const items = [{ area_id: wanted.areaId, quantity: wanted.quantity }];
  return expect(
    reservationShape,
    call(`${api}/v1/reservations`, "POST", { body: { event_id: wanted.eventId, items } }),
  );
}

export function startPayment({ api }: Places, reservationToken: string, email: string) {
  const buyer = {
    full_name: "Ana María Rojas",
    email,
    document_type: "CC",
    document_number: "1020304050",
    phone: "3001234567",
  };
  return expect(
    paymentShape,
    call(`${api}/v1/payments`, "POST", { reservationToken, body: { gateway: "wompi", buyer } }),
  );
}

/** What the payer does on the checkout page. */
export async function payAtCheckout(
  checkoutUrl: string,
  choice: { outcome: "approve" | "decline" | "error" | "pending"; event?: string; method?: string },
): Promise<{ id: string; status: string }> {
  const headers = { accept: "application/json" };
  const { data } = await expect(
    transactionShape,
    call(checkoutUrl, "POST", { headers, body: choice }),
  );
  return data;
}

/** The payment's status once it is none of these any more. */
export async function paymentBeyond(
  { api }: Places,
  payment: { id: string; reservationToken: string },
  statuses: readonly string[],
): Promise<string> {
  const { reservationToken } = payment;
  return until(`payment ${payment.id} to be decided`, async () => {
    const address = `${api}/v1/payments/${payment.id}`;
    const { status } = await expect(paymentStatusShape, call(address, "GET", { reservationToken }));
    return statuses.includes(status) ? undefined : status;
  });
}

/** The newest mail to this address, once there is one. */
export function mailTo(
  { mail }: Places,
  address: string,
): Promise<{ messageId: string; subject: string }> {
  return until(`a mail to ${address}`, async () => {
    const inbox = await expect(inboxShape, call(`${mail}/store`, "GET"));
    return inbox.emails.findLast((email) =>
      email.destination.to.some((to) => to.includes(address)),
    );
  });
}

/** The address of a ticket's QR image and what a scanner reads in it. */
export async function readTicket(
  { api }: Places,
  ticket: { reservationUnitId: string; reservationToken: string },
): Promise<{ path: string; token: string }> {
  const path = `/v1/qr/${ticket.reservationUnitId}`;
  const { reservationToken } = ticket;
  const svg = await expect(z.string(), call(`${api}${path}`, "GET", { reservationToken }));
  return { path, token: readQr(svg) };
}

/** `admitted`, or the code of the refusal. */
export async function scan(
  { api, organizerToken: token }: Places,
  qrToken: string,
): Promise<string> {
  const body = { token: qrToken, gate: "Puerta norte" };
  const answer = await call(`${api}/v1/qr/validate`, "POST", { token, body });
  const { result, code } = scanShape.parse(answer.body);
  return result ?? code ?? "unknown";
}

const POLL_MILLISECONDS = 100;
const PATIENCE_MILLISECONDS = 30_000;

async function until<Value>(what: string, look: () => Promise<Value | undefined>): Promise<Value> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new StepFailed(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}
