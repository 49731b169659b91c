// An organizer looks at one promotion.

import { type Promotion, findPromotion } from "../../db/promotions-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getPromotion(
  { database }: Dependencies,
  actor: Actor,
  promotionId: string,
): Promise<Result<Promotion, { code: "promotion_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const promotion = await findPromotion(database.asTenant(profileId), promotionId);
  return promotion === null ? refused({ code: "promotion_not_found" }) : ok(promotion);
}
