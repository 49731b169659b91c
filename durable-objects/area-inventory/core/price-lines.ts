// What priced units cost, line by line: the area's price, what the stage made of it, what the promotion took off, and the
// service fee. Derived from the prices that stand with each unit and from nothing else, so quote, hold, payment and report
// say the same of the same units. Rounds nothing: that was done when the units were priced (see price-units.ts).

import type { ReservedUnit } from "./records.ts";

/** What of a reservation's unit its price is made of. */
export type PricedUnit = Pick<
  ReservedUnit,
  "priceInCents" | "serviceInCents" | "baseInCents" | "stageId" | "promotionId" | "discountInCents"
>;

export interface PriceLine {
  kind: "base" | "stage" | "promotion" | "service";
  /** Of the stage or promotion; null: none. */
  labelId: string | null;
  /** Units it is for. */
  units: number;
  /** In minor units, of all these units; below zero it lowers the total. */
  amountInCents: number;
}

/**
 * In the order in which they apply; those of several stages or promotions as their units come. Their sum, in whatever order,
 * is `totalOf`. A stage or promotion has a line even when it changes nothing; a fee of nothing has none.
 */
export function linesOf(units: readonly PricedUnit[]): PriceLine[] {
  const lines = new Map<string, PriceLine>();
  for (const unit of units) {
    for (const part of partsOf(unit)) {
      const key = `${part.kind} ${part.labelId}`;
      // Added to 0, so that nothing off is 0 and not -0, which JSON does not know.
      const line = lines.get(key) ?? { ...part, units: 0, amountInCents: 0 };
      line.units += 1;
      line.amountInCents += part.amountInCents;
      lines.set(key, line);
    }
  }
  const all = [...lines.values()];
  return KINDS.flatMap((kind) => all.filter((line) => line.kind === kind));
}

/** What units cost together, with their fees. */
export function totalOf(
  units: readonly Pick<PricedUnit, "priceInCents" | "serviceInCents">[],
): number {
  return units.reduce((sum, unit) => sum + unit.priceInCents + unit.serviceInCents, 0);
}

const KINDS = ["base", "stage", "promotion", "service"] as const;

function partsOf(unit: PricedUnit): Omit<PriceLine, "units">[] {
  const { priceInCents, serviceInCents, discountInCents = 0, stageId, promotionId } = unit;
  const fullInCents = priceInCents + discountInCents;
  const baseInCents = unit.baseInCents ?? fullInCents;
  const parts: Omit<PriceLine, "units">[] = [
    { kind: "base", labelId: null, amountInCents: baseInCents },
    { kind: "stage", labelId: stageId ?? null, amountInCents: fullInCents - baseInCents },
    { kind: "promotion", labelId: promotionId ?? null, amountInCents: -discountInCents },
    { kind: "service", labelId: null, amountInCents: serviceInCents },
  ];
  return parts.filter(
    ({ kind, labelId, amountInCents }) =>
      kind === "base" || labelId !== null || amountInCents !== 0,
  );
}
