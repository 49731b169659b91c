// What a hold takes besides units: the stage and the promotion that set its price, its share of limited quantities, and
// what it needs in pools.

import {
  type AreaSettings,
  type Commands,
  type HoldTerms,
  type PoolUse,
  type QuotaUse,
  type Refusal,
  type Refused,
  refuse,
} from "./commands.ts";
import type { PriceTerms } from "./price-units.ts";
import { choosePromotion } from "./promotion.ts";
import { findOveruse, quotaKeys } from "./quotas.ts";
import { chooseStage } from "./sale-stage.ts";
import type { View } from "./view.ts";

export interface AgreedTerms {
  price: PriceTerms;
  uses: QuotaUse[];
  pools: PoolUse[];
}

type PlaceHold = Commands["place-hold"];

/** Of units in an area. */
export function agreeTerms(
  at: { view: View; settings: AreaSettings; nowMs: number },
  { terms = {}, order, stagesFull = [], promotionsFull = [] }: PlaceHold,
  quantity: number,
): AgreedTerms | Refused {
  const { view, settings } = at;
  const whole = order ?? { units: quantity, discountInCents: 0 };
  const { buyerId, stageId, promotionCode: code } = terms;
  const staged = chooseStage(at, { quantity, stageId, stagesFull });
  if ("ok" in staged) return staged;
  const promoted = choosePromotion(at, { code, units: whole.units, buyerId, promotionsFull });
  if ("ok" in promoted) return promoted;
  const price: PriceTerms = { ...staged, ...promoted, order: whole };
  const uses = usesOf(settings, price, { buyerId, quantity });
  const over = findOveruse(view, settings, uses);
  if (over !== null) return refuse(overuseOf(over));
  return { price, uses, pools: poolsOf(price, { code, quantity }) };
}

/** Of a part of a pool. */
export function agreePoolTerms(
  view: View,
  settings: AreaSettings,
  { quantity, terms = {} }: { quantity: number; terms: HoldTerms | undefined },
): AgreedTerms | Refused {
  const { promotionCode: code, buyerId } = terms;
  const needsCode = (settings.pool?.usesPerCodeMax ?? null) !== null;
  if (needsCode && (code === undefined || view.taken(quotaKeys.code(code)) === null))
    return refuse({ code: "promotion_not_applicable", reason: "unknown" });
  const uses = [
    { key: quotaKeys.pool, quantity },
    ...(needsCode && code !== undefined ? [{ key: quotaKeys.code(code), quantity: 1 }] : []),
    ...buyerUses(settings, { buyerId, quantity }),
  ];
  const over = findOveruse(view, settings, uses);
  if (over !== null) return refuse(overuseOf(over));
  const order = { units: quantity, discountInCents: 0 };
  return { price: { stage: null, promotion: null, order }, uses, pools: [] };
}

/** What counts against the limits per buyer. A limit that is set later counts from then on. */
export function buyerUses(
  settings: AreaSettings,
  { buyerId, quantity }: { buyerId: string | undefined; quantity: number },
): QuotaUse[] {
  const max = settings.pool === undefined ? settings.unitsPerBuyerMax : settings.pool.perBuyerMax;
  if (buyerId === undefined || max === undefined || max === null) return [];
  return [{ key: quotaKeys.buyer(buyerId), quantity }];
}

/** As `buyerUses`, of the promotion a hold has. */
export function promotionBuyerUses(
  settings: AreaSettings,
  promotionId: string,
  buyerId: string | undefined,
): QuotaUse[] {
  const promotion = settings.promotions?.find((each) => each.promotionId === promotionId);
  if (buyerId === undefined || (promotion?.usesPerBuyerMax ?? null) === null) return [];
  return [{ key: quotaKeys.promotionBuyer(promotionId, buyerId), quantity: 1 }];
}

export function overuseOf({ key, left, max }: { key: string; left: number; max: number }): Refusal {
  const [kind, , buyerId] = key.split(":");
  if (kind === "buyer" || (kind === "promotion" && buyerId !== undefined))
    return { code: "limit_reached", limit: "buyer", max, left };
  if (kind === "pool") return { code: "sold_out", available: left };
  return kind === "stage" ? { code: "stage_sold_out", left } : { code: "promotion_used_up", left };
}

// Stages and promotions are counted even without a limit: one may be set later.
function usesOf(
  settings: AreaSettings,
  { stage, promotion }: PriceTerms,
  buyer: { buyerId: string | undefined; quantity: number },
): QuotaUse[] {
  const { quantity } = buyer;
  return [
    ...(stage === null ? [] : [{ key: quotaKeys.stage(stage.stageId), quantity }]),
    ...(promotion === null
      ? []
      : [
          { key: quotaKeys.promotion(promotion.promotionId), quantity: 1 },
          ...promotionBuyerUses(settings, promotion.promotionId, buyer.buyerId),
        ]),
    ...buyerUses(settings, buyer),
  ];
}

function poolsOf(
  { stage, promotion }: PriceTerms,
  { code, quantity }: { code: string | undefined; quantity: number },
): PoolUse[] {
  const pools: PoolUse[] = [];
  if (stage?.poolId !== undefined)
    pools.push({ poolId: stage.poolId, quantity, stageId: stage.stageId });
  if (promotion?.poolId !== undefined)
    pools.push({
      poolId: promotion.poolId,
      quantity: 1,
      ...(code !== undefined && { promotionCode: code }),
    });
  return pools;
}
