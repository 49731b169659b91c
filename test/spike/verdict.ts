// The end of a spike: waits until everything has arrived where it goes, then reads the gateway, the areas and Postgres and
// has them compared with each other and with what the buyers were told.

import { byArea, differences } from "../crash/compare.ts";
import type { CrashableStack } from "../crash/crashable-stack.ts";
import { oversoldUnits } from "../crash/judge.ts";
import { readObjects } from "../crash/object-state.ts";
import { readPostgres } from "../crash/postgres-state.ts";
import { isQuietInTime } from "../crash/quiet.ts";
import { undoneEffects } from "./effects.ts";
import { readTransactions } from "./gateway.ts";
import { lostReservations } from "./judge.ts";
import { type Money, countMoney } from "./money.ts";
import type { Progress } from "./progress.ts";
import type { Sale } from "./sale.ts";

export interface Verdict {
  sold: number;
  oversold: string[];
  lost: string[];
  money: Money;
  /** Payments that went back, and those of them that a person has to send. */
  refunds: { all: number; byHand: number };
}

/** Ends the stack but for its database. */
export async function judge(
  stack: CrashableStack,
  sale: Sale,
  progress: Progress,
): Promise<Verdict> {
  const { ledger } = sale;
  progress.during(() => "the sale is over; waiting until everything has arrived");
  const transactionIds = ledger.approvals.map(({ transactionId }) => transactionId);
  const isQuiet = await isQuietInTime(stack, transactionIds);
  let waiting = 0;
  progress.during(() => `the sale is over; ${waiting} mails and refunds are still on their way`);
  const undone = await undoneEffects(sale, (undoneNow) => {
    waiting = undoneNow;
  });
  progress.during(() => "comparing the buyers, the gateway, the areas and Postgres");
  const { addresses, workerVariables } = stack.stack;
  const gateway = {
    wompi: addresses.wompi,
    privateKey: workerVariables["WOMPI_PRIVATE_KEY"] ?? "",
  };
  const transactions = await readTransactions(gateway, ledger.paymentIds);
  await stack.stopWorker();
  const postgres = await readPostgres(stack.database);
  const areas = byArea(readObjects(stack.objectsDirectory), postgres);
  const payments = [...postgres.payments.values()];
  const byHand = payments.filter(({ status }) => status === "refund_due").length;
  return {
    sold: [...postgres.units.values()].filter(({ status }) => status === "sold").length,
    oversold: oversoldUnits(ledger, areas, postgres),
    lost: [
      ...(isQuiet ? [] : ["it never became quiet"]),
      ...ledger.contradictions,
      ...undone.map((effect) => `${effect} was never carried out`),
      ...lostReservations(ledger, areas, postgres),
      ...differences(areas, postgres),
    ],
    money: countMoney({ ledger, transactions, areas, postgres }),
    refunds: {
      all: byHand + payments.filter(({ status }) => status === "refunded").length,
      byHand,
    },
  };
}
