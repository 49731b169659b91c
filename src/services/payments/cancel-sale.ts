// The gateway took a settled payment back (a void or a charge-back): its tickets are no longer paid, so they are cancelled
// and their units are on sale again. Who is in already stays in; that is for a person to settle.

import { type Payment, markCancelled } from "../../db/payments-repository.ts";
import { derivedId } from "../../shared/digest.ts";
import type { Dependencies } from "../dependencies.ts";

/** May be repeated. Throws when an area cannot be reached; the gateway then sends its notice again. */
export async function cancelSale(
  { inventory, database, effects }: Dependencies,
  { paymentId, profileId, reservationId, areaIds }: Payment,
): Promise<void> {
  for (const areaId of areaIds) {
    const status = await inventory.area(areaId).reservationStatus(reservationId);
    // Bought by another payment of the same reservation: that one still stands.
    if (status?.paymentId !== paymentId) continue;
    const outcome = await inventory.area(areaId).cancelTickets({
      commandId: await derivedId(`void\n${paymentId}\n${areaId}`),
      reservationId,
      unitsBecome: "available",
    });
    if (!outcome.ok)
      console.error("voided payment keeps tickets", { paymentId, code: outcome.refusal.code });
  }
  await markCancelled(database.asTenant(profileId), paymentId);
  // The money is back already: what is left of a refund is to tell the buyer.
  await effects.send([{ kind: "refund-payment", profileId, paymentId }]);
}
