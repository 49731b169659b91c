// Every minute: payments that were approved and, for whatever reason, neither became tickets nor a refund, and refunds
// that nobody was told of.

import { findDueRefunds, findUnsettledPayments } from "../../db/payments-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { recordOutcome } from "./record-outcome.ts";

const PATIENCE_MS = 60_000;
const PAYMENTS_MAX = 50;

/** One payment that fails does not keep the others waiting. */
export async function settleStragglers(dependencies: Dependencies): Promise<void> {
  const before = new Date(dependencies.now() - PATIENCE_MS);
  await settleApproved(dependencies, before);
  await announceRefunds(dependencies, before);
}

/** The message of a refund may have been lost on its way to the queue. One that was carried out is not repeated. */
async function announceRefunds({ database, effects }: Dependencies, before: Date): Promise<void> {
  const due = await findDueRefunds(database.asSystem(), { before, limit: PAYMENTS_MAX });
  if (due.length === 0) return;
  await effects.send(
    due.map(({ profileId, paymentId }) => ({ kind: "refund-payment", profileId, paymentId })),
  );
}

async function settleApproved(dependencies: Dependencies, before: Date): Promise<void> {
  const payments = await findUnsettledPayments(dependencies.database.asSystem(), {
    before,
    limit: PAYMENTS_MAX,
  });
  for (const payment of payments) {
    try {
      const transaction = await dependencies.wompi.findTransaction(payment.transactionId ?? "");
      if (transaction === null) continue;
      await recordOutcome(dependencies, payment, transaction);
    } catch (error) {
      console.error("payment still unsettled", {
        paymentId: payment.paymentId,
        reason: error instanceof Error ? error.name : "unknown",
      });
    }
  }
}
