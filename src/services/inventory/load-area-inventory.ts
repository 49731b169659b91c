// Makes an area's object what Postgres says of the area: its settings, and every unit it lacks. May
// be repeated at any time and by several callers at once; that is how anything left half done is
// repaired. An object that knows nothing although Postgres knows of sales has lost its data: it is
// rebuilt first, so that nothing sold is ever for sale again. What it shares with others comes
// before it: nobody may hold what depends on a pool that is not there. An area that closes waits for nothing.

import type { Area } from "../../db/areas-repository.ts";
import { findPricing } from "../../db/pricing-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { configureAreaInventory, settingsOf } from "./configure-area-inventory.ts";
import { loadPool } from "./load-pool.ts";
import { loadUnits } from "./load-units.ts";
import { poolsOf } from "./pools.ts";
import { rebuildAreaInventory } from "./rebuild-area-inventory.ts";

/** Resolves once the object is up to date; throws when it cannot be reached. `tell` hears how many units it has. */
export async function loadAreaInventory(
  dependencies: Dependencies,
  area: Area,
  tell?: (units: number) => void,
): Promise<void> {
  const known = await dependencies.inventory.area(area.areaId).availability();
  const isIncomplete = known === null || known.settings.isRestoring === true;
  // After the area, so that a newer version never comes with older prices.
  const pricing = await findPricing(dependencies.database.asTenant(area.profileId), area);
  const settings = settingsOf(area, pricing);
  // A pool that cannot be reached must not keep an area open.
  if (!settings.isOpen && !isIncomplete)
    await configureAreaInventory(dependencies.inventory, area.areaId, settings);
  for (const pool of poolsOf(area.profileId, pricing)) await loadPool(dependencies, pool);
  if (isIncomplete) await rebuildAreaInventory(dependencies, area, settings);
  await configureAreaInventory(dependencies.inventory, area.areaId, settings);
  await loadUnits(dependencies, area, tell);
}
