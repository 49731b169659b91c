// An organizer looks at one of their events.

import { type Event, findEvent } from "../../db/events-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getEvent(
  { database }: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<Event, { code: "event_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const event = await findEvent(database.asTenant(profileId), eventId);
  return event === null ? refused({ code: "event_not_found" }) : ok(event);
}
