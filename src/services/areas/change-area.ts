// An organizer changes an area. What is already held or sold keeps the price it was given, and how many people it admits:
// somebody may hold after the look at the sales and before the change, and their unit was for as many as they saw (INV85).

import { type Area, findArea, updateArea } from "../../db/areas-repository.ts";
import { UniqueViolation } from "../../ports/database.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type Changes, withChanges } from "../../shared/with-changes.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Sales, findSales } from "../inventory/find-sales.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";
import { tryToPush } from "../inventory/try-to-push.ts";
import { settledBySales } from "./settled-by-sales.ts";

type AreaContent = Pick<
  Area,
  | "name"
  | "description"
  | "priceInCents"
  | "serviceInCents"
  | "unitCapacity"
  | "nomenclatureLetter"
  | "unitsPerReservationMax"
  | "unitsPerBuyerMax"
  | "allowsReentry"
>;

export interface ChangeAreaInput {
  areaId: string;
  changes: Changes<AreaContent>;
  expected: ExpectedVersions;
}

type ChangeAreaRefusal =
  | { code: "area_not_found" }
  | { code: "precondition_failed" }
  | ({ code: "area_has_sales"; fields: readonly string[] } & Sales)
  | { code: "area_name_taken" }
  | { code: "inventory_behind" };

/** The area with all of its changes, or with none; on sale with them, if its event is published. */
export async function changeArea(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, changes, expected }: ChangeAreaInput,
): Promise<Result<Area, ChangeAreaRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const known = await findArea(tenant, areaId);
    if (known === null) return refused({ code: "area_not_found" });
    if (!isExpected(expected, known.version)) return refused({ code: "precondition_failed" });
    const wanted: Area = withChanges(known, changes);
    const fields = settledBySales(known, wanted);
    const place = { eventId: known.eventId, areaIds: [areaId] };
    const sales = fields.length > 0 ? await findSales(dependencies, profileId, place) : null;
    if (sales !== null) return refused({ code: "area_has_sales", fields, ...sales });

    const area = await save(() => updateArea(tenant, wanted));
    if (area === "name-taken") return refused({ code: "area_name_taken" });
    // Somebody else's change came in between: this one is made to what that left.
    if (area === null) continue;
    if (area.eventStatus !== "published") return ok(area);
    const pushed = await tryToPush(areaId, () => loadAreaInventory(dependencies, area));
    return pushed ? ok(area) : refused({ code: "inventory_behind" });
  }
}

async function save(update: () => Promise<Area | null>): Promise<Area | null | "name-taken"> {
  try {
    return await update();
  } catch (error) {
    if (error instanceof UniqueViolation) return "name-taken";
    throw error;
  }
}
