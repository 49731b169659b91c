// How much of an area is left and at what price. The route keeps the answer in the edge cache, so that readers never cost an
// object more than a read a second per location.

import type { Availability } from "../../../durable-objects/area-inventory/contract.ts";
import { hasPublicArea } from "../../db/public-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { liveAvailability } from "./live-availability.ts";

export async function getAvailability(
  { database, inventory }: Dependencies,
  profileId: string,
  place: { slug: string; areaId: string },
): Promise<Result<Availability, { code: "area_not_found" }>> {
  if (!(await hasPublicArea(database.asPublic(profileId), place)))
    return refused({ code: "area_not_found" });
  const availability = await liveAvailability(inventory, place.areaId);
  return availability === null ? refused({ code: "area_not_found" }) : ok(availability);
}
