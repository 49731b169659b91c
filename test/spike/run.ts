// One spike on a stack of its own: the sale is opened, sold out and judged. Says how it goes through `log` alone.

import { CrashableStack } from "../crash/crashable-stack.ts";
import { Progress } from "./progress.ts";
import { type Sale, openSale } from "./sale.ts";
import { type Selling, sellOut } from "./sell-out.ts";
import { type Verdict, judge } from "./verdict.ts";

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

export interface Outcome extends Selling, Verdict {
  sale: Sale;
}

/** A hold is long enough for the queue at the till to be through, and no longer: who leaves keeps seats from others. */
export function startSpikeStack({ seats }: { seats: number }): Promise<CrashableStack> {
  const holdSeconds = Math.min(30, Math.max(6, Math.ceil(seats / 66)));
  return CrashableStack.start(() => undefined, {
    HOLD_SECONDS: String(holdSeconds),
    // Short, so that a payment that is started late still ends soon after the hold.
    PAYMENT_WINDOW_SECONDS: String(Math.ceil(holdSeconds / 2)),
  });
}

export async function runSpike(stack: CrashableStack, spike: Spike): Promise<Outcome> {
  const progress = new Progress(spike.log);
  progress.during(() => "the sale is being prepared");
  const sale = await openSale(stack.stack, spike);
  try {
    const selling = await sellOut(sale, spike, { stack: stack.stack, progress });
    return { sale, ...selling, ...(await judge(stack, sale, progress)) };
  } finally {
    sale.isOver = true;
    progress.end();
    await sale.shop.close();
  }
}
