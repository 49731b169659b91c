// Extends a reservation's hold in all of its areas and pools for one payment, and adds up what they cost. From here on the
// buyer is known, and limits per buyer count.

import { totalOf } from "../../../durable-objects/area-inventory/contract.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { type AreaLine, linesOfPart } from "../reservations/reservation.ts";

interface ExtendedHolds {
  amountInCents: number;
  /** What the amount is made of. */
  lines: AreaLine[];
  currency: string;
  expiresAtMs: number;
}

/** The amount in minor units and the earliest expiry of all areas. Repeating it for the same payment changes nothing. */
export async function extendHolds(
  { inventory, settings }: Dependencies,
  { reservationId, areaIds, poolIds }: ReservationClaims,
  payment: { paymentId: string; buyerId: string },
): Promise<Result<ExtendedHolds, Refusal>> {
  const { paymentWindowMs } = settings;
  let amountInCents = 0;
  const lines: AreaLine[] = [];
  let expiresAtMs = Number.POSITIVE_INFINITY;
  let currency = "COP";
  for (const id of [...poolIds, ...areaIds]) {
    const outcome = await inventory
      .area(id)
      .extendHold({ reservationId, ...payment, paymentWindowMs });
    if (!outcome.ok) return refused(outcome.refusal);
    amountInCents += totalOf(outcome.units);
    // A pool's part has no units, and so no lines.
    lines.push(...linesOfPart({ areaId: id, units: outcome.units }));
    expiresAtMs = Math.min(expiresAtMs, outcome.expiresAtMs);
    currency = outcome.currency;
  }
  return ok({ amountInCents, lines, currency, expiresAtMs });
}
