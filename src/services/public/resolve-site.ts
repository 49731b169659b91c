// The public site a request comes from, and its organizer. Kept for a short while per isolate. Decides only what is
// shown to everybody: private routes take the organizer from the session.

import { type Site, findSite } from "../../db/sites-repository.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

const KEPT_MS = 60_000;
const cache = createExpiringCache<Site>({ keptMs: KEPT_MS, entriesMax: 1_000 });

/** `hosts` in order of preference: Origin, Referer, Host. */
export async function resolveSite(
  { database, settings, now }: Dependencies,
  hosts: readonly string[],
): Promise<Result<Site, { code: "site_unknown" }>> {
  const candidates = settings.fallbackSite === null ? hosts : [...hosts, settings.fallbackSite];
  const key = candidates.join(" ");
  const nowMs = now();
  const site = cache.get(key, nowMs) ?? (await findSite(database.asSystem(), candidates));
  if (site === null) return refused({ code: "site_unknown" });
  cache.set(key, site, nowMs);
  return ok(site);
}
