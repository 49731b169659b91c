// Keeps codes from being found by trying: each address may be wrong about an event's codes a few times, then none of its codes
// is tried for a while, right or wrong. Counted by each isolate for itself, so this only slows a guesser down; what keeps
// one-use codes safe is their length (see create-codes.ts).

import { createAttemptBudget } from "../../shared/attempt-budget.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

/**
 * 180 an hour. A carrier's address is a whole network of buyers, some of whom mistype: 30 leave them ten in ten minutes who are
 * wrong three times each. The shortest code that can be given out, 3 of 38 characters, is one of 54,872: all of them take one
 * address twelve days without a pause, those of 4 characters more than a year, those of 6 nearly two thousand years. A one-use code's 65
 * bits are out of reach at any rate.
 */
const FAILED_MAX = 30;

const budget = createAttemptBudget({
  windowMs: 10 * 60_000,
  failedMax: FAILED_MAX,
  // Right codes are many at once where a whole office buys behind one address.
  underWayMax: 100,
  keysMax: 10_000,
});

export interface CodeAttempt {
  /** Undefined: nothing to guard. */
  code: string | undefined;
  /** Who tries, as far as anybody can tell. */
  address: string;
  eventId: string;
}

/** What `attempt` answers, or that its code is not tried. A code that nobody gave out counts as wrong, and nothing else. */
export async function guardCode<Value, Refused extends Refusal>(
  { now }: Pick<Dependencies, "now">,
  { code, address, eventId }: CodeAttempt,
  attempt: () => Promise<Result<Value, Refused>>,
): Promise<
  Result<Value, Refused | { code: "promotion_codes_limited"; retry_after_seconds: number }>
> {
  if (code === undefined) return attempt();
  const key = `${address} ${eventId}`;
  const waitMs = budget.begin(key, now());
  if (waitMs !== null) {
    const retry_after_seconds = Math.ceil(waitMs / 1_000);
    return refused({ code: "promotion_codes_limited", retry_after_seconds });
  }
  let isWrong = false;
  try {
    const result = await attempt();
    isWrong = !result.ok && isUnknownCode(result.refusal);
    return result;
  } finally {
    budget.end(key, isWrong);
  }
}

function isUnknownCode(refusal: Refusal): boolean {
  return refusal.code === "promotion_not_applicable" && refusal.reason === "unknown";
}
