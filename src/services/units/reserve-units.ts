// An organizer keeps units back, for guests or for a sale elsewhere, until they are given back.

import type { HoldOutcome, Selection } from "../../../durable-objects/area-inventory/contract.ts";
import { findArea } from "../../db/areas-repository.ts";
import { derivedId } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { timeOrderedId } from "../../shared/time-ordered-id.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";

export interface ReserveUnitsInput {
  areaId: string;
  selection: Selection;
  idempotencyKey: string | null;
}

export async function reserveUnits(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, selection, idempotencyKey }: ReserveUnitsInput,
): Promise<Result<HoldOutcome, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const area = await findArea(dependencies.database.asTenant(profileId), areaId);
  if (area === null) return refused({ code: "area_not_found" });
  // The object of a draft's area knows no units yet.
  if (area.eventStatus !== "published") await loadAreaInventory(dependencies, area);
  const reservationId =
    idempotencyKey === null
      ? timeOrderedId(dependencies.now())
      : await derivedId(`reserve\n${areaId}\n${idempotencyKey}`);
  const outcome = await dependencies.inventory
    .area(areaId)
    .reserveUnits({ reservationId, selection });
  return outcome.ok ? ok(outcome) : refused(outcome.refusal);
}
