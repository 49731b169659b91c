// An organizer takes an event off sale. What is held can still be paid; sold tickets stay valid.

import { type Event, changeEventStatus } from "../../db/events-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";

/** The event as a draft, its areas closed. Repeating it closes those an earlier call missed. */
export async function unpublishEvent(
  dependencies: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<Event, { code: "event_not_found" }>> {
  const tenant = dependencies.database.asTenant(actor.profileId);
  const unpublished = await changeEventStatus(tenant, {
    eventId,
    from: ["published", "draft"],
    to: "draft",
  });
  if (unpublished === null) return refused({ code: "event_not_found" });
  await Promise.all(unpublished.areas.map((area) => loadAreaInventory(dependencies, area)));
  return ok(unpublished.event);
}
