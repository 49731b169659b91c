// An organizer looks through the areas of an event.

import { type Area, listAreas as listRows } from "../../db/areas-repository.ts";
import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ListAreasInput extends PageRequest {
  eventId: string;
}

/** The event's areas, oldest first. */
export async function listAreas(
  { database }: Dependencies,
  actor: Actor,
  { eventId, ...page }: ListAreasInput,
): Promise<Result<CreatedPage<Area>, { code: "event_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const areas = await listRows(database.asTenant(profileId), eventId, page);
  return areas === null ? refused({ code: "event_not_found" }) : ok(areas);
}
