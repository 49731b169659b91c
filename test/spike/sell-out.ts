// The sale itself: everybody comes, somebody watches how many seats are sold, and it ends when all are, or when it is plain
// that they never will be. Judges nothing.

import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../dev/problem.ts";
import type { Stack } from "../../dev/stack.ts";
import { Random } from "../crash/random.ts";
import { Buyer } from "./buyer.ts";
import type { Progress } from "./progress.ts";
import type { Spike } from "./run.ts";
import { type Sale, soldSeats } from "./sale.ts";

const LOOK_MILLISECONDS = 200;
/** Beside the time of three holds: seats that somebody left would be back by then. */
const STANDSTILL_MILLISECONDS = 60_000;
/** Within which the last buyers have to be through once the sale is over. */
const LEAVING_SECONDS = 240;

export interface Selling {
  /** From the first request until the last seat was sold; null when some never were. */
  secondsToSellOut: number | null;
  /** Why the sale was ended with seats left. */
  givenUp: string | null;
}

/** Until every buyer has left. */
export async function sellOut(
  sale: Sale,
  spike: Spike,
  { stack, progress }: { stack: Stack; progress: Progress },
): Promise<Selling> {
  const { ledger } = sale;
  let sold = 0;
  progress.during(
    () =>
      `${ledger.buyersCome} of ${spike.buyers} buyers have come, ${ledger.holds} holds, ` +
      `${ledger.refused} refusals, ${sold} of ${spike.seats} seats sold, ${ledger.paidBack} paid back`,
  );
  let limit: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const seconds = spike.limitSeconds + LEAVING_SECONDS;
    const sentence = () =>
      `Gave up after ${seconds} s: ${sold} of ${spike.seats} seats were sold and buyers still wait for answers.`;
    limit = setTimeout(() => reject(new Problem(sentence())), 1_000 * seconds);
  });
  const died = stack.died.then((name) => {
    throw new Problem(`${name} ended by itself.`);
  });
  const watching = watch(sale, spike, (soldNow) => {
    sold = soldNow;
  });
  const interrupted = spike.interrupted === undefined ? [] : [spike.interrupted];
  try {
    const done = Promise.all([watching, ...everybody(sale, spike)]);
    const [selling] = await Promise.race([done, tooLate, died, ...interrupted]);
    return selling;
  } finally {
    clearTimeout(limit);
  }
}

async function watch(
  sale: Sale,
  { seats, limitSeconds }: Spike,
  tell: (sold: number) => void,
): Promise<Selling> {
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const standstillSeconds = (STANDSTILL_MILLISECONDS + 3 * sale.holdMilliseconds) / 1_000;
  let last = { sold: 0, holds: 0, at: 0 };
  while (!sale.isOver) {
    await sleep(LOOK_MILLISECONDS);
    const sold = await soldSeats(sale);
    const { holds } = sale.ledger;
    tell(sold);
    if (sold >= seats) break;
    if (sold !== last.sold || holds !== last.holds) last = { sold, holds, at: seconds() };
    const hasStopped = seconds() - last.at > standstillSeconds;
    if (!hasStopped && seconds() < limitSeconds) continue;
    sale.isOver = true;
    sale.isGivenUp = true;
    const why = hasStopped ? `nothing was held or sold for ${standstillSeconds} s` : "it is time";
    const givenUp = `Gave up after ${seconds().toFixed(0)} s, because ${why}: ${sold} of ${seats} seats were sold.`;
    return { secondsToSellOut: null, givenUp };
  }
  sale.isOver = true;
  return { secondsToSellOut: seconds(), givenUp: null };
}

/** The crowd, and behind it those who stay until the end. */
function everybody(sale: Sale, { buyers, seed }: Spike): Promise<void>[] {
  const determined = Math.min(buyers, Math.max(4, Math.ceil(buyers / 400)));
  return Array.from({ length: buyers }, (_, index) => {
    const buyer = new Buyer(sale, new Random(seed * 100_003 + index));
    return index < buyers - determined ? buyer.comeAndBuy(index) : buyer.comeAndStay();
  });
}
