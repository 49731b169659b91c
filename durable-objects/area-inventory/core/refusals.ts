// Every reason the inventory has to say no, and whether asking again may help.

/** Every reason the inventory has to say no. A refusal changes nothing. */
export type Refusal =
  | { code: "area_unknown" }
  | { code: "area_closed" }
  | { code: "sales_not_started"; startsAtMs: number }
  | { code: "sales_ended"; endedAtMs: number }
  | { code: "quantity_invalid"; max: number }
  | { code: "limit_reached"; limit: "reservation" | "buyer"; max: number; left: number }
  | { code: "stage_ended"; currentStageId: string | null }
  | { code: "stage_sold_out"; left: number }
  | { code: "promotion_not_applicable"; reason: PromotionReason }
  | { code: "promotion_used_up"; left: number }
  | { code: "price_changed"; totalInCents: number }
  | { code: "sold_out"; available: number }
  | { code: "not_together"; available: number }
  | {
      code: "units_taken";
      unitIds: readonly string[];
      /** As many free units, as near to the first one asked for as there are; null: there are not that many. */
      alternativeUnitIds: readonly string[] | null;
    }
  | { code: "units_unknown"; unitIds: readonly string[] }
  | { code: "units_conflict"; unitIds: readonly string[] }
  | { code: "command_reused" }
  | { code: "reservation_unknown" }
  | { code: "hold_expired" }
  | { code: "already_paid" }
  | { code: "refund_due" }
  | { code: "ticket_unknown" }
  | { code: "ticket_revoked" }
  | { code: "ticket_cancelled" }
  | { code: "not_inside" }
  | { code: "already_admitted"; admittedAtMs: number; gate: string }
  | { code: "not_restoring" }
  | { code: "command_failed" }
  /** Said by a Worker that does not know what a newer object said. */
  | { code: "service_updating" };

/** `other_area`: it is for another area of the event. */
export type PromotionReason = "unknown" | "not_yet" | "over" | "too_few_units" | "other_area";

export type RefusalCode = Refusal["code"];

export interface Refused {
  ok: false;
  refusal: Refusal;
}

/** Whether the very same request may succeed if it is sent again a little later. */
export const mayRetry: Record<RefusalCode, boolean> = {
  area_unknown: false,
  area_closed: true,
  sales_not_started: true,
  sales_ended: false,
  quantity_invalid: false,
  limit_reached: false,
  stage_ended: false,
  // Holds expire, and give the stage's units and the promotion's uses back.
  stage_sold_out: true,
  promotion_not_applicable: false,
  promotion_used_up: true,
  price_changed: false,
  // Holds expire, so what is sold out now may come back.
  sold_out: true,
  not_together: true,
  units_taken: true,
  units_unknown: false,
  units_conflict: false,
  command_reused: false,
  reservation_unknown: false,
  hold_expired: false,
  already_paid: false,
  refund_due: false,
  ticket_unknown: false,
  ticket_revoked: false,
  ticket_cancelled: false,
  not_inside: false,
  already_admitted: false,
  not_restoring: false,
  command_failed: true,
  service_updating: true,
};

/** A refusal as an outcome. */
export function refuse(refusal: Refusal): Refused {
  return { ok: false, refusal };
}
