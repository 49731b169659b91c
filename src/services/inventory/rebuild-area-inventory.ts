// Rebuilds an area's object from what it once told Postgres: units, then what was held and sold. Meanwhile it is marked as
// restoring and sells nothing; a rebuild that dies half-way is found by that mark and goes on.

import type {
  AreaSettings,
  ProjectedReservation,
} from "../../../durable-objects/area-inventory/contract.ts";
import type { Area } from "../../db/areas-repository.ts";
import { findReservationParts } from "../../db/reservation-parts-repository.ts";
import { findBlockedUnits } from "../../db/units-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { configureAreaInventory } from "./configure-area-inventory.ts";
import { loadUnits } from "./load-units.ts";
import { restoreBlocks } from "./restore-blocks.ts";

const PAGE_RESERVATIONS = 500;
const BEFORE_ALL = "00000000-0000-0000-0000-000000000000";

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
  await restore(dependencies, area, (part) => part.state === "sold");
  await restore(dependencies, area, (part) => part.state !== "sold");
  await restoreBlocks(dependencies, area);
}

async function hasHistory({ database }: Dependencies, area: Area): Promise<boolean> {
  const tenant = database.asTenant(area.profileId);
  const [parts, blocked] = await Promise.all([
    findReservationParts(tenant, area, { afterId: BEFORE_ALL, limit: 1 }),
    findBlockedUnits(tenant, area.areaId, { afterPosition: -1, limit: 1 }),
  ]);
  return parts.length > 0 || blocked.length > 0;
}

async function restore(
  { database, inventory }: Dependencies,
  area: Area,
  isWanted: (part: ProjectedReservation) => boolean,
): Promise<void> {
  const tenant = database.asTenant(area.profileId);
  let afterId = BEFORE_ALL;
  for (;;) {
    const page = await findReservationParts(tenant, area, { afterId, limit: PAGE_RESERVATIONS });
    const last = page.at(-1);
    if (last === undefined) return;
    const outcome = await inventory.area(area.areaId).restoreReservations({
      reservations: page.filter(isWanted).map(({ version: _version, ...part }) => part),
      sequenceAtLeast: Math.max(...page.map(({ version }) => version)),
    });
    if (!outcome.ok) {
      throw new Error(`the area's inventory cannot be rebuilt: ${outcome.refusal.code}`);
    }
    afterId = last.reservationId;
  }
}
