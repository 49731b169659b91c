// Reservation tokens: HMAC-SHA256 over compact claims. Only this service reads them; to everybody else they are opaque.
//
//   R1.<claims>.<mac>   base64url; claims are JSON, the MAC is over the ASCII characters `R1.<claims>`

import * as z from "zod";
import type { ReservationClaims, ReservationTokens } from "../ports/tokens.ts";
import { fromBase64url, toBase64url } from "../shared/base64url.ts";

// One letter per claim: the token travels in headers and links.
const compactSchema = z.object({
  r: z.string(),
  p: z.string(),
  e: z.string(),
  a: z.array(z.string()),
  q: z.array(z.string()).default([]),
  x: z.number(),
});

const hmac = { name: "HMAC", hash: "SHA-256" } as const;

/** `secret`: at least 32 random characters. Throws when it is empty, as a token anybody can sign is worth nothing. */
export function createReservationTokens(settings: { secret: string }): ReservationTokens {
  if (settings.secret === "") throw new Error("the reservation token secret is empty");
  let memoized: ReturnType<typeof importKey> | undefined;
  const key = () => (memoized ??= importKey(settings.secret));

  return {
    async sign({ reservationId, profileId, eventId, areaIds, poolIds, expiresAtMs }) {
      const always = { r: reservationId, p: profileId, e: eventId, a: areaIds, x: expiresAtMs };
      const compact = poolIds.length === 0 ? always : { ...always, q: poolIds };
      const signed = `R1.${toBase64url(new TextEncoder().encode(JSON.stringify(compact)))}`;
      const mac = await crypto.subtle.sign("HMAC", await key(), new TextEncoder().encode(signed));
      return `${signed}.${toBase64url(new Uint8Array(mac))}`;
    },

    // Forged before expired: the expiry of a token that is not ours means nothing.
    async verify(token, nowMs) {
      const [, signed, claimsText, macText] = /^(R1\.([\w-]+))\.([\w-]{43})$/.exec(token) ?? [];
      if (signed === undefined || claimsText === undefined || macText === undefined)
        return "forged";
      const mac = fromBase64url(macText);
      if (mac === null) return "forged";
      // Compares in constant time.
      const isOurs = await crypto.subtle.verify(
        "HMAC",
        await key(),
        mac,
        new TextEncoder().encode(signed),
      );
      const claims = isOurs ? readClaims(claimsText) : null;
      if (claims === null) return "forged";
      return claims.expiresAtMs <= nowMs ? "expired" : claims;
    },
  };
}

function importKey(secret: string) {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, [
    "sign",
    "verify",
  ]);
}

/** Null for claims of a shape this version does not know, whoever signed them. */
function readClaims(claimsText: string): ReservationClaims | null {
  const bytes = fromBase64url(claimsText);
  if (bytes === null) return null;
  try {
    const { r, p, e, a, q, x } = compactSchema.parse(JSON.parse(new TextDecoder().decode(bytes)));
    return { reservationId: r, profileId: p, eventId: e, areaIds: a, poolIds: q, expiresAtMs: x };
  } catch {
    return null;
  }
}
