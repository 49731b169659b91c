// A payment of the buyer's own reservation.

import { type Payment, findPayment } from "../../db/payments-repository.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getPayment(
  { database }: Dependencies,
  claims: ReservationClaims,
  paymentId: string,
): Promise<Result<Payment, { code: "payment_not_found" }>> {
  const payment = await findPayment(database.asTenant(claims.profileId), paymentId);
  if (payment === null || payment.reservationId !== claims.reservationId) {
    return refused({ code: "payment_not_found" });
  }
  return ok(payment);
}
