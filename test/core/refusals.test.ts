// Whether the very same request may succeed a little later: what a client is told with every refusal.

import { expect, test } from "vitest";
import { type RefusalCode, mayRetry } from "../../durable-objects/area-inventory/core/commands.ts";

/** Each with what may change by itself meanwhile. */
const passing: readonly [RefusalCode, string][] = [
  ["area_closed", "the event is published"],
  ["sales_not_started", "the sale begins"],
  ["stage_sold_out", "holds end"],
  ["promotion_used_up", "holds end"],
  ["sold_out", "holds end"],
  ["not_together", "holds end"],
  ["units_taken", "holds end"],
  ["command_failed", "the object runs the newer version"],
  ["service_updating", "the Worker runs the newer version"],
];

/** Each with what the caller must do instead. */
const lasting: readonly [RefusalCode, string][] = [
  ["area_unknown", "name another area"],
  ["sales_ended", "come to the next event"],
  ["quantity_invalid", "ask for one at least"],
  ["limit_reached", "ask for fewer"],
  ["stage_ended", "look at the price of now"],
  ["promotion_not_applicable", "use another code, or none"],
  ["price_changed", "agree to the new total"],
  ["units_unknown", "name other units"],
  ["units_conflict", "correct the units"],
  ["command_reused", "take a new id"],
  ["reservation_unknown", "hold first"],
  ["hold_expired", "hold again"],
  ["already_paid", "give the second payment back"],
  ["refund_due", "give the payment back"],
  ["ticket_unknown", "look at the ticket"],
  ["ticket_revoked", "ask for the newest code"],
  ["ticket_cancelled", "buy another"],
  ["not_inside", "come in first"],
  ["already_admitted", "look who came in"],
  ["not_restoring", "mark the area as restoring"],
];

test.each(passing)("%s may be retried: until then %s", (code) => {
  expect(mayRetry[code]).toBe(true);
});

test.each(lasting)("%s is the same again: %s", (code) => {
  expect(mayRetry[code]).toBe(false);
});

test("every refusal is one of both", () => {
  const codes = [...passing, ...lasting].map(([code]) => code);
  expect(codes.toSorted()).toEqual(Object.keys(mayRetry).toSorted());
});
