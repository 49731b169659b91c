// Limits how often one address and one identity may sign in, hold and scan, and one address ask what an order costs, and tells
// clients what is left (draft-ietf-httpapi-ratelimit-headers). The request alone decides here, before anything of it is read or looked up.

import type { Context } from "hono";
import type { Counted, LimitName } from "../ports/rate-limits.ts";
import type { Refusal } from "../shared/refusals.ts";
import type { AppEnv } from "./app-env.ts";
import { clientNetwork } from "./client-address.ts";
import { readSessionCookie } from "./session-cookie.ts";

interface Limits {
  perAddress: LimitName;
  /** Where the identity is in the headers; elsewhere the route tells it, with `limitIdentity`. */
  perBearer: LimitName | null;
}

/** Routes by method and path. */
const limited: ReadonlyMap<string, Limits> = new Map([
  ["POST /v1/auth/magic-links", { perAddress: "sign-in-per-address", perBearer: null }],
  ["POST /v1/auth/sessions", { perAddress: "sign-in-per-address", perBearer: null }],
  ["POST /v1/reservations", { perAddress: "holds-per-address", perBearer: "holds-per-identity" }],
  ["POST /v1/public/quote", { perAddress: "quotes-per-address", perBearer: null }],
  ["POST /v1/public/promotions/validate", { perAddress: "quotes-per-address", perBearer: null }],
  ["POST /v1/qr/validate", { perAddress: "scans-per-address", perBearer: "scans-per-identity" }],
]);

/** Enough to tell tokens apart, and no more to remember. */
const BEARER_CHARACTERS = 64;

/** Null for a request that may go on. */
export function limitRequest(context: Context<AppEnv>): Refusal | null {
  const { method, path } = context.req;
  if (method !== "POST") return null;
  const limits = limited.get(`${method} ${path}`);
  if (limits === undefined) return null;
  const address = count(context, limits.perAddress, clientNetwork(context));
  if (address !== null || limits.perBearer === null) return address;
  return count(context, limits.perBearer, bearerOf(context));
}

/** The same for an identity that the request's body names. */
export function limitIdentity<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  name: LimitName,
  identity: string,
): Refusal | null {
  return count(context, name, identity);
}

/** Writes into the answer what was counted of its request. */
export async function tellLimits(context: Context<AppEnv>): Promise<void> {
  const counted = context.get("counted");
  if (counted === undefined) return;
  for (const { location } of counted) if (location !== null) await location;
  const { headers } = context.res;
  const policies = counted.map(({ policy }) => policy);
  headers.set("RateLimit-Policy", policies.join(", "));
  headers.set("RateLimit", counted.map(inWords).join(", "));
}

function inWords({ name, left, resetSeconds }: Counted): string {
  return `"${name}";r=${left};t=${resetSeconds}`;
}

function count<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  name: LimitName,
  key: string | null,
): Refusal | null {
  const counted = key === null ? null : context.get("dependencies").rateLimits.count(name, key);
  if (counted === null) return null;
  context.set("counted", [...(context.get("counted") ?? []), counted]);
  if (!counted.isOver) return null;
  return { code: "rate_limited", retry_after_seconds: counted.resetSeconds };
}

/** Who sends it is not known yet: a made-up one limits nobody but itself. */
function bearerOf(context: Context<AppEnv>): string | null {
  const text = context.req.header("authorization") ?? readSessionCookie(context) ?? null;
  return text === null ? null : text.slice(-BEARER_CHARACTERS);
}
