// An organizer adds a sale stage to an event: a price for a time, or for so many units.

import {
  type NewSaleStage,
  type SaleStage,
  insertSaleStage,
} from "../../db/sale-stages-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";

/** Every area's object keeps those of its event in memory, and writes them with every batch. */
const STAGES_MAX = 50;

export type CreateSaleStageInput = Omit<NewSaleStage, "stageId">;

type CreateSaleStageRefusal =
  | { code: "event_not_found" }
  | { code: "area_not_found" }
  | { code: "sale_stages_too_many"; max: number }
  | { code: "inventory_behind" };

/** The new stage; buyers of a published event have it before the answer. */
export async function createSaleStage(
  dependencies: Dependencies,
  actor: Actor,
  input: CreateSaleStageInput,
): Promise<Result<SaleStage, CreateSaleStageRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  const stage = { ...input, stageId: crypto.randomUUID() };
  const saved = await insertSaleStage(tenant, stage, STAGES_MAX);
  if ("lacks" in saved) return refused(refusalOf(saved.lacks));
  const pushed = await pushAreas(dependencies, saved.areas);
  return pushed ? ok(saved.stage) : refused({ code: "inventory_behind" });
}

function refusalOf(lacks: "event" | "area" | "room"): CreateSaleStageRefusal {
  switch (lacks) {
    case "event":
      return { code: "event_not_found" };
    case "area":
      return { code: "area_not_found" };
    case "room":
      return { code: "sale_stages_too_many", max: STAGES_MAX };
    default:
      return lacks satisfies never;
  }
}
