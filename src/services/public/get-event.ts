// One published event of a site, by its slug.

import { type PublicEvent, findPublicEvent } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getEvent(
  { database }: Dependencies,
  profileId: string,
  slug: string,
): Promise<Result<PublicEvent, { code: "event_not_found" }>> {
  const event = await findPublicEvent(database.asPublic(profileId), slug);
  return event === null ? refused({ code: "event_not_found" }) : ok(event);
}
