// An organizer adds an area to an event.

import { type Area, type NewArea, insertArea } from "../../db/areas-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tryToPush } from "../inventory/try-to-push.ts";

export type CreateAreaInput = Omit<NewArea, "areaId">;

type CreateAreaRefusal =
  | { code: "event_not_found" }
  | { code: "area_name_taken" }
  | { code: "inventory_behind" };

/** The new area, without units. In a published event it is open from the start. */
export async function createArea(
  dependencies: Dependencies,
  actor: Actor,
  input: CreateAreaInput,
): Promise<Result<Area, CreateAreaRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  try {
    const area = await insertArea(dependencies.database.asTenant(profileId), {
      ...input,
      areaId: crypto.randomUUID(),
    });
    if (area === null) return refused({ code: "event_not_found" });
    if (area.eventStatus !== "published") return ok(area);
    const pushed = await tryToPush(area.areaId, () => loadAreaInventory(dependencies, area));
    return pushed ? ok(area) : refused({ code: "inventory_behind" });
  } catch (error) {
    if (error instanceof UniqueViolation) return refused({ code: "area_name_taken" });
    throw error;
  }
}
