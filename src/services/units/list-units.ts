// An organizer looks through the units of an area.

import { findArea } from "../../db/areas-repository.ts";
import { type UnitRecord, findUnits } from "../../db/units-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ListUnitsInput {
  areaId: string;
  fromPosition: number;
  limit: number;
}

export interface UnitPage {
  units: UnitRecord[];
  /** Where the next page starts; null on the last one. */
  nextPosition: number | null;
}

/** The area's units in order of sale, as Postgres has them: a moment behind the sale. */
export async function listUnits(
  { database }: Dependencies,
  actor: Actor,
  { areaId, fromPosition, limit }: ListUnitsInput,
): Promise<Result<UnitPage, { code: "area_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const tenant = database.asTenant(profileId);
  const [area, found] = await Promise.all([
    findArea(tenant, areaId),
    findUnits(tenant, areaId, { fromPosition, limit: limit + 1 }),
  ]);
  if (area === null) return refused({ code: "area_not_found" });
  return ok({ units: found.slice(0, limit), nextPosition: found[limit]?.position ?? null });
}
