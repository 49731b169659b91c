// Which quantities of stages and promotions several areas share, and how much there is of each. Pure.

import type { PoolTerms } from "../../../durable-objects/area-inventory/contract.ts";
import type { Pricing } from "../../db/pricing-repository.ts";
import type { Promotion } from "../../db/promotions-repository.ts";
import type { SaleStage } from "../../db/sale-stages-repository.ts";
import { promotionNeedsPool, stageNeedsPool } from "./pricing-settings.ts";

export interface PoolDescription {
  /** The id of the stage or promotion. */
  poolId: string;
  profileId: string;
  /** Null when it is not known to be of one event. */
  eventId: string | null;
  version: number;
  terms: PoolTerms;
}

/** The pools that an area's prices depend on. */
export function poolsOf(profileId: string, { stages, promotions }: Pricing): PoolDescription[] {
  return [
    ...stages.filter(stageNeedsPool).map((stage) => poolOfStage(profileId, stage)),
    ...promotions
      .filter(promotionNeedsPool)
      .map((promotion) => poolOfPromotion(profileId, promotion)),
  ];
}

function poolOfStage(
  profileId: string,
  { stageId, eventId, version, quantity }: SaleStage,
): PoolDescription {
  const terms = { max: quantity, perBuyerMax: null, usesPerCodeMax: null };
  return { poolId: stageId, profileId, eventId, version, terms };
}

export function poolOfPromotion(
  profileId: string,
  { promotionId, eventId, version, usesMax, usesPerBuyerMax, codePrefix }: Promotion,
): PoolDescription {
  const usesPerCodeMax = codePrefix === null ? null : 1;
  const terms = { max: usesMax, perBuyerMax: usesPerBuyerMax, usesPerCodeMax };
  return { poolId: promotionId, profileId, eventId, version, terms };
}
