// Where the payer's browser goes, and until when it may pay there.

import type { Payment } from "../../db/payments-repository.ts";
import type { Buyer } from "../../ports/payments.ts";
import type { Dependencies } from "../dependencies.ts";

/** The gateway stops the payer this much before the hold ends, so that an approval finds the hold alive. */
const MARGIN_MS = 30_000;
/** Of a short payment window the margin takes no more than this part. */
const MARGIN_PART = 0.1;

/** When the gateway must stop the payer of a hold that ends at `expiresAtMs`. */
export function payUntilMs({ settings }: Dependencies, expiresAtMs: number): number {
  return expiresAtMs - Math.min(MARGIN_MS, settings.paymentWindowMs * MARGIN_PART);
}

export function checkoutUrlFor(
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
