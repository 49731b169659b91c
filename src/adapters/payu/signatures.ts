// PayU's three signatures, as documented for Latin America: the checkout form's, the confirmation's and the response page's.
// Each joins its fields with `~`; they differ in how the amount is written. Knows no settings and sends nothing.

import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** What the merchant's account is set to. `hmac-sha256` has a key of its own; the API key stays in the text all the same. */
export type PayuDigest =
  | { algorithm: "md5" | "sha1" | "sha256" }
  | { algorithm: "hmac-sha256"; key: string };

/** `amount` is the very text that is sent, with at most two decimals. */
export function payuFormSignature(
  digest: PayuDigest,
  form: {
    apiKey: string;
    merchantId: string;
    referenceCode: string;
    amount: string;
    currency: string;
  },
): string {
  return hash(digest, [
    form.apiKey,
    form.merchantId,
    form.referenceCode,
    form.amount,
    form.currency,
  ]);
}

export interface PayuConfirmation {
  apiKey: string;
  merchantId: string;
  referenceSale: string;
  /** As received. */
  value: string;
  currency: string;
  statePol: string;
}

/** The `sign` a confirmation must carry. */
export function payuConfirmationSign(digest: PayuDigest, confirmation: PayuConfirmation): string {
  const { apiKey, merchantId, referenceSale, value, currency, statePol } = confirmation;
  return hash(digest, [
    apiKey,
    merchantId,
    referenceSale,
    confirmationAmount(value),
    currency,
    statePol,
  ]);
}

/** Whether a confirmation is PayU's. In constant time. */
export function isPayuConfirmation(
  digest: PayuDigest,
  confirmation: PayuConfirmation,
  sign: string,
): boolean {
  const expected = Buffer.from(payuConfirmationSign(digest, confirmation));
  const given = Buffer.from(sign.toLowerCase());
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The signature of the payer's way back, whose amount is rounded to one decimal, half to even. */
export function payuResponseSignature(
  digest: PayuDigest,
  response: {
    apiKey: string;
    merchantId: string;
    referenceCode: string;
    txValue: string;
    currency: string;
    transactionState: string;
  },
): string {
  const { apiKey, merchantId, referenceCode, txValue, currency, transactionState } = response;
  return hash(digest, [
    apiKey,
    merchantId,
    referenceCode,
    responseAmount(txValue),
    currency,
    transactionState,
  ]);
}

/** `150.00` is signed as `150.0`, `150.26` as it is. On the text: a float would lose cents. */
function confirmationAmount(value: string): string {
  const { whole, tenths, hundredths } = decimals(value);
  return hundredths === "0" ? `${whole}.${tenths}` : `${whole}.${tenths}${hundredths}`;
}

function responseAmount(value: string): string {
  const { whole, tenths, hundredths } = decimals(value);
  const isOdd = Number(tenths) % 2 === 1;
  const goesUp = Number(hundredths) > 5 || (hundredths === "5" && isOdd);
  const rounded = BigInt(whole) * 10n + BigInt(tenths) + (goesUp ? 1n : 0n);
  return `${rounded / 10n}.${rounded % 10n}`;
}

function decimals(value: string): { whole: string; tenths: string; hundredths: string } {
  const match = /^(\d+)(?:\.(\d)(\d)?)?$/.exec(value);
  if (match === null) throw new Error("an amount has at most two decimals");
  const [, whole = "0", tenths = "0", hundredths = "0"] = match;
  return { whole, tenths, hundredths };
}

function hash(digest: PayuDigest, fields: readonly string[]): string {
  const text = fields.join("~");
  return digest.algorithm === "hmac-sha256"
    ? createHmac("sha256", digest.key).update(text).digest("hex")
    : createHash(digest.algorithm).update(text).digest("hex");
}
