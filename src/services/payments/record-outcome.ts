// What the gateway says of a payment is recorded first, whatever follows; then an approved one is settled.

import {
  type Payment,
  insertSurplusPayment,
  markRefunded,
  recordTransaction,
} from "../../db/payments-repository.ts";
import type { GatewayTransaction } from "../../ports/payments.ts";
import { derivedId } from "../../shared/digest.ts";
import { unreachable } from "../../shared/unreachable.ts";
import type { Dependencies } from "../dependencies.ts";
import { cancelSale } from "./cancel-sale.ts";
import { settle } from "./settle.ts";

export async function recordOutcome(
  dependencies: Dependencies,
  payment: Payment,
  transaction: GatewayTransaction,
): Promise<void> {
  const tenant = dependencies.database.asTenant(payment.profileId);
  const { transactionId, paymentMethod: method, status } = transaction;
  const { paymentId } = payment;
  switch (status) {
    case "pending":
    case "declined":
    case "error":
      await recordTransaction(tenant, { paymentId, transactionId, method, status });
      return;
    case "voided":
      if (payment.transactionId === transactionId) await recordVoid(dependencies, payment);
      return;
    case "approved": {
      const recorded = await recordTransaction(tenant, {
        paymentId,
        transactionId,
        method,
        status,
      });
      if (recorded.transactionId === transactionId)
        await settle(dependencies, recorded, transaction);
      else await returnSurplus(dependencies, recorded, transaction);
      return;
    }
    default:
      unreachable(status);
  }
}

/** Either money that was due to go back, or a sale that is no longer paid. */
async function recordVoid(dependencies: Dependencies, payment: Payment): Promise<void> {
  if (payment.status === "settled") await cancelSale(dependencies, payment);
  else await markRefunded(dependencies.database.asTenant(payment.profileId), payment.paymentId);
}

/** The payer paid the same payment twice: tickets for the first, the second goes back. */
async function returnSurplus(
  { database, effects }: Dependencies,
  payment: Payment,
  { transactionId, paymentMethod: method, amountInCents }: GatewayTransaction,
): Promise<void> {
  const paymentId = await derivedId(`surplus\n${transactionId}`);
  const { profileId } = payment;
  await insertSurplusPayment(database.asTenant(profileId), {
    paymentId,
    of: payment,
    transactionId,
    method,
    amountInCents,
  });
  await effects.send([{ kind: "refund-payment", profileId, paymentId }]);
}
