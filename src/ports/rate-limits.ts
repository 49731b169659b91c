// How often somebody may ask for something, as the edge sees it.

/** What is limited, and by what it is told apart. Quotas are per minute. */
export type LimitName =
  | "sign-in-per-address"
  | "sign-in-per-identity"
  | "holds-per-address"
  | "holds-per-identity"
  | "scans-per-address"
  | "scans-per-identity"
  | "quotes-per-address";

export interface Counted {
  name: LimitName;
  /** How the quota is told to clients, as an item of `RateLimit-Policy`. */
  policy: string;
  isOver: boolean;
  /** Requests left in this window, after this one. */
  left: number;
  resetSeconds: number;
  /** Settles once more is known than this isolate knows; null when nothing more can be. `left` may be less then. */
  location: Promise<void> | null;
}

export interface RateLimits {
  /** Counts a request of somebody, named by the key; null for a limit that is off. */
  count(name: LimitName, key: string): Counted | null;
}
