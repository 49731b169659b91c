// The price of units: the area's price, changed by the stage, less the promotion's discount; the service fee is beside it.
// Integer minor units. A stage's percentage is rounded half up, once per unit; a discount is rounded once for all units and
// then spread over them, the first ones taking what does not divide: no cent is lost.

import type {
  AreaSettings,
  OrderSoFar,
  PriceAdjustment,
  Promotion,
  ReservedUnit,
  SaleStage,
} from "./commands.ts";
import { discountOf } from "./promotion.ts";
import { reservationUnitId } from "./reservation-unit-id.ts";
import type { UnitRecord } from "./view.ts";

export interface PriceTerms {
  stage: SaleStage | null;
  promotion: Promotion | null;
  order: OrderSoFar;
}

/** Never below zero. */
function adjustPrice(priceInCents: number, adjustment: PriceAdjustment): number {
  const byInCents =
    adjustment.kind === "fixed"
      ? adjustment.inCents
      : Math.floor((priceInCents * adjustment.basisPoints) / 10_000 + 0.5);
  return Math.max(0, priceInCents + byInCents);
}

/** What each of `quantity` units costs without its fee, and what of it was taken off; in their order. */
export function pricesOf(
  baseInCents: number,
  quantity: number,
  { stage, promotion, order }: PriceTerms,
): { priceInCents: number; discountInCents: number }[] {
  const fullInCents = stage === null ? baseInCents : adjustPrice(baseInCents, stage.adjustment);
  const discountInCents =
    promotion === null ? 0 : discountOf(promotion, fullInCents, { quantity, order });
  const each = Math.floor(discountInCents / quantity);
  const rest = discountInCents - each * quantity;
  return Array.from({ length: quantity }, (_, index) => {
    const off = each + (index < rest ? 1 : 0);
    return { priceInCents: fullInCents - off, discountInCents: off };
  });
}

/** Units with the prices of this moment, numbered from `firstUnitIndex` within their reservation. */
export function priceUnits(
  settings: AreaSettings,
  units: readonly UnitRecord[],
  at: { reservationId: string; firstUnitIndex: number; terms: PriceTerms },
): ReservedUnit[] {
  const { stage, promotion } = at.terms;
  const isChanged = stage !== null || promotion !== null;
  const prices = isChanged ? pricesOf(settings.priceInCents, units.length, at.terms) : [];
  return units.map((unit, index) => {
    const { priceInCents, discountInCents } = prices[index] ?? settingsPrice(settings);
    return {
      reservationUnitId: reservationUnitId(at.reservationId, at.firstUnitIndex + index),
      unitId: unit.unitId,
      position: unit.position,
      label: unit.label,
      priceInCents,
      serviceInCents: settings.serviceInCents,
      ...(isChanged && { baseInCents: settings.priceInCents }),
      ...(stage !== null && { stageId: stage.stageId }),
      ...(promotion !== null && { promotionId: promotion.promotionId, discountInCents }),
    };
  });
}

function settingsPrice({ priceInCents }: AreaSettings) {
  return { priceInCents, discountInCents: 0 };
}
