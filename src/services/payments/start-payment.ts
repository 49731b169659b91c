// A buyer says who they are and gets the gateway's checkout address. The hold is extended so that it outlives the
// time the gateway gives the payer.

import { type Payment, insertPayment } from "../../db/payments-repository.ts";
import type { Buyer } from "../../ports/payments.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { getReservation } from "../reservations/get-reservation.ts";
import { type Reservation, totalOf } from "../reservations/reservation.ts";

/** Wompi takes no less (1,500 pesos). */
const AMOUNT_MIN_IN_CENTS = 150_000;
/** The gateway stops the payer this much before the hold ends, so that an approval finds the hold alive. */
const MARGIN_MS = 30_000;
/** Of a short payment window the margin takes no more than this part. */
const MARGIN_PART = 0.1;

export interface StartPaymentInput {
  buyer: Buyer;
  idempotencyKey: string | null;
}

export interface StartedPayment {
  payment: Payment;
  checkoutUrl: string;
}

export async function startPayment(
  dependencies: Dependencies,
  claims: ReservationClaims,
  input: StartPaymentInput,
): Promise<Result<StartedPayment, Refusal>> {
  const { reservationId, profileId, eventId, areaIds } = claims;
  const paymentId =
    input.idempotencyKey === null
      ? crypto.randomUUID()
      : await derivedId(`payment\n${reservationId}\n${input.idempotencyKey}`);
  const requestHash = await sha256Hex(JSON.stringify(input.buyer));

  // First what cannot be paid: a refusal must not have extended anything.
  const found = await getReservation(dependencies, claims);
  if (!found.ok) return found;
  const refusal = whyNotPayable(found.value);
  if (refusal !== null) return refused(refusal);

  const extended = await extendHolds(dependencies, claims, paymentId);
  if (!extended.ok) return extended;
  const { amountInCents, currency, expiresAtMs } = extended.value;
  // A checkout that is over before it opens helps nobody.
  if (payUntilMs(dependencies, expiresAtMs) <= dependencies.now()) {
    return refused({ code: "hold_expired" });
  }

  const payment = await insertPayment(dependencies.database.asTenant(profileId), {
    paymentId,
    profileId,
    eventId,
    reservationId,
    amountInCents,
    currency,
    buyer: input.buyer,
    areaIds,
    requestHash,
    expiresAt: new Date(expiresAtMs),
  });
  if (payment.requestHash !== requestHash) return refused({ code: "command_reused" });
  return ok({ payment, checkoutUrl: await checkoutUrlFor(dependencies, payment, input.buyer) });
}

function whyNotPayable({ status, totalInCents }: Reservation): Refusal | null {
  if (status === "paid" || status === "refund_due") return { code: "already_paid" };
  if (status !== "held") return { code: "hold_expired" };
  if (totalInCents >= AMOUNT_MIN_IN_CENTS) return null;
  return { code: "amount_too_small", min_in_cents: AMOUNT_MIN_IN_CENTS };
}

function payUntilMs({ settings }: Dependencies, expiresAtMs: number): number {
  return expiresAtMs - Math.min(MARGIN_MS, settings.paymentWindowMs * MARGIN_PART);
}

async function extendHolds(
  { inventory, settings }: Dependencies,
  { reservationId, areaIds }: ReservationClaims,
  paymentId: string,
): Promise<Result<{ amountInCents: number; currency: string; expiresAtMs: number }, Refusal>> {
  const { paymentWindowMs } = settings;
  let amountInCents = 0;
  let expiresAtMs = Number.POSITIVE_INFINITY;
  let currency = "COP";
  for (const areaId of areaIds) {
    const outcome = await inventory
      .area(areaId)
      .extendHold({ reservationId, paymentId, paymentWindowMs });
    if (!outcome.ok) return refused(outcome.refusal);
    amountInCents += totalOf(outcome.units);
    expiresAtMs = Math.min(expiresAtMs, outcome.expiresAtMs);
    currency = outcome.currency;
  }
  return ok({ amountInCents, currency, expiresAtMs });
}

function checkoutUrlFor(
  dependencies: Dependencies,
  payment: Payment,
  buyer: Buyer,
): Promise<string> {
  const { storefrontUrl, publicBaseUrl } = dependencies.settings;
  return dependencies.wompi.checkoutUrl({
    reference: payment.paymentId,
    amountInCents: payment.amountInCents,
    currency: payment.currency,
    expiresAt: new Date(payUntilMs(dependencies, payment.expiresAt.getTime())),
    redirectUrl:
      storefrontUrl === null
        ? `${publicBaseUrl}/v1/payments/${payment.paymentId}/return`
        : `${storefrontUrl}/reservations/${payment.reservationId}`,
    buyer,
  });
}
