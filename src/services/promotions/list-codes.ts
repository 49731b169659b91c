// An organizer looks through the one-use codes of a promotion.

import { findCodes } from "../../db/promotion-codes-repository.ts";
import { findPromotion } from "../../db/promotions-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ListCodesInput {
  promotionId: string;
  afterCode: string;
  limit: number;
}

export interface CodePage {
  codes: string[];
  /** After which the next page starts; null on the last one. */
  nextAfter: string | null;
}

/** In alphabetical order. */
export async function listCodes(
  { database }: Dependencies,
  actor: Actor,
  { promotionId, afterCode, limit }: ListCodesInput,
): Promise<Result<CodePage, { code: "promotion_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const tenant = database.asTenant(profileId);
  const [promotion, found] = await Promise.all([
    findPromotion(tenant, promotionId),
    findCodes(tenant, promotionId, { afterCode, limit: limit + 1 }),
  ]);
  if (promotion === null) return refused({ code: "promotion_not_found" });
  const codes = found.slice(0, limit);
  return ok({ codes, nextAfter: found.length > limit ? (codes.at(-1) ?? null) : null });
}
