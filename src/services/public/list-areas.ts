// The areas of a published event with their prices of this moment. The route keeps the answer in the edge cache, so that
// readers never cost an object more than a read a second per location.

import type { CurrentPrice } from "../../../durable-objects/area-inventory/contract.ts";
import { type PublicArea, findPublicEvent, listPublicAreas } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { liveAvailability } from "./live-availability.ts";

/** `now`: null where the area's own price holds. */
export type PricedArea = PublicArea & { now: CurrentPrice | null };

export async function listAreas(
  { database, inventory }: Dependencies,
  profileId: string,
  slug: string,
): Promise<Result<PricedArea[], { code: "event_not_found" }>> {
  const scope = database.asPublic(profileId);
  const event = await findPublicEvent(scope, slug);
  if (event === null) return refused({ code: "event_not_found" });
  const areas = await listPublicAreas(scope, event.eventId);
  return ok(
    await Promise.all(
      areas.map(async (area) => {
        const availability = await liveAvailability(inventory, area.areaId);
        return { ...area, now: availability?.price ?? null };
      }),
    ),
  );
}
