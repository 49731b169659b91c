// An organizer gives back units that were kept back. Repeating it is harmless; what was sold meanwhile stays sold. A
// buyer's hold is not the organizer's to end.

import { findArea } from "../../db/areas-repository.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function returnUnits(
  { database, inventory }: Dependencies,
  actor: Actor,
  { areaId, reservationId }: { areaId: string; reservationId: string },
): Promise<Result<{ reservationId: string }, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const area = await findArea(database.asTenant(profileId), areaId);
  if (area === null) return refused({ code: "area_not_found" });
  const status = await inventory.area(areaId).reservationStatus(reservationId);
  if (status?.isOrganizers !== true) return refused({ code: "reservation_not_found" });
  const outcome = await inventory.area(areaId).releaseHold({ reservationId });
  return outcome.ok ? ok({ reservationId }) : refused(outcome.refusal);
}
