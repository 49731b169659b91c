// The buyer's view of a reservation, from the areas that decide on it.

import type { ReservationClaims } from "../../ports/tokens.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Reservation, joinParts } from "./reservation.ts";

export async function getReservation(
  { inventory }: Dependencies,
  claims: ReservationClaims,
): Promise<Result<Reservation, { code: "reservation_not_found" }>> {
  const { reservationId, eventId, areaIds } = claims;
  const parts = await Promise.all(
    areaIds.map(async (areaId) => {
      const status = await inventory.area(areaId).reservationStatus(reservationId);
      return status === null ? [] : [{ ...status, areaId }];
    }),
  );
  const known = parts.flat();
  if (known.length === 0) return refused({ code: "reservation_not_found" });
  return ok(joinParts({ reservationId, eventId }, known));
}
