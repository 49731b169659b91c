// The buyer gives a reservation back before its time. Repeating it is harmless; what is paid stays.

import type { Refusal } from "../../../durable-objects/area-inventory/contract.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export async function releaseReservation(
  { inventory }: Dependencies,
  { reservationId, areaIds, poolIds }: ReservationClaims,
): Promise<Result<{ reservationId: string }, Refusal>> {
  // In the order of commits: a payment that is being settled stops this at the first area, before its pools are given back.
  for (const id of [...areaIds, ...poolIds]) {
    const outcome = await inventory.area(id).releaseHold({ reservationId });
    if (!outcome.ok) return refused(outcome.refusal);
  }
  return ok({ reservationId });
}
