// An organizer takes a sale stage away. What is already held or sold keeps the price it was given.

import { deactivateSaleStage, findSaleStage } from "../../db/sale-stages-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

type DeleteSaleStageRefusal = { code: "sale_stage_not_found" } | { code: "inventory_behind" };

export async function deleteSaleStage(
  dependencies: Dependencies,
  actor: Actor,
  stageId: string,
): Promise<Result<{ stageId: string }, DeleteSaleStageRefusal>> {
  const tenant = dependencies.database.asTenant(actor.profileId);
  const stage = await findSaleStage(tenant, stageId);
  const saved = stage && (await deactivateSaleStage(tenant, stage));
  if (saved === null) return refused({ code: "sale_stage_not_found" });
  const pushed = await pushAreas(dependencies, saved.areas);
  return pushed ? ok({ stageId }) : refused({ code: "inventory_behind" });
}
