// An approved payment becomes tickets, area by area, or money that goes back. Every step may be repeated: the areas
// answer a repeated commit as the first time, so whoever comes next (a redelivered notice, the minute's roll-forward)
// finishes what was begun.

import type {
  AreaInventoryMethods,
  Refusal,
} from "../../../durable-objects/area-inventory/contract.ts";
import { type Payment, settlePayment } from "../../db/payments-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { totalOf } from "../reservations/reservation.ts";

/** `paid` is what the gateway took, which need not be what was asked for. */
export async function settle(
  { inventory, database, effects }: Dependencies,
  payment: Payment,
  paid: { amountInCents: number; currency: string },
): Promise<void> {
  const { paymentId, profileId, reservationId, areaIds } = payment;
  const isAsAsked =
    paid.amountInCents === payment.amountInCents && paid.currency === payment.currency;

  let refundInCents = isAsAsked ? 0 : paid.amountInCents;
  for (const areaId of isAsAsked ? areaIds : []) {
    const outcome = await inventory.area(areaId).commitHold({ reservationId, paymentId });
    if (!outcome.ok)
      refundInCents += await refundFor(inventory.area(areaId), payment, outcome.refusal);
  }

  const status = refundInCents === 0 ? "settled" : "refund_due";
  await settlePayment(database.asTenant(profileId), { paymentId, status, refundInCents });
  if (status === "refund_due")
    await effects.send([{ kind: "refund-payment", profileId, paymentId }]);
}

/** What the area's part of the payment was, when the area cannot give it any more. */
async function refundFor(
  area: AreaInventoryMethods,
  payment: Payment,
  refusal: Refusal,
): Promise<number> {
  const part = await area.reservationStatus(payment.reservationId);
  // Anything else (a bug, an object that lost its data) is no reason to give the money back: the next attempt may
  // find it mended.
  const mustReturn = refusal.code === "refund_due" || refusal.code === "already_paid";
  if (!mustReturn || part === null) throw new Error(`cannot settle: ${refusal.code}`);
  return totalOf(part.units);
}
