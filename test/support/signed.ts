// What the product signs, signed a second time with node:crypto, so that a mistake cannot agree with itself.

import { createHash, createHmac } from "node:crypto";
import { z } from "zod";

const base64url = (text: string) => Buffer.from(text).toString("base64url");
export const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** A reservation token with these claims, whatever they are. */
export function reservationToken(claims: unknown, secret: string): string {
  const signed = `R1.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The claims of a token, unchecked. */
export function claimsOf(token: string): Record<string, unknown> {
  const text = Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8");
  return z.record(z.string(), z.unknown()).parse(JSON.parse(text));
}

/** A notice as Wompi sends it, with `changes` made before it is signed. */
export function wompiNotice(transaction: object, secret: string, changes: object = {}) {
  const notice = {
    event: "transaction.updated",
    data: { transaction },
    environment: "test",
    timestamp: Math.floor(Date.now() / 1000),
    sent_at: new Date().toISOString(),
    ...changes,
  };
  return { ...notice, signature: wompiSignature(notice, secret) };
}

export const wompiProperties = [
  "transaction.id",
  "transaction.status",
  "transaction.amount_in_cents",
] as const;

/** `signature` of a notice over these properties of its `data`. */
export function wompiSignature(
  notice: { data: unknown; timestamp: number },
  secret: string,
  properties: readonly string[] = wompiProperties,
) {
  const values = properties.map((path) =>
    path.split(".").reduce<unknown>((value, key) => Reflect.get(Object(value), key), notice.data),
  );
  return { properties, checksum: sha256Hex(`${values.join("")}${notice.timestamp}${secret}`) };
}

/** A checkout address that the gateway accepts, for any reference and amount. */
export function checkoutUrl(
  page: string,
  keys: { publicKey: string; integritySecret: string },
  wanted: { reference: string; amountInCents: number },
): string {
  const { reference, amountInCents } = wanted;
  const url = new URL(page);
  url.searchParams.set("public-key", keys.publicKey);
  url.searchParams.set("currency", "COP");
  url.searchParams.set("amount-in-cents", String(amountInCents));
  url.searchParams.set("reference", reference);
  const signed = `${reference}${amountInCents}COP${keys.integritySecret}`;
  url.searchParams.set("signature:integrity", sha256Hex(signed));
  return url.href;
}
