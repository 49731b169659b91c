// One event of a site with all that its page shows: its areas as they sell at this moment, and its organizer. The
// route keeps the answer in the edge cache, so that readers cost an area's object a read in seconds per location.

import type { Availability, Inventory } from "../../../durable-objects/area-inventory/contract.ts";
import { type PublicArea, type PublicPage, findPublicPage } from "../../db/public-repository.ts";
import { InventoryOverloaded } from "../../ports/inventory.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { liveAvailability } from "./live-availability.ts";

export interface AreaOnPage extends PublicArea {
  /** Null while the area cannot say, or was never loaded. */
  sale: Availability | null;
}

export interface EventPage extends PublicPage {
  areas: AreaOnPage[];
}

export async function getEvent(
  { database, inventory }: Dependencies,
  profileId: string,
  slug: string,
): Promise<Result<EventPage, { code: "event_not_found" }>> {
  const page = await findPublicPage(database.asPublic(profileId), slug);
  if (page === null) return refused({ code: "event_not_found" });
  const areas = await Promise.all(
    page.areas.map(async (area) => ({ ...area, sale: await saleOf(inventory, area.areaId) })),
  );
  return ok({ ...page, areas });
}

/** In the busiest minute the page is shown without what an overloaded area would say. */
async function saleOf(inventory: Inventory, areaId: string): Promise<Availability | null> {
  try {
    return await liveAvailability(inventory, areaId);
  } catch (error) {
    if (error instanceof InventoryOverloaded) return null;
    throw error;
  }
}
