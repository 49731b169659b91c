// An organizer changes a sale stage. What is already held or sold keeps the price it was given.

import { type SaleStage, findSaleStage, updateSaleStage } from "../../db/sale-stages-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type Changes, withChanges } from "../../shared/with-changes.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

type SaleStageContent = Pick<
  SaleStage,
  "name" | "adjustment" | "quantity" | "startsAt" | "endsAt" | "priority"
>;

export interface ChangeSaleStageInput {
  stageId: string;
  /** Not its areas: what was counted for one would not be known to the others. */
  changes: Changes<SaleStageContent>;
  expected: ExpectedVersions;
}

type ChangeSaleStageRefusal =
  | { code: "sale_stage_not_found" }
  | { code: "precondition_failed" }
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "inventory_behind" };

/** The stage with its changes; refused when it would then end before it starts. */
export async function changeSaleStage(
  dependencies: Dependencies,
  actor: Actor,
  { stageId, changes, expected }: ChangeSaleStageInput,
): Promise<Result<SaleStage, ChangeSaleStageRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const known = await findSaleStage(tenant, stageId);
    if (known === null) return refused({ code: "sale_stage_not_found" });
    if (!isExpected(expected, known.version)) return refused({ code: "precondition_failed" });
    const stage: SaleStage = withChanges(known, changes);
    if (stage.startsAt !== null && stage.endsAt !== null && stage.endsAt <= stage.startsAt) {
      const errors: FieldError[] = [{ path: "body.ends_at", rule: "not_after_starts_at" }];
      return refused({ code: "validation_failed", errors });
    }
    const saved = await updateSaleStage(tenant, stage);
    // Somebody else's change came in between: this one is made to what that left.
    if (saved === null) continue;
    const pushed = await pushAreas(dependencies, saved.areas);
    return pushed ? ok(saved.stage) : refused({ code: "inventory_behind" });
  }
}
