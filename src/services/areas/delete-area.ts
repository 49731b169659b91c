// An organizer deletes an area of which nothing was sold, of an event that is not on sale.

import { findArea } from "../../db/areas-repository.ts";
import { deactivateArea } from "../../db/deletions-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Sales, findSales } from "../inventory/find-sales.ts";
import { makeSureClosed } from "../inventory/make-sure-closed.ts";

type DeleteAreaRefusal =
  | { code: "area_not_found" }
  | { code: "precondition_failed" }
  | { code: "event_on_sale" }
  | ({ code: "area_has_sales" } & Sales);

/** With its units, and the stages and promotions that are for it alone; or nothing. */
export async function deleteArea(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, expected }: { areaId: string; expected: ExpectedVersions },
): Promise<Result<{ areaId: string }, DeleteAreaRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const area = await findArea(tenant, areaId);
    if (area === null) return refused({ code: "area_not_found" });
    if (!isExpected(expected, area.version)) return refused({ code: "precondition_failed" });
    // On sale it could be sold while it is being deleted.
    if (area.eventStatus === "published") return refused({ code: "event_on_sale" });

    await makeSureClosed(dependencies, [area]);
    const { eventId } = area;
    const sales = await findSales(dependencies, profileId, { eventId, areaIds: [areaId] });
    if (sales !== null) return refused({ code: "area_has_sales", ...sales });
    if (await deactivateArea(tenant, area)) return ok({ areaId });
  }
}
