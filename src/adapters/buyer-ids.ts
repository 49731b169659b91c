// Who a buyer is to the limits of an organizer: always the same id for the same document, which tells nobody the document.
// Keyed, since document numbers are few enough to try them all.

import type { BuyerIds } from "../ports/buyer-ids.ts";
import { toBase64url } from "../shared/base64url.ts";

const hmac = { name: "HMAC", hash: "SHA-256" } as const;

/** `secret`: that of the reservation tokens; what is signed here begins with a word that no token begins with. */
export function createBuyerIds(settings: { secret: string }): BuyerIds {
  if (settings.secret === "") throw new Error("the secret of the buyers' ids is empty");
  let memoized: ReturnType<typeof importKey> | undefined;
  return {
    async of(profileId, { documentType, documentNumber }) {
      memoized ??= importKey(settings.secret);
      const digits = documentNumber.replace(/[^\dA-Za-z]/g, "").toUpperCase();
      const text = ["buyer", profileId, documentType, digits].join("\n");
      const mac = await crypto.subtle.sign("HMAC", await memoized, new TextEncoder().encode(text));
      return toBase64url(new Uint8Array(mac).slice(0, ID_BYTES));
    },
  };
}

const ID_BYTES = 16;

function importKey(secret: string) {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), hmac, false, ["sign"]);
}
