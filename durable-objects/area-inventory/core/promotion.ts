// Which promotion an area's part of an order gets, and what it takes off. It has at most one: that of the order's code, or the
// area's first that applies by itself.

import {
  type AreaSettings,
  type OrderSoFar,
  type OtherCode,
  type Promotion,
  type PromotionReason,
  type Refused,
  refuse,
} from "./commands.ts";
import { type Counts, leftOf, quotaKeys } from "./quotas.ts";
import { isOn } from "./sale-stage.ts";

export interface PromotionRequest {
  code: string | undefined;
  /** Of the whole order. */
  units: number;
  buyerId: string | undefined;
  /** Those whose pool has no use left. */
  promotionsFull: readonly string[];
}

/**
 * Null: none. A code that does not apply refuses the hold, so that nobody pays more than they thought; a promotion that
 * applies by itself refuses nobody: used up, it gives way to the next.
 */
export function choosePromotion(
  { view, settings, nowMs }: { view: Counts; settings: AreaSettings; nowMs: number },
  { code, units, buyerId, promotionsFull }: PromotionRequest,
): { promotion: Promotion | null } | Refused {
  const promotions = settings.promotions ?? [];
  if (code === undefined) {
    const isLeft = (key: string) => leftOf(view, settings, key) !== 0;
    const byItself = promotions.find(
      (promotion) =>
        isForAll(promotion) &&
        !promotionsFull.includes(promotion.promotionId) &&
        whyNot(promotion, { units, nowMs }) === null &&
        isLeft(quotaKeys.promotion(promotion.promotionId)) &&
        (buyerId === undefined || isLeft(quotaKeys.promotionBuyer(promotion.promotionId, buyerId))),
    );
    return { promotion: byItself ?? null };
  }
  const promotion = promotions.find((each) => standsFor(each, code));
  const reason = promotion
    ? whyNot(promotion, { units, nowMs })
    : (settings.otherCodes?.find((each) => standsFor(each, code))?.reason ?? "unknown");
  if (promotion === undefined || reason !== null)
    return refuse({ code: "promotion_not_applicable", reason: reason ?? "unknown" });
  return { promotion };
}

function isForAll({ code, codePrefix }: Promotion): boolean {
  return code === null && codePrefix === undefined;
}

function standsFor(meant: Pick<OtherCode, "code" | "codePrefix">, code: string): boolean {
  const { codePrefix } = meant;
  return codePrefix === undefined ? meant.code === code : code.startsWith(codePrefix);
}

function whyNot(
  promotion: Promotion,
  { units, nowMs }: { units: number; nowMs: number },
): PromotionReason | null {
  if (promotion.startsAtMs !== null && nowMs < promotion.startsAtMs) return "not_yet";
  if (!isOn(promotion, nowMs)) return "over";
  return units < promotion.unitsMin ? "too_few_units" : null;
}

/**
 * What the promotion takes off units that cost this much each, in minor units: never more than they cost. Rounded down, to
 * the organizer's favour, once for the whole part of the order. `order` tells what other areas' parts were given: what another
 * promotion gave there does not count, so the areas may come in any order.
 */
export function discountOf(
  { promotionId, discount }: Promotion,
  priceInCents: number,
  { quantity, order }: { quantity: number; order: OrderSoFar },
): number {
  const wholeInCents = priceInCents * quantity;
  const givenInCents = givenBy(promotionId, order);
  switch (discount.kind) {
    case "percentage": {
      const partInCents = Math.floor((wholeInCents * discount.basisPoints) / 10_000);
      const leftInCents = (discount.inCentsMax ?? Infinity) - givenInCents;
      return Math.max(0, Math.min(wholeInCents, partInCents, leftInCents));
    }
    case "fixed-per-unit":
      return Math.min(wholeInCents, discount.inCents * quantity);
    case "fixed-per-order":
      return Math.max(0, Math.min(wholeInCents, discount.inCents - givenInCents));
    default:
      return discount satisfies never;
  }
}

function givenBy(promotionId: string, { discounts, discountInCents }: OrderSoFar): number {
  if (discounts === undefined) return discountInCents;
  const given = discounts.filter((each) => each.promotionId === promotionId);
  return given.reduce((sum, { inCents }) => sum + inCents, 0);
}
