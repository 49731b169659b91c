// What a hold takes besides its units, decided a second time, from SPEC.md alone: its stage, its promotion, its share of
// limited quantities, and what it needs in pools.

import type {
  AreaSettings,
  PoolUse,
  Promotion,
  PromotionReason,
  QuotaUse,
  Refused,
  SaleStage,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { AreaModel } from "./area-model.ts";
import {
  KEY_OF_POOL,
  keyOfCode,
  keyOfPromotion,
  keyOfStage,
  leftOf,
  sharesOf,
  whyTooMuch,
} from "./plain-limits.ts";
import type { PlainTerms } from "./plain-prices.ts";
import { type Of, refused } from "./refused.ts";

export interface Agreed {
  price: PlainTerms;
  uses: QuotaUse[];
  pools: PoolUse[];
}

interface Moment {
  model: AreaModel;
  settings: AreaSettings;
  nowMs: number;
}

type Asked = Pick<Of<"place-hold">, "terms" | "stagesFull" | "promotionsFull">;

/** For this many units of an area. */
export function agreeForUnits(
  at: Moment,
  command: Of<"place-hold">,
  quantity: number,
): Agreed | Refused {
  const { model, settings } = at;
  const { buyerId, promotionCode } = command.terms ?? {};
  const stage = stageFor(at, command, quantity);
  if (stage !== null && "ok" in stage) return stage;
  const order = command.order ?? { units: quantity, discountInCents: 0 };
  const promotion = promotionFor(at, command, order.units);
  if (promotion !== null && "ok" in promotion) return promotion;

  const uses: QuotaUse[] = [];
  const pools: PoolUse[] = [];
  if (stage !== null) {
    uses.push({ key: keyOfStage(stage.stageId), quantity });
    if (stage.poolId !== undefined)
      pools.push({ poolId: stage.poolId, quantity, stageId: stage.stageId });
  }
  if (promotion !== null) {
    uses.push({ key: keyOfPromotion(promotion.promotionId), quantity: 1 });
    const code = promotionCode === undefined ? {} : { promotionCode };
    if (promotion.poolId !== undefined)
      pools.push({ poolId: promotion.poolId, quantity: 1, ...code });
  }
  const promotionId = promotion?.promotionId;
  uses.push(...sharesOf(settings, buyerId, { promotionId, quantity }));
  const tooMuch = whyTooMuch(model, settings, uses);
  if (tooMuch !== null) return refused(tooMuch);
  return { price: { stage, promotion, order }, uses, pools };
}

/** For a part of a pool. */
export function agreeForPool(
  { model, settings }: Moment,
  { terms = {} }: Of<"place-hold">,
  quantity: number,
): Agreed | Refused {
  const { promotionCode, buyerId } = terms;
  const uses: QuotaUse[] = [{ key: KEY_OF_POOL, quantity }];
  if ((settings.pool?.usesPerCodeMax ?? null) !== null) {
    if (promotionCode === undefined || !model.codes.has(promotionCode))
      return refused({ code: "promotion_not_applicable", reason: "unknown" });
    uses.push({ key: keyOfCode(promotionCode), quantity: 1 });
  }
  uses.push(...sharesOf(settings, buyerId, { promotionId: undefined, quantity }));
  const tooMuch = whyTooMuch(model, settings, uses);
  if (tooMuch !== null) return refused(tooMuch);
  const order = { units: quantity, discountInCents: 0 };
  return { price: { stage: null, promotion: null, order }, uses, pools: [] };
}

export function stageFor(
  { model, settings, nowMs }: Moment,
  { terms, stagesFull = [] }: Asked,
  quantity: number,
): SaleStage | null | Refused {
  const roomIn = ({ stageId }: SaleStage) =>
    stagesFull.includes(stageId) ? 0 : leftOf(model, settings, keyOfStage(stageId));
  const on = (settings.stages ?? []).filter((stage) => whenIs(stage, nowMs) === "on");
  const shownId = terms?.stageId;
  if (shownId === undefined) return on.find((stage) => roomIn(stage) >= quantity) ?? null;
  const shown = on.find(({ stageId }) => stageId === shownId);
  if (shown === undefined) {
    const current = on.find((stage) => roomIn(stage) > 0);
    return refused({ code: "stage_ended", currentStageId: current?.stageId ?? null });
  }
  const left = roomIn(shown);
  return left < quantity ? refused({ code: "stage_sold_out", left }) : shown;
}

export function promotionFor(
  { model, settings, nowMs }: Moment,
  { terms = {}, promotionsFull = [] }: Asked,
  units: number,
): Promotion | null | Refused {
  const { promotions = [] } = settings;
  const { promotionCode, buyerId } = terms;
  const problemOf = (promotion: Promotion): PromotionReason | null => {
    const when = whenIs(promotion, nowMs);
    if (when !== "on") return when;
    return units < promotion.unitsMin ? "too_few_units" : null;
  };
  if (promotionCode === undefined) {
    const hasUse = ({ promotionId }: Promotion) => {
      if (promotionsFull.includes(promotionId)) return false;
      const shares = sharesOf(settings, buyerId, { promotionId, quantity: 0 });
      return [keyOfPromotion(promotionId), ...shares.map(({ key }) => key)]
        .filter((key) => key.startsWith("promotion:"))
        .every((key) => leftOf(model, settings, key) > 0);
    };
    const forAll = promotions.filter((each) => each.code === null && each.codePrefix === undefined);
    return forAll.find((each) => problemOf(each) === null && hasUse(each)) ?? null;
  }
  const meant = promotions.find(({ code, codePrefix }) =>
    codePrefix === undefined ? code === promotionCode : promotionCode.startsWith(codePrefix),
  );
  const reason = meant === undefined ? elsewhere(settings, promotionCode) : problemOf(meant);
  if (meant !== undefined && reason === null) return meant;
  return refused({ code: "promotion_not_applicable", reason: reason ?? "unknown" });
}

/** What is known of a code that is none of the area's own. */
function elsewhere({ otherCodes = [] }: AreaSettings, asked: string): PromotionReason {
  for (const { code, codePrefix, reason } of otherCodes) {
    if (code === asked || (codePrefix !== undefined && asked.startsWith(codePrefix))) return reason;
  }
  return "unknown";
}

function whenIs(
  { startsAtMs, endsAtMs }: { startsAtMs: number | null; endsAtMs: number | null },
  nowMs: number,
): "not_yet" | "on" | "over" {
  if (startsAtMs !== null && nowMs < startsAtMs) return "not_yet";
  return endsAtMs !== null && nowMs >= endsAtMs ? "over" : "on";
}
