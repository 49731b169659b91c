// An organizer takes a sale stage away. What is already held or sold keeps the price it was given.

import { deactivateSaleStage, findSaleStage } from "../../db/sale-stages-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

type DeleteSaleStageRefusal =
  | { code: "sale_stage_not_found" }
  | { code: "precondition_failed" }
  | { code: "inventory_behind" };

export async function deleteSaleStage(
  dependencies: Dependencies,
  actor: Actor,
  { stageId, expected }: { stageId: string; expected: ExpectedVersions },
): Promise<Result<{ stageId: string }, DeleteSaleStageRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const stage = await findSaleStage(tenant, stageId);
    if (stage === null) return refused({ code: "sale_stage_not_found" });
    if (!isExpected(expected, stage.version)) return refused({ code: "precondition_failed" });
    const saved = await deactivateSaleStage(tenant, stage);
    // Somebody else's change came in between.
    if (saved === null) continue;
    const pushed = await pushAreas(dependencies, saved.areas);
    return pushed ? ok({ stageId }) : refused({ code: "inventory_behind" });
  }
}
