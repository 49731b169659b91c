// An approved payment becomes tickets, area by area, or money that goes back. Every step may be repeated: the areas
// answer a repeated commit as the first time, so whoever comes next (a redelivered notice, the minute's roll-forward)
// finishes what was begun.

import {
  type AreaInventoryMethods,
  type Inventory,
  type Refusal,
  type ReservedUnit,
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
  const { refundInCents, sold } = canSettle
    ? await commitAreas(inventory, payment)
    : { refundInCents: paid.amountInCents, sold: [] };
  if (isAsAsked && refundInCents > 0) await returnParts(inventory, payment, sold);

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

/** What the areas sold, and what has to go back: the parts of those that could not give theirs. */
async function commitAreas(
  inventory: Inventory,
  payment: Payment,
): Promise<{ refundInCents: number; sold: ReservedUnit[] }> {
  const { reservationId, paymentId, areaIds } = payment;
  let refundInCents = 0;
  const sold: ReservedUnit[] = [];
  for (const areaId of areaIds) {
    const outcome = await inventory.area(areaId).commitHold({ reservationId, paymentId });
    if (outcome.ok) sold.push(...outcome.units);
    else refundInCents += await refundFor(inventory.area(areaId), payment, outcome.refusal);
  }
  return { refundInCents, sold };
}

/** The pools keep what tickets were sold at their prices; of what they sold besides, others may have it. */
async function returnParts(
  inventory: Inventory,
  { reservationId, paymentId, poolIds }: Payment,
  sold: readonly ReservedUnit[],
): Promise<void> {
  for (const poolId of poolIds) {
    // A pool has the id of its stage, whose units it counts, or of its promotion, which an order uses once.
    const units = sold.filter(({ stageId }) => stageId === poolId).length;
    const uses = sold.some(({ promotionId }) => promotionId === poolId) ? 1 : 0;
    const outcome = await inventory
      .area(poolId)
      .returnPart({ reservationId, paymentId, quantityKept: units + uses });
    if (!outcome.ok) throw new Error(`cannot settle: ${outcome.refusal.code}`);
  }
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
