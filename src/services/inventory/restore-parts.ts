// Gives an object that is being rebuilt, of an area or a pool, its parts of reservations, as it once told them to Postgres.

import type { ProjectedReservation } from "../../../durable-objects/area-inventory/contract.ts";
import { type PartsPlace, findReservationParts } from "../../db/reservation-parts-repository.ts";
import type { Dependencies } from "../dependencies.ts";

const PAGE_RESERVATIONS = 500;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

export interface RestoredPlace extends PartsPlace {
  profileId: string;
}

export async function hasParts({ database }: Dependencies, place: RestoredPlace): Promise<boolean> {
  const first = { afterId: BEFORE_ALL, limit: 1 };
  const parts = await findReservationParts(database.asTenant(place.profileId), place, first);
  return parts.length > 0;
}

/** Throws when the object cannot be reached, or refuses. */
export async function restoreParts(
  { database, inventory }: Dependencies,
  place: RestoredPlace,
  isWanted: (part: ProjectedReservation) => boolean,
): Promise<void> {
  const tenant = database.asTenant(place.profileId);
  let afterId = BEFORE_ALL;
  for (;;) {
    const page = await findReservationParts(tenant, place, { afterId, limit: PAGE_RESERVATIONS });
    const last = page.at(-1);
    if (last === undefined) return;
    const outcome = await inventory.area(place.areaId).restoreReservations({
      reservations: page.filter(isWanted).map(({ version: _version, ...part }) => part),
      sequenceAtLeast: Math.max(...page.map(({ version }) => version)),
    });
    // Another caller rebuilt it at the same time, to the end.
    if (!outcome.ok && outcome.refusal.code === "not_restoring") return;
    if (!outcome.ok) throw new Error(`the inventory cannot be rebuilt: ${outcome.refusal.code}`);
    afterId = last.reservationId;
  }
}
