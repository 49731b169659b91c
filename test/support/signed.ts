// What the product signs, signed a second time with node:crypto, so that a mistake cannot agree with itself.

import { createHash, createHmac } from "node:crypto";

const base64url = (text: string) => Buffer.from(text).toString("base64url");
export const sha256Hex = (text: string) => createHash("sha256").update(text, "utf8").digest("hex");

/** A reservation token with these claims, whatever they are. */
export function reservationToken(claims: unknown, secret: string): string {
  const signed = `R1.${base64url(JSON.stringify(claims))}`;
  return `${signed}.${createHmac("sha256", secret).update(signed).digest("base64url")}`;
}

/** The claims of a token, unchecked. */
export function claimsOf(token: string): Record<string, unknown> {
  const claims: unknown = JSON.parse(
    Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"),
  );
  return { ...(claims as object) };
}
