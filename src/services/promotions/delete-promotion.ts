// An organizer takes a promotion away. What is already held or sold keeps the discount it was given.

import { deactivatePromotion, findPromotion } from "../../db/promotions-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

type DeletePromotionRefusal =
  | { code: "promotion_not_found" }
  | { code: "precondition_failed" }
  | { code: "inventory_behind" };

export async function deletePromotion(
  dependencies: Dependencies,
  actor: Actor,
  { promotionId, expected }: { promotionId: string; expected: ExpectedVersions },
): Promise<Result<{ promotionId: string }, DeletePromotionRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  for (;;) {
    const promotion = await findPromotion(tenant, promotionId);
    if (promotion === null) return refused({ code: "promotion_not_found" });
    if (!isExpected(expected, promotion.version)) return refused({ code: "precondition_failed" });
    const saved = await deactivatePromotion(tenant, promotion);
    // Somebody else's change came in between.
    if (saved === null) continue;
    const pushed = await pushAreas(dependencies, saved.areas);
    return pushed ? ok({ promotionId }) : refused({ code: "inventory_behind" });
  }
}
