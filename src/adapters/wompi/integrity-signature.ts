// Wompi's integrity signature of a payment request. It may not build addresses or decide amounts.
// Source: docs.wompi.co, "Widget & Checkout Web", Paso 3; worked examples in test/fixtures/vectors.json.

export interface SignedCheckout {
  reference: string;
  amountInCents: number;
  currency: string;
  /** The very characters sent as `expiration-time`; null when that parameter is not sent. */
  expirationTime: string | null;
}

/** Lower-case hex of the plain SHA-256 (not an HMAC) of the parts without separators, the secret last. */
export async function integritySignature(
  checkout: SignedCheckout,
  integritySecret: string,
): Promise<string> {
  const { reference, amountInCents, currency, expirationTime } = checkout;
  return sha256Hex(
    `${reference}${amountInCents}${currency}${expirationTime ?? ""}${integritySecret}`,
  );
}

/** Lower-case hex of the SHA-256 of the text in UTF-8: what both of Wompi's signatures are. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = new Uint8Array(
    await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)),
  );
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
