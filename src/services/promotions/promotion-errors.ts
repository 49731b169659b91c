// What cannot be together in a promotion, created or changed. Pure; single fields are checked where they come in.

import type { NewPromotion } from "../../db/promotions-repository.ts";
import type { FieldRule } from "../../shared/field-rules.ts";
import type { FieldError } from "../../shared/refusals.ts";

export type PromotionContent = Omit<NewPromotion, "promotionId" | "eventId" | "areaId">;

const rules: readonly {
  path: string;
  rule: FieldRule;
  isBroken: (promotion: PromotionContent) => boolean;
}[] = [
  {
    path: "body.ends_at",
    rule: "not_after_starts_at",
    isBroken: ({ startsAt, endsAt }) => startsAt !== null && endsAt !== null && endsAt <= startsAt,
  },
  {
    path: "body.code",
    rule: "given_with_code_prefix",
    isBroken: ({ code, codePrefix }) => code !== null && codePrefix !== null,
  },
  {
    path: "body.discount_in_cents_max",
    rule: "only_for_percentages",
    isBroken: ({ discount, discountInCentsMax }) =>
      discountInCentsMax !== null && discount.type !== "percentage",
  },
  {
    // Who buys is known with the payment, and nobody can decline what applies by itself: the buyer could not pay at all.
    path: "body.uses_per_buyer_max",
    rule: "needs_code",
    isBroken: ({ code, codePrefix, usesPerBuyerMax }) =>
      usesPerBuyerMax !== null && code === null && codePrefix === null,
  },
];

/** None when the promotion can be as it is. */
export function promotionErrors(promotion: PromotionContent): FieldError[] {
  return rules
    .filter(({ isBroken }) => isBroken(promotion))
    .map(({ path, rule }) => ({ path, rule }));
}
