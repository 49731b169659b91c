// A gateway's notice. Its signature proves only that something happened to a transaction; what happened is read from
// the gateway itself before it is believed.

import { findPayment } from "../../db/payments-repository.ts";
import { GatewayUnavailable, type NoticeRefusal } from "../../ports/payments.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { recordOutcome } from "./record-outcome.ts";

/** What was done with the notice. Anything but a refusal tells the gateway not to send it again. */
export type NoticeOutcome = "recorded" | "not_ours" | "ignored";

/** Throws `GatewayUnavailable` when the transaction cannot be read: the gateway will send the notice again. */
export async function receiveNotice(
  dependencies: Dependencies,
  notice: { body: string; headers: Headers },
): Promise<Result<NoticeOutcome, { code: NoticeRefusal }>> {
  const { wompi, database } = dependencies;
  const read = await wompi.readNotice(notice.body, notice.headers);
  if (!read.ok) return refused({ code: read.refusal });
  if (read.value.kind === "ignored") return ok("ignored");

  const transaction = await wompi.findTransaction(read.value.transactionId);
  if (transaction === null)
    throw new GatewayUnavailable("the gateway does not know its own transaction");
  if (!isPaymentId(transaction.reference)) return ok("not_ours");
  const payment = await findPayment(database.asSystem(), transaction.reference);
  if (payment === null) return ok("not_ours");

  await recordOutcome(dependencies, payment, transaction);
  return ok("recorded");
}

/** The merchant account may take payments of other programs, with references of other kinds. */
function isPaymentId(reference: string): boolean {
  return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(reference);
}
