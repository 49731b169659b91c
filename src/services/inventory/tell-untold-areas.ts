// Every minute: areas whose event moved to another status, and whose objects have not acknowledged it, are told again. The
// Worker that moved it may have died, or an object may have been out of reach.

import { findArea, findUntoldAreas } from "../../db/areas-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { tellAreas } from "./tell-areas.ts";

const AREAS_MAX = 50;

/** One after the other: an area may have a hundred thousand units to load. One that fails is tried again with a later minute. */
export async function tellUntoldAreas(dependencies: Dependencies): Promise<void> {
  const { database } = dependencies;
  for (const { areaId, profileId } of await findUntoldAreas(database.asSystem(), AREAS_MAX)) {
    try {
      const area = await findArea(database.asTenant(profileId), areaId);
      if (area !== null) await tellAreas(dependencies, [area]);
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      console.error("area not told", { areaId, reason });
    }
  }
}
