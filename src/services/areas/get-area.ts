// An organizer looks at one area.

import { type Area, findArea } from "../../db/areas-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getArea(
  { database }: Dependencies,
  actor: Actor,
  areaId: string,
): Promise<Result<Area, { code: "area_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const area = await findArea(database.asTenant(profileId), areaId);
  return area === null ? refused({ code: "area_not_found" }) : ok(area);
}
