// An organizer deletes an event that is not on sale and of which nothing was sold.

import { findAreasOfEvent } from "../../db/areas-repository.ts";
import { deactivateEvent } from "../../db/deletions-repository.ts";
import { findEvent } from "../../db/events-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Sales, findSales } from "../inventory/find-sales.ts";
import { makeSureClosed } from "../inventory/make-sure-closed.ts";

type DeleteEventRefusal =
  | { code: "event_not_found" }
  | { code: "precondition_failed" }
  | { code: "event_on_sale" }
  | ({ code: "event_has_sales" } & Sales);

/** All of it, or nothing. On sale it could be sold while it is being deleted: it has to be unpublished first. */
export async function deleteEvent(
  dependencies: Dependencies,
  actor: Actor,
  { eventId, expected }: { eventId: string; expected: ExpectedVersions },
): Promise<Result<{ eventId: string }, DeleteEventRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const event = await findEvent(tenant, eventId);
    if (event === null) return refused({ code: "event_not_found" });
    if (!isExpected(expected, event.version)) return refused({ code: "precondition_failed" });
    if (event.status === "published") return refused({ code: "event_on_sale" });

    const areas = await findAreasOfEvent(tenant, eventId);
    await makeSureClosed(dependencies, areas);
    const areaIds = areas.map(({ areaId }) => areaId);
    const sales = await findSales(dependencies, profileId, { eventId, areaIds });
    if (sales !== null) return refused({ code: "event_has_sales", ...sales });
    // False: it was changed in between, maybe published.
    if (await deactivateEvent(tenant, event)) return ok({ eventId });
  }
}
