// The address of Wompi's Web Checkout for one payment. It may not decide amounts or expiries.
// Source: docs.wompi.co, "Widget & Checkout Web": https://checkout.wompi.co/p/ takes these parameters by GET.

import type { CheckoutRequest } from "../../ports/payments.ts";
import { integritySignature } from "./integrity-signature.ts";

export interface CheckoutSettings {
  publicKey: string;
  integritySecret: string;
  checkoutUrl: string;
}

/** Throws when the amount is not a positive whole number of cents, which no service should ask for. */
export async function wompiCheckoutUrl(
  request: CheckoutRequest,
  settings: CheckoutSettings,
): Promise<string> {
  const { reference, amountInCents, currency, redirectUrl, buyer } = request;
  if (!Number.isSafeInteger(amountInCents) || amountInCents <= 0) {
    throw new Error("an amount to pay is a positive whole number of cents");
  }
  // Signed and sent as the same characters: Wompi compares what it receives.
  const expirationTime = request.expiresAt.toISOString();
  const signed = { reference, amountInCents, currency, expirationTime };
  const parameters: Record<string, string> = {
    "public-key": settings.publicKey,
    currency,
    "amount-in-cents": String(amountInCents),
    reference,
    "signature:integrity": await integritySignature(signed, settings.integritySecret),
    "redirect-url": redirectUrl,
    "expiration-time": expirationTime,
    "customer-data:email": buyer.email,
    "customer-data:full-name": buyer.fullName,
    // Number and prefix, and document and its type, are only accepted in pairs.
    "customer-data:phone-number": buyer.phone,
    "customer-data:phone-number-prefix": buyer.phonePrefix,
    "customer-data:legal-id": buyer.documentNumber,
    "customer-data:legal-id-type": buyer.documentType,
  };
  const url = new URL(settings.checkoutUrl);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url.href;
}
