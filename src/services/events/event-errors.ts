// What cannot be together in an event, created or changed. Pure; single fields are checked where they come in.

import type { NewEvent } from "../../db/events-repository.ts";
import type { FieldError } from "../../shared/refusals.ts";

type Times = Pick<NewEvent, "startsAt" | "endsAt" | "salesStartAt" | "salesEndAt">;

/** None when the event can be as it is. */
export function eventErrors({ startsAt, endsAt, salesStartAt, salesEndAt }: Times): FieldError[] {
  const errors: FieldError[] = [];
  if (endsAt <= startsAt) errors.push({ path: "body.ends_at", rule: "not_after_starts_at" });
  if (salesStartAt !== null && salesStartAt >= endsAt)
    errors.push({ path: "body.sales_start_at", rule: "not_before_ends_at" });
  if (salesStartAt !== null && salesEndAt !== null && salesEndAt <= salesStartAt)
    errors.push({ path: "body.sales_end_at", rule: "not_after_sales_start_at" });
  return errors;
}
