// Every minute: the areas of events that the platform took out of sight (`clusters.shadowban`, set by hand in Postgres), or
// let back, are told. Readers see it at once, by row-level security; holds never ask Postgres, so they need the areas to know.

import {
  findEventsToHide,
  markHidingTold,
  raiseForHiding,
} from "../../db/event-turns-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

const EVENTS_MAX = 20;

/** One event that fails does not keep the others waiting; it is tried again with the next minute. */
export async function tellHiddenEvents(dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;
  for (const { eventId, profileId } of await findEventsToHide(database.asSystem(), EVENTS_MAX)) {
    try {
      const tenant = database.asTenant(profileId);
      const { isHidden, areas } = await raiseForHiding(tenant, eventId);
      // Those of a draft learn it when it is published.
      if (await pushAreas(dependencies, areas)) await markHidingTold(tenant, eventId, isHidden);
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      console.error("event not hidden", { eventId, reason });
    }
  }
}
