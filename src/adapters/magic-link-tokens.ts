// The token of a sign-in link: HMAC-SHA256 of the link's id. So it need not be kept anywhere to be mailed: a queue message
// names the link, and Postgres has the token's digest only.

import type { MagicLinkTokens } from "../ports/magic-link-tokens.ts";
import { toBase64url } from "../shared/base64url.ts";

const hmac = { name: "HMAC", hash: "SHA-256" } as const;

/** `secret`: that of the reservation tokens; what is signed here begins with a word of its own, as the buyers' ids do. */
export function createMagicLinkTokens(settings: { secret: string }): MagicLinkTokens {
  if (settings.secret === "") throw new Error("the secret of the sign-in links is empty");
  let memoized: ReturnType<typeof importKey> | undefined;
  return {
    async of(linkId) {
      memoized ??= importKey(settings.secret);
      const text = new TextEncoder().encode(`magic-link\n${linkId}`);
      return toBase64url(new Uint8Array(await crypto.subtle.sign("HMAC", await memoized, text)));
    },
  };
}

function importKey(secret: string) {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["sign"]);
}
