// Settles what differs on a page, has it repaired where that is wanted and possible, and looks again: only what is no longer
// different counts as repaired.

import { type Difference, type FoundDifference, keyOf } from "./difference.ts";
import { type RepairMode, mayApply } from "./remedy.ts";
import { type Look, settle } from "./settle.ts";

export interface Subjects {
  mode: RepairMode;
  look: (ids: readonly string[], isLast: boolean) => Promise<Look>;
  /** Only those that may be repaired. */
  repair: (wanted: readonly Difference[]) => Promise<void>;
  /** The id by which `look` knows what a difference is about. */
  idOf: (found: Difference) => string;
}

export async function settleAndRepair(
  ids: readonly string[],
  { mode, look, repair, idOf }: Subjects,
): Promise<{ found: FoundDifference[]; inFlight: number }> {
  const before = await settle(ids, look);
  const inFlight = before.inFlight.length;
  const wanted = before.differences.filter((each) => mayApply(mode, each));
  if (wanted.length === 0)
    return { found: before.differences.map((each) => ({ ...each, isRepaired: false })), inFlight };
  await repair(wanted);
  const after = await settle([...new Set(before.differences.map(idOf))], look);
  const left = new Set(after.differences.map(keyOf));
  const unclear = new Set(after.inFlight);
  const found = before.differences.map((each) => {
    const isGone = !left.has(keyOf(each)) && !unclear.has(idOf(each));
    return { ...each, isRepaired: isGone };
  });
  // What only the repair brought to light.
  const known = new Set(before.differences.map(keyOf));
  const others = after.differences.filter((each) => !known.has(keyOf(each)));
  return { found: [...found, ...others.map((each) => ({ ...each, isRepaired: false }))], inFlight };
}
