// How often something may go wrong for somebody, in the memory of one isolate: so many failures within a time, and so many
// attempts under way at once, whose end nobody knows yet. Whoever fails at nothing is never kept.

export interface AttemptBudget {
  /** Null: go ahead, and say with `end` how it went. Else after how many milliseconds to come back. */
  begin(key: string, nowMs: number): number | null;
  end(key: string, hasFailed: boolean): void;
}

interface Attempts {
  failed: number;
  underWay: number;
  untilMs: number;
}

export function createAttemptBudget(limits: {
  windowMs: number;
  failedMax: number;
  /** An attempt that is cut off counts as under way until its window ends. */
  underWayMax: number;
  keysMax: number;
}): AttemptBudget {
  const known = new Map<string, Attempts>();
  return {
    begin(key, nowMs) {
      const earlier = known.get(key);
      const isLiving = earlier !== undefined && earlier.untilMs > nowMs;
      const attempts = isLiving
        ? earlier
        : { failed: 0, underWay: 0, untilMs: nowMs + limits.windowMs };
      const { failed, underWay, untilMs } = attempts;
      if (failed >= limits.failedMax || failed + underWay >= limits.underWayMax)
        return untilMs - nowMs;
      attempts.underWay += 1;
      known.delete(key);
      known.set(key, attempts);
      // The one that was touched least lately goes first: a Map keeps the order of insertion.
      const oldest = known.keys().next();
      if (known.size > limits.keysMax && oldest.done !== true) known.delete(oldest.value);
      return null;
    },
    end(key, hasFailed) {
      const attempts = known.get(key);
      if (attempts === undefined) return;
      // The window may have ended meanwhile, and another have begun.
      attempts.underWay = Math.max(0, attempts.underWay - 1);
      if (hasFailed) attempts.failed += 1;
      if (attempts.failed + attempts.underWay === 0) known.delete(key);
    },
  };
}
