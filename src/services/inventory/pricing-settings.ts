// Stages and promotions as an area's object needs them. What is limited over several areas gets a pool of the same id.

import type {
  AreaSettings,
  Promotion,
  SaleStage,
} from "../../../durable-objects/area-inventory/contract.ts";
import type { Pricing, PromotionTerms, StageTerms } from "../../db/pricing-repository.ts";

/** Empty where the area's own price always holds. */
export function pricingSettings({
  stages,
  promotions,
}: Pricing): Pick<AreaSettings, "stages" | "promotions"> {
  return {
    ...(stages.length > 0 && { stages: stages.map(toStage) }),
    ...(promotions.length > 0 && { promotions: promotions.map(toPromotion) }),
  };
}

/** Whether the uses of a promotion are counted in a pool: its limits or codes are those of several areas together. */
export function needsPool(
  promotion: Pick<PromotionTerms, "areaId" | "usesMax" | "usesPerBuyerMax" | "codePrefix">,
): boolean {
  const { areaId, usesMax, usesPerBuyerMax, codePrefix } = promotion;
  // One-use codes are always in a pool: only there they are known.
  return codePrefix !== null || (areaId === null && (usesMax !== null || usesPerBuyerMax !== null));
}

function toStage({ stageId, areaId, adjustment, quantity, ...stage }: StageTerms): SaleStage {
  const isShared = areaId === null && quantity !== null;
  return {
    stageId,
    adjustment:
      adjustment.type === "percentage"
        ? { kind: "percentage", basisPoints: adjustment.value }
        : { kind: "fixed", inCents: adjustment.value },
    startsAtMs: stage.startsAt?.getTime() ?? null,
    endsAtMs: stage.endsAt?.getTime() ?? null,
    unitsMax: isShared ? null : quantity,
    ...(isShared && { poolId: stageId }),
  };
}

function toPromotion(promotion: PromotionTerms): Promotion {
  const { promotionId, codePrefix, discount, discountInCentsMax } = promotion;
  const isShared = needsPool(promotion);
  return {
    promotionId,
    code: promotion.code,
    ...(codePrefix !== null && { codePrefix }),
    discount: toDiscount(discount, discountInCentsMax),
    unitsMin: promotion.unitsMin,
    startsAtMs: promotion.startsAt?.getTime() ?? null,
    endsAtMs: promotion.endsAt?.getTime() ?? null,
    usesMax: isShared ? null : promotion.usesMax,
    usesPerBuyerMax: isShared ? null : promotion.usesPerBuyerMax,
    ...(isShared && { poolId: promotionId }),
  };
}

function toDiscount(
  { type, value, per }: PromotionTerms["discount"],
  inCentsMax: number | null,
): Promotion["discount"] {
  if (type === "percentage") return { kind: "percentage", basisPoints: value, inCentsMax };
  return per === "unit"
    ? { kind: "fixed-per-unit", inCents: value }
    : { kind: "fixed-per-order", inCents: value };
}
