// One payment from its start to the tickets: says who buys, approves at the gateway's checkout, and looks until the payment
// has ended. Whatever it is told goes into the ledger.

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { payAtCheckout } from "../../dev/journey.ts";
import type { AcknowledgedHold, KnownReservation, Ledger } from "./ledger.ts";
import type { Random } from "./random.ts";
import { askUntilAnswered } from "./requests.ts";

const SETTLE_PATIENCE_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 250;
const POLL_MILLISECONDS_MAX = 4_000;

export interface Payer {
  api: string;
  ledger: Ledger;
  random: Random;
  /** Done between the payment's start and the approval, by a buyer who changes their mind twice. */
  giveBack: (() => Promise<void>) | null;
}

const startedShape = z.object({ id: z.string(), checkout_url: z.string() });
const statusShape = z.object({ status: z.string() });

export async function pay(
  reservation: KnownReservation,
  { api, ledger, random, giveBack }: Payer,
): Promise<void> {
  const email = `${random.uuid()}@example.com`;
  const event = random.pick(["normal", "normal", "duplicate", "late"]);
  const answer = await askUntilAnswered({
    method: "POST",
    address: `${api}/v1/payments`,
    headers: { "reservation-token": reservation.token, "idempotency-key": random.uuid() },
    body: { gateway: "wompi", buyer: buyerOf(email) },
  });
  if (answer === undefined) {
    ledger.unknownOutcomes += 1;
    return;
  }
  if (answer.status !== 201) {
    ledger.contradict("a payment", reservation, answer);
    return;
  }
  const started = startedShape.parse(answer.body);
  reservation.paymentId = started.id;
  await giveBack?.();
  reservation.isLate = giveBack !== null;
  const { id } = await payAtCheckout(started.checkout_url, { outcome: "approve", event });
  reservation.transaction = { id, amountInCents: reservation.totalInCents };
  reservation.lastWord = "approved";
  const end = await endOf(started.id, reservation, { api, ledger });
  if (end !== undefined) reservation.lastWord = end;
}

/** How a payment ended; undefined when nobody could see that in time. */
export async function endOf<Known extends AcknowledgedHold>(
  paymentId: string,
  reservation: Known,
  { api, ledger }: { api: string; ledger: Ledger<Known> },
): Promise<"settled" | "returned" | undefined> {
  const address = `${api}/v1/payments/${paymentId}`;
  const headers = { "reservation-token": reservation.token };
  const deadline = Date.now() + SETTLE_PATIENCE_MILLISECONDS;
  // Ever slower: what takes long must not be kept from ending by those who look.
  let pause = POLL_MILLISECONDS;
  while (Date.now() < deadline) {
    const answer = await askUntilAnswered({ method: "GET", address, headers });
    if (answer === undefined) return undefined;
    if (answer.status !== 200) {
      ledger.contradict("reading a payment", reservation, answer);
      return undefined;
    }
    const { status } = statusShape.parse(answer.body);
    if (status === "settled") return "settled";
    if (status === "refund_due" || status === "refunded") return "returned";
    await sleep(pause);
    pause = Math.min(2 * pause, POLL_MILLISECONDS_MAX);
  }
  return undefined;
}

export function buyerOf(email: string) {
  return {
    full_name: "Ana María Rojas",
    email,
    document_type: "CC",
    document_number: "1020304050",
    phone: "3001234567",
  };
}
