// One event of a site with all that its page shows: its areas as they sell at this moment, and its organizer. The
// route keeps the answer in the edge cache, so that readers cost an area's object a read in seconds per location.

import { type PublicPage, findPublicPage } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type AreaOnPage, withSales } from "./area-sales.ts";

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
  return ok({ ...page, areas: await withSales(inventory, page.areas) });
}
