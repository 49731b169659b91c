// A buyer says who they are and gets the gateway's checkout address. The hold is extended so that it outlives the
// time the gateway gives the payer.

import { type Payment, findPayment, insertPayment } from "../../db/payments-repository.ts";
import type { Buyer } from "../../ports/payments.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { getReservation } from "../reservations/get-reservation.ts";
import type { Reservation } from "../reservations/reservation.ts";
import { checkoutUrlFor, payUntilMs } from "./checkout-address.ts";
import { extendHolds } from "./extend-holds.ts";

/** Wompi takes no less (1,500 pesos). */
const AMOUNT_MIN_IN_CENTS = 150_000;
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
  const { reservationId, profileId, eventId, areaIds, poolIds } = claims;
  const tenant = dependencies.database.asTenant(profileId);
  const requestHash = await sha256Hex(JSON.stringify(input.buyer));
  const paymentId = await paymentIdFor(reservationId, input.idempotencyKey);
  // A repeated request is answered as the first time, whatever became of the payment since.
  const earlier = input.idempotencyKey === null ? null : await findPayment(tenant, paymentId);
  if (earlier !== null) return answer(dependencies, earlier, { ...input, requestHash });

  // First what cannot be paid: a refusal must not have extended anything.
  const found = await getReservation(dependencies, claims);
  if (!found.ok) return found;
  const refusal = whyNotPayable(found.value);
  if (refusal !== null) return refused(refusal);

  const buyerId = await dependencies.buyerIds.of(profileId, input.buyer);
  const extended = await extendHolds(dependencies, claims, { paymentId, buyerId });
  if (!extended.ok) return extended;
  const { amountInCents, lines, currency, expiresAtMs } = extended.value;
  // A checkout that is over before it opens helps nobody.
  if (payUntilMs(dependencies, expiresAtMs) <= dependencies.now()) {
    return refused({ code: "hold_expired" });
  }

  const payment = await insertPayment(tenant, {
    paymentId,
    profileId,
    eventId,
    reservationId,
    amountInCents,
    lines,
    currency,
    buyer: input.buyer,
    areaIds,
    poolIds,
    requestHash,
    expiresAt: new Date(expiresAtMs),
  });
  return answer(dependencies, payment, { ...input, requestHash });
}

async function paymentIdFor(reservationId: string, idempotencyKey: string | null): Promise<string> {
  if (idempotencyKey === null) return crypto.randomUUID();
  return derivedId(`payment\n${reservationId}\n${idempotencyKey}`);
}

async function answer(
  dependencies: Dependencies,
  payment: Payment,
  { requestHash, buyer }: StartPaymentInput & { requestHash: string },
): Promise<Result<StartedPayment, Refusal>> {
  if (payment.requestHash !== requestHash) return refused({ code: "command_reused" });
  return ok({ payment, checkoutUrl: await checkoutUrlFor(dependencies, payment, buyer) });
}

function whyNotPayable({ status, totalInCents }: Reservation): Refusal | null {
  if (status === "paid" || status === "refund_due" || status === "cancelled")
    return { code: "already_paid" };
  if (status !== "held") return { code: "hold_expired" };
  if (totalInCents >= AMOUNT_MIN_IN_CENTS) return null;
  return { code: "amount_too_small", min_in_cents: AMOUNT_MIN_IN_CENTS };
}
