// Rebuilds an area's object from what it once told Postgres: units, then what was held and sold. Meanwhile it is marked as
// restoring and sells nothing; a rebuild that dies half-way is found by that mark and goes on.

import type { AreaSettings } from "../../../durable-objects/area-inventory/contract.ts";
import type { Area } from "../../db/areas-repository.ts";
import { findBlockedUnits } from "../../db/units-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { configureAreaInventory } from "./configure-area-inventory.ts";
import { loadUnits } from "./load-units.ts";
import { restoreBlocks } from "./restore-blocks.ts";
import { hasParts, restoreParts } from "./restore-parts.ts";

/**
 * Does nothing for an area that never sold, held or blocked anything. `settings` are the area's real ones, which end the
 * rebuild when they come. Throws when the object cannot be reached.
 */
export async function rebuildAreaInventory(
  dependencies: Dependencies,
  area: Area,
  settings: AreaSettings,
): Promise<void> {
  if (!(await hasHistory(dependencies, area))) return;
  const restoring = { ...settings, isRestoring: true, version: settings.version - 1 };
  await configureAreaInventory(dependencies.inventory, area.areaId, restoring);
  await loadUnits(dependencies, area);
  // Sales first: what is left of a hold must not stand in the way of a ticket.
  await restoreParts(dependencies, area, (part) => part.state === "sold");
  await restoreParts(dependencies, area, (part) => part.state !== "sold");
  await restoreBlocks(dependencies, area);
}

async function hasHistory(dependencies: Dependencies, area: Area): Promise<boolean> {
  const tenant = dependencies.database.asTenant(area.profileId);
  const [sold, blocked] = await Promise.all([
    hasParts(dependencies, area),
    findBlockedUnits(tenant, area.areaId, { afterPosition: -1, limit: 1 }),
  ]);
  return sold || blocked.length > 0;
}
