// An organizer looks at the sale stages of an event.

import { type SaleStage, listSaleStages as listRows } from "../../db/sale-stages-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** In the order of their turns. */
export async function listSaleStages(
  { database }: Dependencies,
  actor: Actor,
  eventId: string,
): Promise<Result<SaleStage[], { code: "event_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const stages = await listRows(database.asTenant(profileId), eventId);
  return stages === null ? refused({ code: "event_not_found" }) : ok(stages);
}
