// An organizer looks through their events.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type Event, listEvents as listRows } from "../../db/events-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** The organizer's events, newest first. */
export function listEvents(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<Event>> {
  const { profileId } = actor.authorize("catalog.read");
  return listRows(database.asTenant(profileId), page);
}
