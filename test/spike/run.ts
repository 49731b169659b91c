// One spike on a stack of its own: the sale opens, everybody comes at once, and when everything is sold the verdict is
// asked for. Says how it goes through `log` alone.

import { setTimeout as sleep } from "node:timers/promises";
import { Problem } from "../../dev/problem.ts";
import { CrashableStack } from "../crash/crashable-stack.ts";
import { Random } from "../crash/random.ts";
import { Buyer } from "./buyer.ts";
import { Progress } from "./progress.ts";
import { type Sale, openSale, soldSeats } from "./sale.ts";
import { type Verdict, judge } from "./verdict.ts";

const LOOK_MILLISECONDS = 200;

export interface Spike {
  buyers: number;
  seats: number;
  areas: number;
  seed: number;
  /** Until when everything must be sold. */
  limitSeconds: number;
  log: (line: string) => void;
  /** Ends the sale early; what it rejects with is what the run rejects with. */
  interrupted?: Promise<never>;
}

export interface Outcome extends Verdict {
  sale: Sale;
  secondsToSellOut: number;
}

/** A hold is long enough for the queue at the till to be through, and no longer: who leaves keeps seats from others. */
export function startSpikeStack({ seats }: { seats: number }): Promise<CrashableStack> {
  const holdSeconds = Math.min(30, Math.max(6, Math.ceil(seats / 66)));
  return CrashableStack.start(() => undefined, {
    HOLD_SECONDS: String(holdSeconds),
    // Short, so that a payment that is started late still ends soon after the hold.
    PAYMENT_WINDOW_SECONDS: String(Math.max(2, Math.ceil(holdSeconds / 2))),
  });
}

export async function runSpike(stack: CrashableStack, spike: Spike): Promise<Outcome> {
  const progress = new Progress(spike.log);
  progress.during(() => "the sale is being prepared");
  const sale = await openSale(stack.stack, spike);
  try {
    const secondsToSellOut = await sellOut(stack, { sale, spike, progress });
    return { sale, secondsToSellOut, ...(await judge(stack, sale, progress)) };
  } finally {
    sale.isOver = true;
    progress.end();
    await sale.shop.close();
  }
}

interface Running {
  sale: Sale;
  spike: Spike;
  progress: Progress;
}

/** Until every buyer has left; the seconds until the last seat was sold. */
async function sellOut(
  { stack }: CrashableStack,
  { sale, spike, progress }: Running,
): Promise<number> {
  const { ledger } = sale;
  let sold = 0;
  progress.during(
    () =>
      `${ledger.buyersCome} of ${spike.buyers} buyers have come, ${ledger.holds} holds, ` +
      `${ledger.refused} refusals, ${sold} of ${spike.seats} seats sold, ${ledger.paidBack} paid back`,
  );
  const startedAt = performance.now();
  const seconds = () => (performance.now() - startedAt) / 1_000;
  const watched = async () => {
    while (sold < spike.seats && !sale.isOver) {
      await sleep(LOOK_MILLISECONDS);
      sold = await soldSeats(sale);
    }
    sale.isOver = true;
    return seconds();
  };
  let limit: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    limit = setTimeout(() => {
      const reached = `${sold} of ${spike.seats} seats were sold`;
      reject(
        new Problem(`Gave up after ${spike.limitSeconds} s: ${reached} and buyers still wait.`),
      );
    }, spike.limitSeconds * 1_000);
  });
  const died = stack.died.then((name) => {
    throw new Problem(`${name} ended by itself.`);
  });
  try {
    const done = Promise.all([watched(), ...everybody(sale, spike)]);
    const [secondsToSellOut] = await Promise.race([done, tooLate, died, ...whenInterrupted(spike)]);
    return secondsToSellOut;
  } finally {
    clearTimeout(limit);
  }
}

const whenInterrupted = ({ interrupted }: Spike) =>
  interrupted === undefined ? [] : [interrupted];

/** The crowd, and behind it those who stay until the end. */
function everybody(sale: Sale, { buyers, seed }: Spike): Promise<void>[] {
  const determined = Math.min(buyers, Math.max(4, Math.ceil(buyers / 400)));
  return Array.from({ length: buyers }, (_, index) => {
    const buyer = new Buyer(sale, new Random(seed * 100_003 + index));
    return index < buyers - determined ? buyer.comeAndBuy(index) : buyer.comeAndStay();
  });
}
