// Tells areas' objects what their event's new status is, and remembers which of them have acknowledged it.

import { type Area, markAreaTold } from "../../db/areas-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "./load-area-inventory.ts";
import { tryToPush } from "./try-to-push.ts";

const TOGETHER_MAX = 8;

/** Every area is tried, whichever others fail. False when one of them could not be told: the minute tells it again. */
export async function tellAreas(
  dependencies: Dependencies,
  areas: readonly Area[],
  { togetherMax = TOGETHER_MAX }: { togetherMax?: number } = {},
): Promise<boolean> {
  const tell = (area: Area) =>
    tryToPush(area.areaId, async () => {
      await loadAreaInventory(dependencies, area);
      await markAreaTold(dependencies.database.asTenant(area.profileId), area);
    });
  let areTold = true;
  for (let from = 0; from < areas.length; from += togetherMax) {
    const results = await Promise.all(areas.slice(from, from + togetherMax).map(tell));
    areTold &&= results.every(Boolean);
  }
  return areTold;
}
