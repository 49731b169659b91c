// Tells what differs from what is only on its way: whatever looks different is looked at again, a bounded number of times,
// until it holds still. Knows neither side.

import type { Difference } from "./difference.ts";

/** Before each look. A flush takes some tenths of a second. */
const PAUSES_MS = [0, 100, 200, 400, 800, 1_600];

export interface Look {
  /** What differs for certain. */
  differences: readonly Difference[];
  /** Ids of what was changing, or not yet told. */
  open: readonly string[];
}

export interface Settled {
  differences: Difference[];
  /** What did not hold still until the last look. */
  inFlight: readonly string[];
}

/** `look` is told whether it is the last: what is only slow must have arrived by then. */
export async function settle(
  ids: readonly string[],
  look: (ids: readonly string[], isLast: boolean) => Promise<Look>,
): Promise<Settled> {
  const differences: Difference[] = [];
  let open = ids;
  for (const [index, pauseMs] of PAUSES_MS.entries()) {
    if (open.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const seen = await look(open, index === PAUSES_MS.length - 1);
    differences.push(...seen.differences);
    open = seen.open;
  }
  return { differences, inFlight: open };
}
