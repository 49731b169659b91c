// An organizer looks at the images of an event.

import { type EventImage, listImages as readAll } from "../../db/images-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function listImages(
  { database }: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<EventImage[], { code: "event_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const images = await readAll(database.asTenant(profileId), eventId);
  return images === null ? refused({ code: "event_not_found" }) : ok(images);
}
