// The areas of an event that anybody may see, with their prices.

import { type PublicArea, findPublicEvent, listPublicAreas } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export async function listAreas(
  { database }: Dependencies,
  profileId: string,
  slug: string,
): Promise<Result<PublicArea[], { code: "event_not_found" }>> {
  const scope = database.asPublic(profileId);
  const event = await findPublicEvent(scope, slug);
  if (event === null) return refused({ code: "event_not_found" });
  return ok(await listPublicAreas(scope, event.eventId));
}
