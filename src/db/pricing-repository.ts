// What sets the prices of an area: the sale stages and promotions that apply to it, of one moment. Reads only.

import type { DatabaseScope } from "../ports/database.ts";
import { type OtherCode, otherCodesOfArea, readOtherCodes } from "./other-codes-repository.ts";
import { type Promotion, promotionsOfArea, readPromotions } from "./promotions-repository.ts";
import { type SaleStage, readStages, stagesOfArea } from "./sale-stages-repository.ts";

export interface Pricing {
  /** In the order of their turns. */
  stages: SaleStage[];
  promotions: Promotion[];
  /** Codes that do not apply, for telling why. */
  otherCodes: OtherCode[];
}

/** Everything that applies to the area, now or later. */
export async function findPricing(
  tenant: DatabaseScope,
  area: { areaId: string; eventId: string },
): Promise<Pricing> {
  const [stages = [], promotions = [], otherCodes = []] = await tenant.transaction([
    stagesOfArea(area),
    promotionsOfArea(area),
    otherCodesOfArea(area),
  ]);
  return {
    stages: readStages(stages),
    promotions: readPromotions(promotions),
    otherCodes: readOtherCodes(otherCodes),
  };
}
