// Holds what the buyers of a spike were told against what their areas and Postgres say in the end. Pure; every finding is
// a sentence.

import type { Areas } from "../crash/compare.ts";
import type { StoredReservation } from "../crash/object-state.ts";
import type { PostgresState } from "../crash/postgres-state.ts";
import type { SpikeLedger, SpikeReservation } from "./ledger.ts";

/** What an area may say at the end of a hold for which nobody paid. */
const UNPAID: Partial<Record<SpikeReservation["lastWord"], readonly string[]>> = {
  // Given back at the very end of its time it may have ended by itself; both are answered alike.
  released: ["released", "expired"],
  releasing: ["released", "expired"],
  left: ["held", "expired"],
};

/** Acknowledged holds that are not what their buyers were told, and buyers who paid for nothing. */
export function lostReservations(
  ledger: SpikeLedger,
  areas: Areas,
  postgres: PostgresState,
): string[] {
  return ledger.reservations.flatMap((known) => {
    const areaIds = [...new Set(known.units.map(({ areaId }) => areaId))];
    const parts = areaIds.map((areaId) => areas.get(areaId)?.reservations.get(known.reservationId));
    const found = [
      ...parts.map((part) =>
        part === undefined ? "gone from the object" : whatIsWrong(known, part),
      ),
      ...known.approvals.map(({ transactionId }) => moneyWithoutEnd(transactionId, postgres)),
      known.lastWord === "settled" && !parts.some((part) => part?.state === "sold")
        ? "settled, and nothing is sold"
        : null,
    ];
    const name = `${known.lastWord} reservation ${known.reservationId}`;
    return found.flatMap((what) => (what === null ? [] : [`${name}: ${what}`]));
  });
}

function whatIsWrong(known: SpikeReservation, part: StoredReservation): string | null {
  const { state, paymentId, unitsReplaced } = part;
  if (known.approvals.length === 0) {
    const allowed = UNPAID[known.lastWord] ?? [];
    return allowed.includes(state) ? null : `nobody paid, and the object says ${state}`;
  }
  if (state === "refund-due") return known.isLate ? null : "paid in time, and refused";
  if (state !== "sold") return `paid, and the object says ${state}`;
  if (!known.approvals.some((approval) => approval.paymentId === paymentId))
    return "sold to a payment that was not approved";
  if (unitsReplaced && !known.isLate) return "paid in time, and given other units";
  return hasWhatWasQuoted(known, part) ? null : "sold with other units or prices";
}

function hasWhatWasQuoted(known: SpikeReservation, part: StoredReservation): boolean {
  const told = new Map(known.units.map((unit) => [unit.reservationUnitId, unit]));
  return part.units.every(({ reservationUnitId, unitId, priceInCents, serviceInCents }) => {
    const unit = told.get(reservationUnitId);
    return (
      unit?.quotedInCents === priceInCents + serviceInCents &&
      (part.unitsReplaced || unit.unitId === unitId)
    );
  });
}

/** Who paid has tickets or gets the money back: a payment in Postgres says which. */
function moneyWithoutEnd(transactionId: string, { payments }: PostgresState): string | null {
  const payment = [...payments.values()].find(
    (one) => one.payment_gateway_transaction_id === transactionId,
  );
  if (payment === undefined) return `transaction ${transactionId} is in no payment`;
  return ["settled", "refund_due", "refunded"].includes(payment.status)
    ? null
    : `paid, and the payment is ${payment.status}`;
}
