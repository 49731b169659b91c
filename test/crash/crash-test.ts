// `npm run crash-test`: buyers buy while the runtime and the database are killed with SIGKILL at random moments; in the
// end everything they were told must be there, nothing sold twice, and Postgres must say what the objects say.
//   --rounds N   kills, 5 unless told
//   --seed S     of what is asked and when it is killed; random unless told
//   --verbose    what the stack says meanwhile, mostly of requests that a kill broke off
//   --json       the last line is one JSON object
// A process that dies, not a power cut: what the system was given but had not written to disk survives here.

import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { readArguments } from "../../dev/arguments.ts";
import { Problem, sentenceFor } from "../../dev/problem.ts";
import { Buyer, type Shop } from "./buyer.ts";
import { byArea, differences } from "./compare.ts";
import { CrashableStack } from "./crashable-stack.ts";
import { lostReservations, moneyUnaccounted, oversoldUnits } from "./judge.ts";
import { Ledger } from "./ledger.ts";
import { readObjects } from "./object-state.ts";
import { readPostgres } from "./postgres-state.ts";
import { isQuietInTime } from "./quiet.ts";
import { Random } from "./random.ts";
import { openSale } from "./sale.ts";

const BUYERS = 24;
const SHOWN_FINDINGS_MAX = 10;

const { values: options } = readArguments({
  options: {
    rounds: { type: "string", default: "5" },
    seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
    verbose: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const log = (line: string): void => console.log(line);
const seconds = (sinceMs: number): string => ((Date.now() - sinceMs) / 1000).toFixed(1);

function wholeNumber(name: "rounds" | "seed"): number {
  const number = Number(options[name]);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Problem(`--${name} takes a whole number from 1 on.`);
}

/** One stretch of buying, one kill, and the way back. */
async function crash(stack: CrashableStack, random: Random): Promise<string> {
  const startedAt = Date.now();
  await sleep(random.between(2_000, 5_000));
  const boughtFor = seconds(startedAt);
  const victim = random.pick(["Worker", "Worker", "Worker and Postgres", "Postgres"]);
  const killedAt = Date.now();
  const kills: Promise<void>[] = [];
  if (victim !== "Postgres") kills.push(stack.crashWorker());
  if (victim !== "Worker") {
    // Not at the same instant: each must cope with the other being half gone.
    await sleep(random.between(0, 300));
    kills.push(stack.crashDatabase(random.between(0, 2_000)));
  }
  const settled = await Promise.allSettled(kills);
  const failed = settled.find((one) => one.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  return `${victim} killed after ${boughtFor} s, back in ${seconds(killedAt)} s`;
}

async function verify(stack: CrashableStack, ledger: Ledger) {
  await stack.stopWorker();
  const postgres = await readPostgres(stack.database);
  const areas = byArea(readObjects(stack.objectsDirectory), postgres);
  return {
    lost: [...ledger.contradictions, ...lostReservations(ledger, areas, postgres)],
    oversold: oversoldUnits(ledger, areas, postgres),
    drift: [...differences(areas, postgres), ...moneyUnaccounted(ledger, areas, postgres)],
  };
}

function show(name: string, findings: readonly string[]): void {
  log(`${name}: ${findings.length}`);
  for (const finding of findings.slice(0, SHOWN_FINDINGS_MAX)) log(`  ${finding}`);
  if (findings.length > SHOWN_FINDINGS_MAX) log("  …");
}

async function buyThroughCrashes(stack: CrashableStack, rounds: number, seed: number) {
  const { addresses, tokens, died } = stack.stack;
  let dead: string | undefined;
  void died.then((name) => {
    dead = name;
  });
  const sale = await openSale({ api: addresses.api, token: tokens.organizerToken }, rounds);
  const ledger = new Ledger();
  let isOver = false;
  const shop: Shop = { api: addresses.api, sale, ledger, isOver: () => isOver };
  const buyers = Array.from({ length: BUYERS }, (_, index) =>
    new Buyer(shop, new Random(seed * 1_000 + index)).shop(),
  );
  const bought = Promise.all(buyers);
  bought.catch(() => undefined);
  try {
    const random = new Random(seed);
    for (let round = 1; round <= rounds; round += 1) {
      const startedAt = Date.now();
      const what = await crash(stack, random);
      if (dead !== undefined) throw new Problem(`${dead} ended by itself.`);
      const { holds, purchases } = ledger;
      const soFar = `${holds} holds and ${purchases} purchases acknowledged`;
      log(`round ${round}/${rounds}: ${what}; ${soFar}; ${seconds(startedAt)} s`);
    }
    await sleep(1_000);
  } finally {
    isOver = true;
  }
  await bought;
  return ledger;
}

async function main(): Promise<void> {
  const rounds = wholeNumber("rounds");
  const seed = wholeNumber("seed");
  const startedAt = Date.now();
  log(`seed ${seed}`);
  const stack = await CrashableStack.start((line) => {
    if (options.verbose) log(`  ${line}`);
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stack.remove().finally(() => process.exit(130)));
  }
  try {
    const ledger = await buyThroughCrashes(stack, rounds, seed);
    const boughtAt = Date.now();
    const transactionIds = ledger.reservations.flatMap(({ transaction }) =>
      transaction === null ? [] : [transaction.id],
    );
    const isQuiet = await isQuietInTime(stack, transactionIds);
    log(isQuiet ? `quiet after ${seconds(boughtAt)} s` : "It never became quiet.");
    const { lost, oversold, drift } = await verify(stack, ledger);
    const { holds, purchases, releases, returns, unknownOutcomes, repeatedHolds } = ledger;
    const paid = `${purchases} became purchases, ${releases} were released, ${returns} paid back`;
    log(`${holds} acknowledged holds: ${paid}; ${repeatedHolds} repeated the same`);
    log(`${unknownOutcomes} requests with unknown outcome; ${seconds(startedAt)} s in all`);
    show("lost", lost);
    show("oversold", oversold);
    show("drift", drift);
    const acknowledged = holds + purchases;
    if (options.json) {
      const counts = { lost: lost.length, oversold: oversold.length, drift: drift.length };
      log(JSON.stringify({ rounds, seed, acknowledged, ...counts }));
    }
    const isProof = purchases > 0 && lost.length + oversold.length + drift.length === 0;
    process.exitCode = isProof ? 0 : 1;
  } finally {
    await stack.remove();
  }
}

try {
  await main();
} catch (thrown) {
  console.error(sentenceFor(thrown));
  process.exitCode = 1;
}
