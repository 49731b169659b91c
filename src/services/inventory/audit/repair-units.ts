// Repairs units of one page: the object tells Postgres their states again, or is given those it lacks.

import { loadAreaInventory } from "../load-area-inventory.ts";
import { tryToPush } from "../try-to-push.ts";
import type { Audit } from "./audit.ts";
import type { Difference } from "./difference.ts";

export async function repairUnits(
  { dependencies, area, object }: Audit,
  wanted: readonly Difference[],
): Promise<void> {
  if (wanted.some(({ remedy }) => remedy === "load_object"))
    await tryToPush(area.areaId, () => loadAreaInventory(dependencies, area));
  const unitIds = wanted
    .filter(({ remedy }) => remedy === "project_again")
    .flatMap(({ unitId }) => unitId ?? []);
  if (unitIds.length > 0) await object.projectAgain({ reservationIds: [], unitIds });
}
