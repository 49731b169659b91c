// The unit map of an area: which units are free, in order of sale. Kept in the edge cache by the route.

import type { UnitStatus } from "../../../durable-objects/area-inventory/contract.ts";
import { hasPublicArea } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export interface UnitPage {
  slug: string;
  areaId: string;
  /** -1 from the start. */
  afterPosition: number;
  limit: number;
}

export async function listUnits(
  { database, inventory }: Dependencies,
  profileId: string,
  page: UnitPage,
): Promise<Result<{ units: UnitStatus[]; nextPosition: number | null }, { code: "area_not_found" }>> {
  if (!(await hasPublicArea(database.asPublic(profileId), page))) return refused({ code: "area_not_found" });
  const found = await inventory.area(page.areaId).unitStatuses(page.afterPosition, page.limit + 1);
  const units = found.slice(0, page.limit);
  const nextPosition = found.length > page.limit ? (units.at(-1)?.position ?? null) : null;
  return ok({ units, nextPosition });
}
