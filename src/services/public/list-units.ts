// The unit map of an area: which units are free, in order of sale. Kept in the edge cache by the route.

import type { UnitStatus } from "../../../durable-objects/area-inventory/contract.ts";
import { hasPublicArea } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export interface UnitPage {
  slug: string;
  areaId: string;
  /** From 0. */
  page: number;
  pageUnits: number;
}

export async function listUnits(
  { database, inventory }: Dependencies,
  profileId: string,
  { slug, areaId, page, pageUnits }: UnitPage,
): Promise<Result<{ units: UnitStatus[]; nextPage: number | null }, { code: "area_not_found" }>> {
  const place = { slug, areaId };
  if (!(await hasPublicArea(database.asPublic(profileId), place)))
    return refused({ code: "area_not_found" });
  // Units are numbered from 0 without gaps. One more than asked for tells whether there is a next page.
  const found = await inventory.area(areaId).unitStatuses(page * pageUnits - 1, pageUnits + 1);
  const hasMore = found.length > pageUnits;
  return ok({ units: found.slice(0, pageUnits), nextPage: hasMore ? page + 1 : null });
}
