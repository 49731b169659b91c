// Checks the signature of a Wompi event. It may not act on an event, nor believe any field the signature leaves out.
// Source: docs.wompi.co, "Eventos"; worked examples in test/fixtures/vectors.json. Wompi signs a plain SHA-256 of values
// put together without separators, so an event proves that Wompi spoke, not where one value ends: read it again.

import * as z from "zod";
import { sha256Hex } from "./integrity-signature.ts";

/** The envelope of an event, as lenient as the documentation is loose; unknown fields are dropped. */
export const wompiEventSchema = z.object({
  event: z.string(),
  data: z.unknown(),
  /** `test` or `prod`. Not signed. */
  environment: z.string().nullish(),
  /** UNIX seconds. Documented here; one page of the documentation shows it inside `signature`. */
  timestamp: z.int().nullish(),
  signature: z.object({
    /** Dotted paths inside `data`. They vary between events and over time. */
    properties: z.array(z.string()),
    checksum: z.string(),
    timestamp: z.int().nullish(),
  }),
});

export type WompiEvent = z.infer<typeof wompiEventSchema>;

export const transactionUpdated = "transaction.updated";

// Documented as signed. Without this rule one genuine event about anything could be rewritten into a payment.
const transactionProperties = [
  "transaction.id",
  "transaction.status",
  "transaction.amount_in_cents",
] as const;

/**
 * Whether the event carries Wompi's signature. `headerChecksum` is the header X-Event-Checksum; null when absent, which
 * is allowed since the body carries the same checksum.
 */
export async function isSignedByWompi(
  event: WompiEvent,
  headerChecksum: string | null,
  eventsSecret: string,
): Promise<boolean> {
  const { checksum } = event.signature;
  if (headerChecksum !== null && !equalChecksums(headerChecksum, checksum)) return false;
  const expected = await eventChecksum(event, eventsSecret);
  return expected !== null && equalChecksums(expected, checksum);
}

/** Lower-case hex; null when what the event says it signed cannot be a signature of it. */
export async function eventChecksum(
  event: WompiEvent,
  eventsSecret: string,
): Promise<string | null> {
  const { properties } = event.signature;
  const timestamp = event.timestamp ?? event.signature.timestamp ?? null;
  if (timestamp === null || properties.length === 0) return null;
  if (
    event.event === transactionUpdated &&
    !transactionProperties.every((path) => properties.includes(path))
  ) {
    return null;
  }
  const values: string[] = [];
  for (const path of properties) {
    const value = scalarAt(event.data, path);
    // Taking a missing value for an empty text, as some libraries do, lets a sender leave out what it signed.
    if (value === null) return null;
    values.push(value);
  }
  return sha256Hex(`${values.join("")}${timestamp}${eventsSecret}`);
}

/** Own properties only, so that `constructor` or `__proto__` find nothing; null when missing or not a scalar. */
function scalarAt(data: unknown, path: string): string | null {
  let value = data;
  for (const key of path.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return null;
    value = Reflect.get(value, key);
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : null;
}

/** Wompi prints checksums in both cases. Takes the same time wherever two texts of one length differ. */
function equalChecksums(left: string, right: string): boolean {
  const [leftText, rightText] = [left.toLowerCase(), right.toLowerCase()];
  let difference = leftText.length ^ rightText.length;
  for (let index = 0; index < leftText.length; index += 1) {
    // Past the end charCodeAt is NaN, which counts as 0 here; the lengths already differ then.
    difference |= leftText.charCodeAt(index) ^ rightText.charCodeAt(index);
  }
  return difference === 0;
}
