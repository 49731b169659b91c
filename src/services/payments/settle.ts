// An approved payment becomes tickets, area by area, or money that goes back. Every step may be repeated: the areas
// answer a repeated commit as the first time, so whoever comes next (a redelivered notice, the minute's roll-forward)
// finishes what was begun.

import {
  type AreaInventoryMethods,
  type Inventory,
  type Refusal,
  totalOf,
} from "../../../durable-objects/area-inventory/contract.ts";
import { type Payment, settlePayment } from "../../db/payments-repository.ts";
import type { Dependencies } from "../dependencies.ts";

/** `paid` is what the gateway took, which need not be what was asked for. */
export async function settle(
  { inventory, database, effects }: Dependencies,
  payment: Payment,
  paid: { amountInCents: number; currency: string },
): Promise<void> {
  const { paymentId, profileId } = payment;
  const isAsAsked =
    paid.amountInCents === payment.amountInCents && paid.currency === payment.currency;
  const canSettle = isAsAsked && (await commitPools(inventory, payment));
  const refundInCents = canSettle ? await commitAreas(inventory, payment) : paid.amountInCents;

  const status = refundInCents === 0 ? "settled" : "refund_due";
  await settlePayment(database.asTenant(profileId), { paymentId, status, refundInCents });
  if (status === "refund_due")
    await effects.send([{ kind: "refund-payment", profileId, paymentId }]);
}

/**
 * First, because all prices depend on them. False when one has no room any more for a hold that lapsed: then nothing is
 * bought, and the areas' holds end by themselves.
 */
async function commitPools(
  inventory: Inventory,
  { reservationId, paymentId, poolIds }: Payment,
): Promise<boolean> {
  for (const poolId of poolIds) {
    const outcome = await inventory.area(poolId).commitHold({ reservationId, paymentId });
    if (outcome.ok) continue;
    if (mustReturn(outcome.refusal)) return false;
    throw new Error(`cannot settle: ${outcome.refusal.code}`);
  }
  return true;
}

/** What has to go back: the parts of the areas that could not give theirs. */
async function commitAreas(inventory: Inventory, payment: Payment): Promise<number> {
  const { reservationId, paymentId, areaIds } = payment;
  let refundInCents = 0;
  for (const areaId of areaIds) {
    const outcome = await inventory.area(areaId).commitHold({ reservationId, paymentId });
    if (!outcome.ok)
      refundInCents += await refundFor(inventory.area(areaId), payment, outcome.refusal);
  }
  return refundInCents;
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
  if (!mustReturn(refusal) || part === null) throw new Error(`cannot settle: ${refusal.code}`);
  return totalOf(part.units);
}

function mustReturn({ code }: Refusal): boolean {
  return code === "refund_due" || code === "already_paid";
}
