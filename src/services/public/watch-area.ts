// Lets anybody watch an area of an event live: as visible as its availability.

import { hasPublicArea } from "../../db/public-repository.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

/** Watchers come in thousands at once, and come back all at once: they do not all ask Postgres. */
const shown = createExpiringCache<true>({ keptMs: 1_000, entriesMax: 1_000 });

export interface WatchedPlace {
  slug: string;
  areaId: string;
  /** Of the organizer's public answers: what was visible in another one need not be any more. */
  generation: string;
}

export async function watchArea(
  { database, areaWatches, now }: Dependencies,
  profileId: string,
  place: WatchedPlace,
): Promise<Result<WebSocket, { code: "area_not_found" } | { code: "service_overloaded" }>> {
  const key = JSON.stringify([profileId, place]);
  const nowMs = now();
  if (shown.get(key, nowMs) === undefined) {
    if (!(await hasPublicArea(database.asPublic(profileId), place)))
      return refused({ code: "area_not_found" });
    shown.set(key, true, nowMs);
  }
  const connection = await areaWatches.join(place.areaId);
  if (connection === "unknown") return refused({ code: "area_not_found" });
  if (connection === "full") return refused({ code: "service_overloaded" });
  return ok(connection);
}
