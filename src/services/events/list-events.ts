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
  return listRows(database.asTenant(actor.profileId), page);
}
