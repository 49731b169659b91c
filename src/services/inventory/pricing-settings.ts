// Stages and promotions as an area's object needs them. What is limited over several areas gets a pool of the same id.

import type { AreaSettings } from "../../../durable-objects/area-inventory/contract.ts";
import type { Pricing } from "../../db/pricing-repository.ts";
import type { Promotion } from "../../db/promotions-repository.ts";
import type { SaleStage } from "../../db/sale-stages-repository.ts";

type PricingSettings = Pick<AreaSettings, "stages" | "promotions" | "otherCodes">;
type StageSettings = NonNullable<AreaSettings["stages"]>[number];
type PromotionSettings = NonNullable<AreaSettings["promotions"]>[number];

/** Empty where the area's own price always holds. */
export function pricingSettings({ stages, promotions, otherCodes }: Pricing): PricingSettings {
  return {
    ...(stages.length > 0 && { stages: stages.map(toStage) }),
    ...(promotions.length > 0 && { promotions: promotions.map(toPromotion) }),
    ...(otherCodes.length > 0 && { otherCodes: otherCodes.map(toOtherCode) }),
  };
}

/** Whether the units of a stage are counted in a pool: its quantity is that of several areas together. */
export function stageNeedsPool({ areaId, quantity }: SaleStage): boolean {
  return areaId === null && quantity !== null;
}

/** Whether the uses of a promotion are counted in a pool: its limits or codes are those of several areas together. */
export function promotionNeedsPool(promotion: Promotion): boolean {
  const { areaId, usesMax, usesPerBuyerMax, codePrefix } = promotion;
  // One-use codes are always in a pool: only there they are known.
  return codePrefix !== null || (areaId === null && (usesMax !== null || usesPerBuyerMax !== null));
}

/**
 * The settings without what is over: it leaves Postgres' side by itself, and the object's with the next change. Nor with the
 * codes of others, which come and go with time alike and set no price.
 */
export function withoutEnded<Settings extends PricingSettings>(
  { otherCodes: _others, ...settings }: Settings,
  nowMs: number,
): Omit<Settings, "otherCodes"> {
  const goesOn = ({ endsAtMs }: { endsAtMs: number | null }) =>
    endsAtMs === null || endsAtMs > nowMs;
  const stages = (settings.stages ?? []).filter(goesOn);
  const promotions = (settings.promotions ?? []).filter(goesOn);
  return {
    ...settings,
    ...(settings.stages !== undefined && { stages }),
    ...(settings.promotions !== undefined && { promotions }),
  };
}

function toStage(stage: SaleStage): StageSettings {
  const { stageId, name, adjustment, quantity } = stage;
  const isShared = stageNeedsPool(stage);
  return {
    stageId,
    name,
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

function toPromotion(promotion: Promotion): PromotionSettings {
  const { promotionId, codePrefix } = promotion;
  const isShared = promotionNeedsPool(promotion);
  return {
    promotionId,
    code: promotion.code,
    ...(codePrefix !== null && { codePrefix }),
    discount: toDiscount(promotion),
    unitsMin: promotion.unitsMin,
    startsAtMs: promotion.startsAt?.getTime() ?? null,
    endsAtMs: promotion.endsAt?.getTime() ?? null,
    usesMax: isShared ? null : promotion.usesMax,
    usesPerBuyerMax: isShared ? null : promotion.usesPerBuyerMax,
    ...(isShared && { poolId: promotionId }),
  };
}

function toOtherCode({
  code,
  codePrefix,
  isOver,
}: Pricing["otherCodes"][number]): NonNullable<AreaSettings["otherCodes"]>[number] {
  const reason = isOver ? "over" : "other_area";
  return { code, ...(codePrefix !== null && { codePrefix }), reason };
}

function toDiscount({
  discount: { type, value, per },
  discountInCentsMax: inCentsMax,
}: Promotion): PromotionSettings["discount"] {
  if (type === "percentage") return { kind: "percentage", basisPoints: value, inCentsMax };
  return per === "unit"
    ? { kind: "fixed-per-unit", inCents: value }
    : { kind: "fixed-per-order", inCents: value };
}
