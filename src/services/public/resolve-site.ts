// The organizer whose public site a request comes from. Kept for a short while per isolate. Decides only what is
// shown to everybody: private routes take the organizer from the session.

import { findSiteProfile } from "../../db/sites-repository.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

const KEPT_MS = 60_000;
const cache = createExpiringCache<string>({ keptMs: KEPT_MS, entriesMax: 1_000 });

/** `hosts` in order of preference: Origin, Referer, Host. */
export async function resolveSite(
  { database, settings, now }: Dependencies,
  hosts: readonly string[],
): Promise<Result<string, { code: "site_unknown" }>> {
  const candidates = settings.fallbackSite === null ? hosts : [...hosts, settings.fallbackSite];
  const key = candidates.join(" ");
  const nowMs = now();
  const profileId =
    cache.get(key, nowMs) ?? (await findSiteProfile(database.asSystem(), candidates));
  if (profileId === null) return refused({ code: "site_unknown" });
  cache.set(key, profileId, nowMs);
  return ok(profileId);
}
