// Gives back money that bought nothing. Where the gateway cannot undo the charge, the payment stays `refund_due` for
// a person to handle.

import {
  type Payment,
  type PaymentStatus,
  findPayment,
  markRefunded,
} from "../db/payments-repository.ts";
import type { Effect } from "../ports/effects.ts";
import type { PaymentGateway } from "../ports/payments.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { renderRefundMail } from "../templates/refund-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";

export async function refundPayment(
  { database, wompi, mailer }: Dependencies,
  { profileId, paymentId }: Extract<Effect, { kind: "refund-payment" }>,
): Promise<EffectOutcome> {
  const tenant = database.asTenant(profileId);
  const payment = await findPayment(tenant, paymentId);
  if (payment === null || !isToReturn(payment.status) || payment.transactionId === null)
    return "done";

  // Returned already: an earlier try got as far as that, or the merchant did it. What is left is to tell the buyer.
  const isDone = payment.status === "refunded" || (await voidCharge(wompi, payment));
  if (isDone) await markRefunded(tenant, paymentId);
  else console.error("refund needs a person", { paymentId, refundInCents: payment.refundInCents });

  const mail = renderRefundMail({
    buyerName: payment.buyerName,
    refundInCents: payment.refundInCents,
    currency: payment.currency,
    isDone,
  });
  await mailer.send({ ...mail, to: payment.email, attachments: [] });
  return "done";
}

function isToReturn(status: PaymentStatus): boolean {
  return status === "refund_due" || status === "refunded";
}

/** A void undoes the whole charge, whatever was asked for, so a part that is due goes back by hand. */
async function voidCharge(
  wompi: PaymentGateway,
  { transactionId, refundInCents }: Payment,
): Promise<boolean> {
  if (transactionId === null) return false;
  const charge = await wompi.findTransaction(transactionId);
  if (charge?.status === "voided") return true;
  if (charge?.amountInCents !== refundInCents) return false;
  return (await wompi.voidTransaction(transactionId, refundInCents)) === "voided";
}
