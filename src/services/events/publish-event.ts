// An organizer puts an event on sale. Units come first: nothing is for sale before all of it is.
//
// The call may fail between any two steps and may be repeated: before the status changes nobody
// sees anything, and afterwards repeating it brings every area's object up to date with Postgres.

import { findAreasOfEvent } from "../../db/areas-repository.ts";
import type { Event } from "../../db/events-repository.ts";
import { findLegalInfo } from "../../db/legal-info-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tellAreas } from "../inventory/tell-areas.ts";
import { type LegalInfoRefusal, legalInfoRefusal } from "../legal-info/legal-info-refusal.ts";
import { missingLegalInfo } from "../legal-info/missing-legal-info.ts";
import { type EventMove, type MoveRefusal, moveEvent } from "./move-event.ts";

type PublishRefusal = { code: "event_ended" } | { code: "event_without_units" } | LegalInfoRefusal;

/** The published event, with every area open and loaded. */
export async function publishEvent(
  dependencies: Dependencies,
  actor: Actor,
  move: EventMove,
): Promise<Result<Event, MoveRefusal | PublishRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  const published = await moveEvent<PublishRefusal>(tenant, {
    ...move,
    to: "published",
    prepare: async (event) => {
      if (event.endsAt.getTime() <= dependencies.now()) return refused({ code: "event_ended" });
      const info = await findLegalInfo(tenant);
      const missing = missingLegalInfo(event, info);
      if (missing.length > 0) return refused(legalInfoRefusal(missing));

      const areas = await findAreasOfEvent(tenant, event.eventId);
      if (!areas.some((area) => area.capacity > 0)) return refused({ code: "event_without_units" });
      // One after the other: an area may have a hundred thousand units, and the memory is small.
      for (const area of areas) await loadAreaInventory(dependencies, area);
      return ok({ legalInfoId: info?.legalInfoId ?? null });
    },
  });
  if (!published.ok) return published;
  // Opens the areas, and loads what was added to them since they were loaded above.
  const { event, areas } = published.value;
  const areTold = await tellAreas(dependencies, areas, { togetherMax: 1 });
  return areTold ? ok(event) : refused({ code: "areas_untold" });
}
