// `npm run spike`: a crowd for few seats, over HTTP through the whole stack, with everything buyers do to a shop; in the end
// every seat is sold once and every peso is a ticket or on its way back.
//   --buyers N   20000 unless told
//   --seats N    2000 unless told
//   --areas N    5 unless told
//   --seed S     of what the buyers want; random unless told
//   --json       the last line is one JSON object

import { randomInt } from "node:crypto";
import { readArguments } from "../../dev/arguments.ts";
import { stopAllChildren } from "../../dev/child.ts";
import { Problem, sentenceFor } from "../../dev/problem.ts";
import type { CrashableStack } from "../crash/crashable-stack.ts";
import { Progress } from "./progress.ts";
import { figuresOf, isAsPromised, printTable } from "./report.ts";
import { type Spike, runSpike, startSpikeStack } from "./run.ts";

const LIMIT_SECONDS = 900;

const { values: options } = readArguments({
  options: {
    buyers: { type: "string", default: "20000" },
    seats: { type: "string", default: "2000" },
    areas: { type: "string", default: "5" },
    seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
    json: { type: "boolean", default: false },
  },
});
const log = (line: string): void => console.log(line);

function wholeNumber(name: "buyers" | "seats" | "areas" | "seed"): number {
  const number = Number(options[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Problem(`--${name} takes a whole number from 1 on.`);
}

let stack: CrashableStack | undefined;
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => {
      reject(new Problem("Stopped before the end."));
      // A start without its programs fails, and cleans up after itself.
      if (stack === undefined) void stopAllChildren();
    });
  }
});
interrupted.catch(() => undefined);

async function startStack(seats: number): Promise<CrashableStack> {
  const progress = new Progress(log);
  progress.during(() => "starting Postgres, the mail inbox, the Wompi sandbox and the Worker");
  try {
    return await startSpikeStack({ seats });
  } finally {
    progress.end();
  }
}

async function main(): Promise<boolean> {
  const spike: Spike = {
    buyers: wholeNumber("buyers"),
    seats: wholeNumber("seats"),
    areas: wholeNumber("areas"),
    seed: wholeNumber("seed"),
    limitSeconds: LIMIT_SECONDS,
    log,
    interrupted,
  };
  if (spike.areas > spike.seats) throw new Problem("Every area needs a seat: lower --areas.");
  log(`seed ${spike.seed}`);
  stack = await startStack(spike.seats);
  try {
    const outcome = await runSpike(stack, spike);
    const figures = figuresOf(spike, outcome);
    printTable(figures, outcome, log);
    if (options.json) log(JSON.stringify(figures));
    return isAsPromised(figures);
  } finally {
    await stack.remove();
  }
}

let isGood = false;
try {
  isGood = await main();
} catch (thrown) {
  console.error(sentenceFor(thrown));
}
// Buyers of a run that was given up may still wait for answers; and standard output may be a pipe.
process.stdout.write("", () => process.exit(isGood ? 0 : 1));
