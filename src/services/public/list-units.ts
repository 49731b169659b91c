// The unit map of an area: which units are free, in order of sale. Kept in the edge cache by the route.

import type { UnitPage } from "../../../durable-objects/area-inventory/contract.ts";
import { hasPublicArea } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export interface PlaceInMap {
  slug: string;
  areaId: string;
  /** From 0. */
  page: number;
  pageUnits: number;
}

export async function listUnits(
  { database, inventory }: Dependencies,
  profileId: string,
  { slug, areaId, page, pageUnits }: PlaceInMap,
): Promise<Result<UnitPage & { nextPage: number | null }, { code: "area_not_found" }>> {
  const place = { slug, areaId };
  if (!(await hasPublicArea(database.asPublic(profileId), place)))
    return refused({ code: "area_not_found" });
  // Units are numbered from 0 without gaps. One more than asked for tells whether there is a next page.
  const [after, limit] = [page * pageUnits - 1, pageUnits + 1];
  const area = inventory.area(areaId);
  const { version, units } = (await area.unitPage(after, limit)) ?? {
    // An older object does not tell its version: with 0 the map counts as older than any change.
    version: 0,
    units: await area.unitStatuses(after, limit),
  };
  const nextPage = units.length > pageUnits ? page + 1 : null;
  return ok({ version, units: units.slice(0, pageUnits), nextPage });
}
