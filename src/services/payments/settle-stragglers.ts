// Every minute: payments that were approved and, for whatever reason, neither became tickets nor a refund.

import { findUnsettledPayments } from "../../db/payments-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { recordOutcome } from "./record-outcome.ts";

const PATIENCE_MS = 60_000;
const PAYMENTS_MAX = 50;

/** How many were settled; one that fails does not keep the others waiting. */
export async function settleStragglers(dependencies: Dependencies): Promise<number> {
  const before = new Date(dependencies.now() - PATIENCE_MS);
  const payments = await findUnsettledPayments(dependencies.database.asSystem(), {
    before,
    limit: PAYMENTS_MAX,
  });
  let settled = 0;
  for (const payment of payments) {
    try {
      const transaction = await dependencies.wompi.findTransaction(payment.transactionId ?? "");
      if (transaction === null) continue;
      await recordOutcome(dependencies, payment, transaction);
      settled += 1;
    } catch (error) {
      console.error("payment still unsettled", {
        paymentId: payment.paymentId,
        reason: error instanceof Error ? error.name : "unknown",
      });
    }
  }
  return settled;
}
