// Finds the shortest plan that still breaks the same rule: leaves out ever smaller parts of it, as long as it still fails
// (delta debugging). What is left fails no more without any one of its steps.

import type { Plan, Step } from "./plan.ts";
import type { Violation } from "./referee.ts";
import { runPlan } from "./run.ts";

const SHRINKING_MS_MAX = 60_000;

export interface Shrunk {
  steps: readonly Step[];
  violation: Violation;
  /** False when time ran out first. */
  isShortest: boolean;
}

export async function shrink(plan: Plan, violation: Violation): Promise<Shrunk> {
  const endsAt = performance.now() + SHRINKING_MS_MAX;
  let best: Shrunk = { steps: plan.steps.slice(0, violation.step), violation, isShortest: true };
  const tryOut = async (steps: readonly Step[]): Promise<boolean> => {
    const found = (await runPlan({ ...plan, steps })).violation;
    if (found === null || found.rule !== violation.rule) return false;
    best = { steps: steps.slice(0, found.step), violation: found, isShortest: true };
    return true;
  };
  // Once more from the start: what was seen only because later steps were planned would not fail alone.
  if (!(await tryOut(best.steps))) best = { ...best, steps: plan.steps };

  let length = Math.ceil(best.steps.length / 2);
  while (length > 0) {
    let hasShrunk = false;
    for (let from = 0; from < best.steps.length;) {
      if (performance.now() > endsAt) return { ...best, isShortest: false };
      const rest = best.steps.toSpliced(from, length);
      if (await tryOut(rest)) hasShrunk = true;
      else from += length;
    }
    if (length === 1 && !hasShrunk) return best;
    length = length === 1 ? 1 : Math.ceil(length / 2);
  }
  return best;
}
