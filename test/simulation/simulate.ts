// `npm run simulate -- --seed N --steps M [--seeds K] [--seconds S] [--json]`: seeded runs of everything an area's object
// can be asked and can suffer, in simulated time. Stops at the first broken rule with the seed and the shortest plan
// that breaks it; `--seconds` ends the search for one early.

import { readArguments } from "../../dev/arguments.ts";
import { generatePlan } from "./generate.ts";
import { type Plan, describeStep } from "./plan.ts";
import type { Violation } from "./referee.ts";
import { runPlan } from "./run.ts";
import { shrink } from "./shrink.ts";

const PROGRESS_EVERY_MS = 2_000;

const { values: asked } = readArguments({
  options: {
    seed: { type: "string", default: "1" },
    steps: { type: "string", default: "1000" },
    seeds: { type: "string" },
    seconds: { type: "string" },
    json: { type: "boolean", default: false },
  },
});
const firstSeed = BigInt(asked.seed);
const stepsMax = positive("steps", asked.steps);
const secondsMax = positive("seconds", asked.seconds ?? "Infinity");
// With a time and no number of seeds: as many as fit.
const seedsMax = positive("seeds", asked.seeds ?? (asked.seconds === undefined ? "1" : "Infinity"));

const totals = {
  seed: asNumber(firstSeed),
  steps: 0,
  commands: 0,
  faults: 0,
  violations: 0,
  seeds: 0,
};
const startedAt = performance.now();
let toldAt = startedAt;

for (let index = 0; index < seedsMax && secondsPassed() < secondsMax; index += 1) {
  const plan = generatePlan(firstSeed + BigInt(index), stepsMax);
  const { steps, commands, faults, violation } = await runPlan(plan);
  totals.seeds += 1;
  totals.steps += steps;
  totals.commands += commands;
  totals.faults += faults;
  if (violation !== null) {
    totals.violations += 1;
    totals.seed = asNumber(plan.seed);
    await explain(plan, violation);
    process.exitCode = 1;
    break;
  }
  if (performance.now() - toldAt >= PROGRESS_EVERY_MS) tellProgress();
}
tellProgress();
if (asked.json) console.log(JSON.stringify(totals));

async function explain(plan: Plan, violation: Violation): Promise<void> {
  console.log(`seed ${plan.seed} breaks ${violation.rule} after ${violation.step} steps`);
  const { steps, violation: found, isShortest } = await shrink(plan, violation);
  const areas = new Set(steps.flatMap((step) => ("area" in step ? [step.area] : [])));
  console.log(`\n${found.rule}: ${found.message}\n`);
  console.log(`${isShortest ? "shortest" : "shorter"} plan that breaks it, ${steps.length} steps:`);
  for (const step of steps) console.log(describeStep(step));
  for (const area of areas) {
    const units = plan.areas[area]?.units ?? [];
    const rows = units.map(({ row, number }) => `${row}/${number}`).join(" ");
    console.log(`area ${area}: ${units.length} units, row/number ${rows}`);
  }
  console.log(
    `\nagain: node test/simulation/simulate.ts --seed ${plan.seed} --steps ${stepsMax}\n`,
  );
}

function tellProgress(): void {
  toldAt = performance.now();
  const { seeds, steps, commands, faults } = totals;
  const speed = Math.round(steps / secondsPassed());
  console.log(
    `${secondsPassed().toFixed(1)} s: ${seeds} seeds, ${steps} steps (${speed}/s), ${commands} commands, ${faults} faults`,
  );
}

/** JSON has no numbers of 64 bits. */
function asNumber(seed: bigint): number | string {
  const number = Number(seed);
  return Number.isSafeInteger(number) ? number : String(seed);
}

function secondsPassed(): number {
  return (performance.now() - startedAt) / 1000;
}

function positive(name: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${text}`);
  return value;
}
