// Whose site a page is of, by its Origin: decides whose pages may use a member's cookie. So nothing stands in for an unknown
// site here, not even while developing. Kept for a short while per isolate.

import { findSite } from "../../db/sites-repository.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import { isLocalSite } from "../../shared/local-site.ts";
import type { Dependencies } from "../dependencies.ts";

const limits = { keptMs: 60_000, entriesMax: 1_000 };
const known = createExpiringCache<string>(limits);
/** Apart from the known ones, so that made-up origins do not push those out. */
const strangers = createExpiringCache<true>(limits);

/** Null when it is no organizer's. */
export async function organizerOfOrigin(
  { database, settings, now }: Dependencies,
  origin: string,
): Promise<string | null> {
  const nowMs = now();
  const profileId = known.get(origin, nowMs);
  if (profileId !== undefined) return profileId;
  if (strangers.get(origin, nowMs) !== undefined) return null;
  const host = trustedHost(origin, settings.isDevelopment);
  const found = host === null ? null : await findSite(database.asSystem(), [host]);
  if (found === null) strangers.set(origin, true, nowMs);
  else known.set(origin, found.profileId, nowMs);
  return found?.profileId ?? null;
}

/** A page that came without TLS may be anybody's on the way. */
function trustedHost(origin: string, isDevelopment: boolean): string | null {
  if (!URL.canParse(origin)) return null;
  const url = new URL(origin);
  if (url.origin !== origin) return null;
  const isTrusted = url.protocol === "https:" || (isDevelopment && isLocalSite(url.host));
  return isTrusted ? url.host : null;
}
