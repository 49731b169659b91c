// Turns a traffic into operations: each does its requests on one connection and says whether all went as expected.

import { createHash } from "node:crypto";
import { z } from "zod";
import { type Answer, type Connection, jsonText, requestBytes } from "./connection.ts";
import type { Request, Traffic } from "./traffic.ts";

/** The status of the first answer that was not expected; null when all were. */
export type Operation = (connection: Connection) => Promise<number | null>;

export interface Operations {
  /** Null when there is nothing left to do. */
  next(): Operation | null;
  /** Ids of what was made and acknowledged. */
  ids: string[];
}

export function operationsOf(traffic: Traffic): Operations {
  const ids: string[] = [];
  if (traffic.kind === "purchase") {
    const hold = requestBytes({ method: "POST", path: "/v1/reservations", body: traffic.holdBody });
    const operation: Operation = (connection) =>
      purchase(connection, { hold, eventsSecret: traffic.eventsSecret, ids });
    return { ids, next: () => operation };
  }
  const { expect, keepIds } = traffic;
  const once = (bytes: Buffer): Operation => {
    return async (connection) => {
      const answer = await connection.send(bytes);
      if (answer.status !== expect) return answer.status;
      if (keepIds) ids.push(idOf(answer));
      return null;
    };
  };
  return { ids, next: nextOf(traffic, once) };
}

function nextOf(
  traffic: Exclude<Traffic, { kind: "purchase" }>,
  once: (bytes: Buffer) => Operation,
): () => Operation | null {
  const withBody = (request: Request, body: string) => once(requestBytes({ ...request, body }));
  if (traffic.kind === "same") {
    const operation = once(requestBytes(traffic.request));
    return () => operation;
  }
  const { request, bodies } = traffic;
  const timesEach = traffic.kind === "areas" ? traffic.timesEach : 1;
  let sent = 0;
  let current: Operation | null = null;
  return () => {
    const body = bodies[Math.floor(sent / timesEach)];
    if (body === undefined) return null;
    if (sent % timesEach === 0 || current === null) current = withBody(request, body);
    sent += 1;
    return current;
  };
}

/** Every answer that makes something begins with its id. */
function idOf({ text }: Answer): string {
  const start = text.indexOf('{"id":"') + 7;
  return text.slice(start, start + 36);
}

const holdShape = z.object({ id: z.string(), token: z.string(), total_in_cents: z.number() });
const paymentShape = z.object({ id: z.string() });
const buyer = {
  full_name: "Ana María Rojas",
  email: "ana@example.com",
  document_type: "CC",
  document_number: "1020304050",
  phone: "3001234567",
};
const paymentBody = JSON.stringify({ gateway: "wompi", buyer });

async function purchase(
  connection: Connection,
  parts: { hold: Buffer; eventsSecret: string; ids: string[] },
): Promise<number | null> {
  const held = await connection.send(parts.hold);
  if (held.status !== 201) return held.status;
  const reservation = holdShape.parse(JSON.parse(jsonText(held)));

  const paid = await connection.send(
    requestBytes({
      method: "POST",
      path: "/v1/payments",
      headers: { "Reservation-Token": reservation.token },
      body: paymentBody,
    }),
  );
  if (paid.status !== 201) return paid.status;
  const payment = paymentShape.parse(JSON.parse(jsonText(paid)));

  const notice = noticeOf(payment.id, reservation.total_in_cents, parts.eventsSecret);
  const noticed = await connection.send(
    requestBytes({ method: "POST", path: "/v1/webhooks/wompi", body: notice }),
  );
  if (noticed.status !== 200) return noticed.status;
  parts.ids.push(reservation.id);
  return null;
}

/** A signed event as Wompi sends it. The transaction's id says all that the bench's own Wompi needs to answer for it. */
function noticeOf(paymentId: string, amountInCents: number, eventsSecret: string): string {
  const id = `${amountInCents}-${paymentId}`;
  const timestamp = Math.floor(Date.now() / 1000);
  const checksum = createHash("sha256")
    .update(`${id}APPROVED${amountInCents}${timestamp}${eventsSecret}`)
    .digest("hex");
  return JSON.stringify({
    event: "transaction.updated",
    data: { transaction: { id, status: "APPROVED", amount_in_cents: amountInCents } },
    environment: "test",
    timestamp,
    signature: {
      properties: ["transaction.id", "transaction.status", "transaction.amount_in_cents"],
      checksum,
    },
  });
}
