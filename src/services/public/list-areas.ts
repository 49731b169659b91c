// The areas of an event that anybody may see, with their prices and as they sell at this moment. The route keeps the answer in
// the edge cache, as it does the event's page.

import { findPublicEvent, listPublicAreas } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type AreaOnPage, withSales } from "./area-sales.ts";

export async function listAreas(
  { database, inventory }: Dependencies,
  profileId: string,
  slug: string,
): Promise<Result<AreaOnPage[], { code: "event_not_found" }>> {
  const scope = database.asPublic(profileId);
  const event = await findPublicEvent(scope, slug);
  if (event === null) return refused({ code: "event_not_found" });
  return ok(await withSales(inventory, await listPublicAreas(scope, event.eventId)));
}
