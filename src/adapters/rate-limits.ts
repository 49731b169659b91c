// Limits by two counts: this isolate's own, which costs a look into a map and knows what is left, and that of Cloudflare's
// location, which knows all isolates there and answers yes or no only. The location is asked while the request goes on; its no
// closes the isolate's window, so that the next request is refused.

import type { Counted, LimitName, RateLimits } from "../ports/rate-limits.ts";
import { createWindowCounter } from "../shared/window-counter.ts";

/** The longer of the two windows the platform has. */
const WINDOW_SECONDS = 60;
/** A few megabytes at most. */
const KEYS_MAX = 10_000;

/** Cloudflare's binding; see [[ratelimits]] in wrangler.toml. */
interface LocationLimit {
  limit(options: { key: string }): Promise<{ success: boolean }>;
}

interface RateLimitSettings {
  /** Requests per minute; 0 is no limit. */
  quotas: Readonly<Record<LimitName, number>>;
  /** Null: this isolate's count is all there is. */
  locations: Readonly<Record<LimitName, LocationLimit>> | null;
  now: () => number;
}

export function createRateLimits({ quotas, locations, now }: RateLimitSettings): RateLimits {
  const windowMs = WINDOW_SECONDS * 1_000;
  const policies = policiesOf(quotas);
  const counter = createWindowCounter({ windowMs, keysMax: KEYS_MAX });
  return {
    count(name, key) {
      const quota = quotas[name];
      if (quota === 0) return null;
      const nowMs = now();
      const windowKey = `${name} ${key}`;
      const { count, untilMs } = counter.count(windowKey, nowMs);
      const counted: Counted = {
        name,
        policy: policies[name],
        isOver: count > quota,
        left: Math.max(0, quota - count),
        resetSeconds: Math.ceil((untilMs - nowMs) / 1_000),
        location: null,
      };
      // Who is refused already is not counted again: otherwise asking too soon would prolong it.
      if (locations !== null && !counted.isOver)
        counted.location = askLocation(locations[name], key, () => {
          counter.raise(windowKey, quota);
          counted.left = 0;
        });
      return counted;
    },
  };
}

function policiesOf(quotas: Readonly<Record<LimitName, number>>): Record<LimitName, string> {
  const policyOf = (name: LimitName) => `"${name}";q=${quotas[name]};w=${WINDOW_SECONDS}`;
  return {
    "sign-in-per-address": policyOf("sign-in-per-address"),
    "sign-in-per-identity": policyOf("sign-in-per-identity"),
    "holds-per-address": policyOf("holds-per-address"),
    "holds-per-identity": policyOf("holds-per-identity"),
    "scans-per-address": policyOf("scans-per-address"),
    "scans-per-identity": policyOf("scans-per-identity"),
    "quotes-per-address": policyOf("quotes-per-address"),
  };
}

async function askLocation(location: LocationLimit, key: string, close: () => void): Promise<void> {
  try {
    const { success } = await location.limit({ key });
    if (!success) close();
  } catch (error) {
    // A limit that cannot be asked stops nobody.
    console.error("rate limit not asked", {
      reason: error instanceof Error ? error.name : "unknown",
    });
  }
}
