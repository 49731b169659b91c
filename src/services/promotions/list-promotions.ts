// An organizer looks through their promotions.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type Promotion, listPromotions as listRows } from "../../db/promotions-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** Newest first. */
export function listPromotions(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<Promotion>> {
  const { profileId } = actor.authorize("catalog.read");
  return listRows(database.asTenant(profileId), page);
}
