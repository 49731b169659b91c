// An organizer takes units off sale or puts them back: all that are named, or none.

import { findArea } from "../../db/areas-repository.ts";
import { derivedId } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { loadAreaInventory } from "../inventory/load-area-inventory.ts";

export interface SetUnitsBlockedInput {
  areaId: string;
  unitIds: readonly string[];
  isBlocked: boolean;
  idempotencyKey: string | null;
}

/** How many units changed; Postgres has them before the answer, unless it is away. */
export async function setUnitsBlocked(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, unitIds, isBlocked, idempotencyKey }: SetUnitsBlockedInput,
): Promise<Result<{ changed: number }, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const area = await findArea(dependencies.database.asTenant(profileId), areaId);
  if (area === null) return refused({ code: "area_not_found" });
  // The object of a draft's area knows no units yet.
  if (area.eventStatus !== "published") await loadAreaInventory(dependencies, area);

  const commandId = await commandIdFor(areaId, idempotencyKey);
  const inventory = dependencies.inventory.area(areaId);
  const outcome = isBlocked
    ? await inventory.blockUnits({ commandId, unitIds })
    : await inventory.unblockUnits({ commandId, unitIds });
  if (!outcome.ok) return refused(outcome.refusal);
  return ok({ changed: "blocked" in outcome ? outcome.blocked : outcome.unblocked });
}

async function commandIdFor(areaId: string, idempotencyKey: string | null): Promise<string> {
  if (idempotencyKey === null) return crypto.randomUUID();
  return derivedId(`units\n${areaId}\n${idempotencyKey}`);
}
