// Gives back money that bought nothing. Where the gateway cannot undo the charge, the payment stays `refund_due` for
// a person to handle.

import { findPayment, markRefunded } from "../db/payments-repository.ts";
import type { Effect } from "../ports/effects.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { renderRefundMail } from "../templates/refund-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";

export async function refundPayment(
  { database, wompi, mailer }: Dependencies,
  { profileId, paymentId }: Extract<Effect, { kind: "refund-payment" }>,
): Promise<EffectOutcome> {
  const tenant = database.asTenant(profileId);
  const payment = await findPayment(tenant, paymentId);
  if (payment === null || payment.status !== "refund_due" || payment.transactionId === null)
    return "done";

  // A void undoes the whole charge, whatever was asked for, so a part that is due goes back by hand.
  const charge = await wompi.findTransaction(payment.transactionId);
  const isWhole = charge?.amountInCents === payment.refundInCents;
  const outcome = isWhole
    ? await wompi.voidTransaction(payment.transactionId, payment.refundInCents)
    : "refused";
  if (outcome === "voided") await markRefunded(tenant, paymentId);
  else console.error("refund needs a person", { paymentId, refundInCents: payment.refundInCents });

  const mail = renderRefundMail({
    buyerName: payment.buyerName,
    refundInCents: payment.refundInCents,
    currency: payment.currency,
    isDone: outcome === "voided",
  });
  await mailer.send({ ...mail, to: payment.email, attachments: [] });
  return "done";
}
