// An organizer puts an event on sale. Units come first: nothing is for sale before all of it is.
//
// The call may fail between any two steps and may be repeated: before the status changes nobody
// sees anything, and afterwards repeating it brings every area's object up to date with Postgres.

import { findAreasOfEvent } from "../../db/areas-repository.ts";
import { type Event, changeEventStatus, findEvent } from "../../db/events-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";

type PublishRefusal =
  | { code: "event_not_found" }
  | { code: "event_ended" }
  | { code: "event_without_units" };

/** The published event, with every area open and loaded. */
export async function publishEvent(
  dependencies: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<Event, PublishRefusal>> {
  const tenant = dependencies.database.asTenant(actor.profileId);
  const draft = await findEvent(tenant, eventId);
  if (draft === null) return refused({ code: "event_not_found" });
  if (draft.endsAt.getTime() <= dependencies.now()) return refused({ code: "event_ended" });

  const areas = await findAreasOfEvent(tenant, eventId);
  if (!areas.some((area) => area.capacity > 0)) return refused({ code: "event_without_units" });
  // One after the other: an area may have a hundred thousand units, and the memory is small.
  for (const area of areas) await loadAreaInventory(dependencies, area);

  const published = await changeEventStatus(tenant, {
    eventId,
    from: ["draft", "postponed", "published"],
    to: "published",
  });
  if (published === null) return refused({ code: "event_not_found" });
  // Cancelled or finished: no way back.
  if (published.event.status !== "published") return refused({ code: "event_ended" });
  // Opens the areas, and loads what was added to them since they were loaded above.
  for (const area of published.areas) await loadAreaInventory(dependencies, area);
  return ok(published.event);
}
