/**
 * Wompi's two signatures, written here a second time on purpose. This file may import nothing from `src/`:
 * if both sides shared the code, a mistake in it would agree with itself.
 */
import { createHash } from "node:crypto";

const sha256Hex = (text: string): string => createHash("sha256").update(text, "utf8").digest("hex");

export interface IntegrityInput {
  reference: string;
  amountInCents: string;
  currency: string;
  /** The very characters the shop sent, never a re-written date (A3). */
  expirationTime: string | null;
}

/** A3: plain SHA-256 of the parts without separators, the secret last. It is not an HMAC. */
export function integritySignature(input: IntegrityInput, integritySecret: string): string {
  const { reference, amountInCents, currency, expirationTime } = input;
  return sha256Hex(
    `${reference}${amountInCents}${currency}${expirationTime ?? ""}${integritySecret}`,
  );
}

export interface ChecksumInput {
  /** The `data` object of the event: property paths start inside it (A4). */
  data: unknown;
  properties: readonly string[];
  /** UNIX seconds. */
  timestamp: number;
}

/** A4: the values at `properties`, in that order, then the timestamp, then the events secret. */
export function eventChecksum(input: ChecksumInput, eventsSecret: string): string {
  const values = input.properties.map((path) => scalarAt(input.data, path)).join("");
  return sha256Hex(`${values}${input.timestamp}${eventsSecret}`);
}

function scalarAt(data: unknown, path: string): string {
  let value = data;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null) throw new Error(`No hay ${path} en el evento`);
    value = Reflect.get(value, key);
  }
  if (typeof value === "string" || typeof value === "number") return String(value);
  throw new Error(`No hay ${path} en el evento`);
}
