// An organizer makes the units of an area, all at once.

import { type UnitBlock, insertUnits, unitsIn } from "../../db/units-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tryToPush } from "../inventory/try-to-push.ts";

const UNITS_MAX = 100_000;

export interface CreateUnitsInput {
  areaId: string;
  block: UnitBlock;
}

export interface CreatedUnits {
  created: number;
  /** Units the area has now. */
  capacity: number;
}

type CreateUnitsRefusal =
  | { code: "units_too_many"; max: number }
  | { code: "area_not_found" }
  | { code: "unit_labels_taken" }
  | { code: "inventory_behind" };

/** All units of the block, or none. On sale before the answer, if the event is published. */
export async function createUnits(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, block }: CreateUnitsInput,
): Promise<Result<CreatedUnits, CreateUnitsRefusal>> {
  const created = unitsIn(block);
  if (created > UNITS_MAX) return refused({ code: "units_too_many", max: UNITS_MAX });
  try {
    const area = await insertUnits(dependencies.database.asTenant(actor.profileId), areaId, block);
    if (area === null) return refused({ code: "area_not_found" });
    if (area.eventStatus === "published") {
      const pushed = await tryToPush(areaId, () => loadAreaInventory(dependencies, area));
      if (!pushed) return refused({ code: "inventory_behind" });
    }
    return ok({ created, capacity: area.capacity });
  } catch (error) {
    if (!(error instanceof UniqueViolation)) throw error;
    return refused({ code: "unit_labels_taken" });
  }
}
