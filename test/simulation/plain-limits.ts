// Limited quantities, said a second time: how much there is of each, and what of it is left. Has nothing from the product
// but the words of SPEC.md and the names under which the object stores its counts.

import type {
  AreaSettings,
  QuotaUse,
  Refusal,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { AreaModel } from "./area-model.ts";

export const keyOfStage = (stageId: string) => `stage:${stageId}`;
export const keyOfPromotion = (promotionId: string) => `promotion:${promotionId}`;
export const keyOfCode = (code: string) => `code:${code}`;
export const KEY_OF_POOL = "pool";

/** Whether a quantity is a buyer's share, and of whom. */
export function buyerOf(key: string): string | undefined {
  const [kind, first, second] = key.split(":");
  return kind === "buyer" ? first : second;
}

/** How much there is; infinite without a limit. */
export function limitOf(settings: AreaSettings, key: string): number {
  const [kind, id, buyerId] = key.split(":");
  const promotion = settings.promotions?.find((each) => each.promotionId === id);
  const limits: Record<string, number | null | undefined> = {
    stage: settings.stages?.find((each) => each.stageId === id)?.unitsMax,
    promotion: buyerId === undefined ? promotion?.usesMax : promotion?.usesPerBuyerMax,
    buyer: shareOf(settings),
    pool: settings.pool?.max,
    code: settings.pool?.usesPerCodeMax,
  };
  return limits[kind ?? ""] ?? Infinity;
}

/** Units, or parts of a pool, that one buyer may have. */
function shareOf({ pool, unitsPerBuyerMax }: AreaSettings): number | null | undefined {
  return pool === undefined ? unitsPerBuyerMax : pool.perBuyerMax;
}

export function leftOf(model: AreaModel, settings: AreaSettings, key: string): number {
  return Math.max(0, limitOf(settings, key) - (model.taken().get(key) ?? 0));
}

/** A buyer's shares of what is limited per buyer at this moment. */
export function sharesOf(
  settings: AreaSettings,
  buyerId: string | undefined,
  { promotionId, quantity }: { promotionId: string | undefined; quantity: number },
): QuotaUse[] {
  if (buyerId === undefined) return [];
  const shares: QuotaUse[] = [];
  if (promotionId !== undefined)
    shares.push({ key: `${keyOfPromotion(promotionId)}:${buyerId}`, quantity: 1 });
  shares.push({ key: `buyer:${buyerId}`, quantity });
  return shares.filter(({ key }) => limitOf(settings, key) < Infinity);
}

/** Why these cannot all be taken; null when they can. */
export function whyTooMuch(
  model: AreaModel,
  settings: AreaSettings,
  uses: readonly QuotaUse[],
): Refusal | null {
  for (const { key, quantity } of uses) {
    const left = leftOf(model, settings, key);
    if (quantity <= left) continue;
    if (buyerOf(key) !== undefined)
      return { code: "limit_reached", limit: "buyer", max: limitOf(settings, key), left };
    if (key === KEY_OF_POOL) return { code: "sold_out", available: left };
    return { code: key.startsWith("stage:") ? "stage_sold_out" : "promotion_used_up", left };
  }
  return null;
}
