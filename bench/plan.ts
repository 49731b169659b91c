// How long and how large the bench is: in full, and quick enough to try it.

import type { Plan } from "./measure.ts";

export interface Sizes {
  plan: Plan;
  /** For the comparison with Postgres, which wants longer slices: tables grow as they are used. */
  longPlan: Plan;
  holdUnits: number;
  postgresUnits: number;
  largeUnits: number;
  smallUnits: number;
  smallAreas: number;
  namedUnits: number;
  purchaseUnits: number;
  soldTickets: number;
  /** Purchases whose rows are counted, one buyer at a time and at full load. */
  countedPurchases: number;
}

export const fullSizes: Sizes = {
  plan: { slices: 5, sliceMilliseconds: 3_000, warmUpMilliseconds: 2_000 },
  longPlan: { slices: 4, sliceMilliseconds: 5_000, warmUpMilliseconds: 1_000 },
  holdUnits: 120_000,
  postgresUnits: 200_000,
  largeUnits: 1_000_000,
  smallUnits: 1_000,
  smallAreas: 90,
  namedUnits: 120_000,
  purchaseUnits: 50_000,
  soldTickets: 50_000,
  countedPurchases: 200,
};

export const quickSizes: Sizes = {
  plan: { slices: 3, sliceMilliseconds: 1_000, warmUpMilliseconds: 500 },
  longPlan: { slices: 2, sliceMilliseconds: 2_000, warmUpMilliseconds: 500 },
  holdUnits: 40_000,
  postgresUnits: 50_000,
  largeUnits: 100_000,
  smallUnits: 1_000,
  smallAreas: 20,
  namedUnits: 40_000,
  purchaseUnits: 10_000,
  soldTickets: 10_000,
  countedPurchases: 50,
};
