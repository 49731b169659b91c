// What units cost, said a second time: the area's price, changed by a stage, less a promotion's discount, given away cent by
// cent. Also tells the generator what a buyer may have been shown.

import type {
  OrderSoFar,
  Promotion,
  SaleStage,
} from "../../durable-objects/area-inventory/core/commands.ts";

export interface PlainTerms {
  stage: SaleStage | null;
  promotion: Promotion | null;
  order: OrderSoFar;
}

export interface PlainPrice {
  priceInCents: number;
  discountInCents: number;
}

/** Of each unit, in their order, without its fee. */
export function plainPrices(
  areaPriceInCents: number,
  quantity: number,
  { stage, promotion, order }: PlainTerms,
): PlainPrice[] {
  const priceInCents = stage === null ? areaPriceInCents : stagePrice(areaPriceInCents, stage);
  let leftInCents = promotion === null ? 0 : discount(promotion, { priceInCents, quantity, order });
  return Array.from({ length: quantity }, (_, index) => {
    const discountInCents = Math.ceil(leftInCents / (quantity - index));
    leftInCents -= discountInCents;
    return { priceInCents: priceInCents - discountInCents, discountInCents };
  });
}

function stagePrice(areaPriceInCents: number, { adjustment }: SaleStage): number {
  if (adjustment.kind === "fixed") return Math.max(0, areaPriceInCents + adjustment.inCents);
  // In whole ten-thousandths of a cent, so that a half is a half.
  const inParts = areaPriceInCents * (10_000 + adjustment.basisPoints);
  const below = inParts - mod(inParts, 10_000);
  const roundedParts = mod(inParts, 10_000) >= 5_000 ? below + 10_000 : below;
  return Math.max(0, roundedParts / 10_000);
}

/** From 0, whatever the sign. */
function mod(value: number, by: number): number {
  return ((value % by) + by) % by;
}

function discount(
  { promotionId, discount: rule }: Promotion,
  { priceInCents, quantity, order }: { priceInCents: number; quantity: number; order: OrderSoFar },
): number {
  const costInCents = priceInCents * quantity;
  let givenInCents = order.discounts === undefined ? order.discountInCents : 0;
  for (const given of order.discounts ?? [])
    if (given.promotionId === promotionId) givenInCents += given.inCents;
  let offInCents = 0;
  if (rule.kind === "percentage") {
    const inParts = costInCents * rule.basisPoints;
    offInCents = (inParts - (inParts % 10_000)) / 10_000;
    if (rule.inCentsMax !== null) offInCents = Math.min(offInCents, rule.inCentsMax - givenInCents);
  } else if (rule.kind === "fixed-per-unit") offInCents = rule.inCents * quantity;
  else offInCents = rule.inCents - givenInCents;
  return Math.min(Math.max(0, offInCents), costInCents);
}
