// An organizer looks at one sale stage.

import { type SaleStage, findSaleStage } from "../../db/sale-stages-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getSaleStage(
  { database }: Dependencies,
  actor: Actor,
  stageId: string,
): Promise<Result<SaleStage, { code: "sale_stage_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const stage = await findSaleStage(database.asTenant(profileId), stageId);
  return stage === null ? refused({ code: "sale_stage_not_found" }) : ok(stage);
}
