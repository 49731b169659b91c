// An organizer changes an area. What is already held or sold keeps the price it was given.

import { type Area, type AreaChanges, updateArea } from "../../db/areas-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tryToPush } from "../inventory/try-to-push.ts";

export interface ChangeAreaInput {
  areaId: string;
  changes: AreaChanges;
}

type ChangeAreaRefusal =
  | { code: "area_not_found" }
  | { code: "area_name_taken" }
  | { code: "inventory_behind" };

/** The area with its changes; on sale with them, if its event is published. */
export async function changeArea(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, changes }: ChangeAreaInput,
): Promise<Result<Area, ChangeAreaRefusal>> {
  try {
    const area = await updateArea(dependencies.database.asTenant(actor.profileId), areaId, changes);
    if (area === null) return refused({ code: "area_not_found" });
    if (area.eventStatus !== "published") return ok(area);
    const pushed = await tryToPush(areaId, () => loadAreaInventory(dependencies, area));
    return pushed ? ok(area) : refused({ code: "inventory_behind" });
  } catch (error) {
    if (error instanceof UniqueViolation) return refused({ code: "area_name_taken" });
    throw error;
  }
}
