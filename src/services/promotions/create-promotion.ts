// An organizer adds a promotion: a discount for a code, for one-use codes, or for everybody.

import {
  type NewPromotion,
  type Promotion,
  insertPromotion,
} from "../../db/promotions-repository.ts";
import type { FieldError } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { pushAreas } from "../inventory/push-areas.ts";
import { promotionErrors } from "./promotion-errors.ts";

/** Every area's object keeps those that apply to it in memory, and writes them with every batch. */
export const PROMOTIONS_MAX = 300;

export type CreatePromotionInput = Omit<NewPromotion, "promotionId">;

type CreatePromotionRefusal =
  | { code: "validation_failed"; errors: readonly FieldError[] }
  | { code: "event_not_found" }
  | { code: "area_not_found" }
  | { code: "promotion_code_taken" }
  | { code: "promotions_too_many"; max: number }
  | { code: "inventory_behind" };

/** The new promotion; buyers of published events have it before the answer. */
export async function createPromotion(
  dependencies: Dependencies,
  actor: Actor,
  input: CreatePromotionInput,
): Promise<Result<Promotion, CreatePromotionRefusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const errors = promotionErrors(input);
  if (errors.length > 0) return refused({ code: "validation_failed", errors });
  const tenant = dependencies.database.asTenant(profileId);
  const promotion = { ...input, promotionId: crypto.randomUUID() };
  const saved = await insertPromotion(tenant, promotion, PROMOTIONS_MAX);
  if ("lacks" in saved) return refused(refusalOf(saved.lacks));
  const pushed = await pushAreas(dependencies, saved.areas);
  return pushed ? ok(saved.promotion) : refused({ code: "inventory_behind" });
}

function refusalOf(lacks: "event" | "area" | "code" | "room"): CreatePromotionRefusal {
  switch (lacks) {
    case "event":
      return { code: "event_not_found" };
    case "area":
      return { code: "area_not_found" };
    case "code":
      return { code: "promotion_code_taken" };
    case "room":
      return { code: "promotions_too_many", max: PROMOTIONS_MAX };
    default:
      return lacks satisfies never;
  }
}
