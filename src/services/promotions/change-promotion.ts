// An organizer changes a promotion. What is already held or sold keeps the discount it was given.

import { type Promotion, findPromotion, updatePromotion } from "../../db/promotions-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import { type Changes, withChanges } from "../../shared/with-changes.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";
import { type PromotionContent, promotionErrors } from "./promotion-errors.ts";

export interface ChangePromotionInput {
  promotionId: string;
  /** Not what it is for, nor its prefix: codes that begin with it are out already. */
  changes: Changes<Omit<PromotionContent, "codePrefix">>;
  expected: ExpectedVersions;
}

type ChangePromotionRefusal =
  | { code: "promotion_not_found" }
  | { code: "precondition_failed" }
  | { code: "promotion_code_taken" }
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "inventory_behind" };

/** The promotion with its changes; refused when they do not go together with what it is. */
export async function changePromotion(
  dependencies: Dependencies,
  actor: Actor,
  { promotionId, changes, expected }: ChangePromotionInput,
): Promise<Result<Promotion, ChangePromotionRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const known = await findPromotion(tenant, promotionId);
    if (known === null) return refused({ code: "promotion_not_found" });
    if (!isExpected(expected, known.version)) return refused({ code: "precondition_failed" });
    const promotion: Promotion = withChanges(known, changes);
    const errors = promotionErrors(promotion);
    if (errors.length > 0) return refused({ code: "validation_failed", errors });
    const saved = await updatePromotion(tenant, promotion);
    if ("lacks" in saved) {
      if (saved.lacks === "code") return refused({ code: "promotion_code_taken" });
      // Somebody else's change came in between: this one is made to what that left.
      continue;
    }
    const pushed = await pushAreas(dependencies, saved.areas);
    return pushed ? ok(saved.promotion) : refused({ code: "inventory_behind" });
  }
}
