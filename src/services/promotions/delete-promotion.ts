// An organizer takes a promotion away. What is already held or sold keeps the discount it was given.

import { deactivatePromotion, findPromotion } from "../../db/promotions-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

type DeletePromotionRefusal = { code: "promotion_not_found" } | { code: "inventory_behind" };

export async function deletePromotion(
  dependencies: Dependencies,
  actor: Actor,
  promotionId: string,
): Promise<Result<{ promotionId: string }, DeletePromotionRefusal>> {
  const tenant = dependencies.database.asTenant(actor.profileId);
  const promotion = await findPromotion(tenant, promotionId);
  const saved = promotion && (await deactivatePromotion(tenant, promotion));
  if (saved === null) return refused({ code: "promotion_not_found" });
  const pushed = await pushAreas(dependencies, saved.areas);
  return pushed ? ok({ promotionId }) : refused({ code: "inventory_behind" });
}
