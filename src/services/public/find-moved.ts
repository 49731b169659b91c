// Where the event is that had this slug before.

import { findSlugOfToday } from "../../db/event-slugs-repository.ts";
import type { Dependencies } from "../dependencies.ts";

/** Its slug of today; null when no event that anybody may see had it. */
export function findMoved(
  { database }: Dependencies,
  profileId: string,
  formerSlug: string,
): Promise<string | null> {
  return findSlugOfToday(database.asPublic(profileId), formerSlug);
}
