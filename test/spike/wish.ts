// What a buyer wants and how they will pay for it: by their place in the crowd and by the seed alone. Pure.

import type { Random } from "../crash/random.ts";

/** What a buyer does with a hold. */
export type Manner =
  | "pay"
  /** The card is declined first; then it is tried again, or the hold is given back or left. */
  | "pay, declined at first"
  /** The payer's bank approves after the hold has ended. */
  | "pay late"
  /** Two payments are started for the reservation, and both are paid. */
  | "pay two payments"
  /** One payment, paid in two windows of the gateway's checkout. */
  | "pay one payment twice"
  | "give back"
  | "leave"
  | "leave at the checkout";

export interface Wish {
  /** By the area's number in the event. */
  items: { area: number; quantity: number }[];
  /** Points at seats on the map instead of taking the best ones. */
  isNamed: boolean;
  manner: Manner;
  /** Refusals that may be retried which the buyer takes before leaving. */
  patience: number;
}

/** Dealt again and again, so that even a small crowd has somebody of every kind among its first. */
const MANNERS: readonly Manner[] = [
  ...["pay", "pay late", "give back", "pay", "pay two payments"],
  ...["pay", "leave", "pay", "pay, declined at first", "pay"],
  ...["pay", "leave at the checkout", "pay", "pay one payment twice", "pay"],
  ...["give back", "pay", "leave", "pay", "pay, declined at first"],
  ...["pay", "pay late", "pay", "give back", "pay"],
] as const;
const SEVERAL_AREAS = 0.15;
const NAMED = 0.1;
const QUANTITIES = [1, 1, 1, 2, 2, 3, 4] as const;
const PATIENCE = [0, 0, 0, 1, 1, 2, 3] as const;

/** `place` in the crowd, from 0. */
export function drawWish(random: Random, place: number, areas: number): Wish {
  const first = random.between(0, areas - 1);
  const isWide = areas > 1 && random.chance(SEVERAL_AREAS);
  const more = isWide ? random.between(1, Math.min(2, areas - 1)) : 0;
  return {
    items: Array.from({ length: 1 + more }, (_, index) => ({
      area: (first + index) % areas,
      quantity: random.pick(QUANTITIES),
    })),
    isNamed: random.chance(NAMED),
    manner: MANNERS[place % MANNERS.length] ?? "pay",
    patience: random.pick(PATIENCE),
  };
}
