// Picks units for a buyer who named only a quantity. Pure; knows nothing of holds or prices.

import type { UnitRecord } from "./view.ts";

/** How many free units are looked at for a run of neighbours: a bound, so that a hold's cost has one too. */
export function candidatesFor(quantity: number): number {
  return quantity === 1 ? 1 : quantity * 8;
}

/**
 * The first `quantity` candidates that sit side by side in one row; without such a run, the first ones in order of
 * sale. `candidates` come in order of sale and are at least `quantity`.
 */
export function chooseBestAvailable(
  candidates: readonly UnitRecord[],
  quantity: number,
): readonly UnitRecord[] {
  let runStart = 0;
  for (const [index, unit] of candidates.entries()) {
    const previous = candidates[index - 1];
    if (previous !== undefined && !areNeighbours(previous, unit)) runStart = index;
    if (index - runStart + 1 === quantity) return candidates.slice(runStart, index + 1);
  }
  return candidates.slice(0, quantity);
}

function areNeighbours(left: UnitRecord, right: UnitRecord): boolean {
  return left.row === right.row && left.number + 1 === right.number;
}
