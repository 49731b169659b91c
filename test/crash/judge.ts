// Holds what the buyers were told against what is there: what was acknowledged and is gone, what was sold twice, and money
// that became neither tickets nor a refund. Pure; every finding is a sentence.

import { centsToDecimal } from "../../src/shared/money.ts";
import type { Areas } from "./compare.ts";
import type { AcknowledgedHold, KnownReservation, LastWord, Ledger } from "./ledger.ts";
import type { ReservationState, StoredReservation } from "./object-state.ts";
import type { PostgresPayment, PostgresState } from "./postgres-state.ts";

/** What each last word allows the object to say. What was on its way may have arrived or not. */
const ALLOWED: Record<LastWord, readonly ReservationState[]> = {
  held: ["held"],
  left: ["held", "expired"],
  releasing: ["held", "released"],
  released: ["released"],
  approved: ["sold", "held"],
  settled: ["sold"],
  returned: [],
};
const ALLOWED_LATE: Record<LastWord, readonly ReservationState[]> = {
  ...ALLOWED,
  approved: ["sold", "refund-due", "held", "released"],
  returned: ["sold", "refund-due"],
};

/** Acknowledged reservations that are not what their buyers were told; at most one sentence each. */
export function lostReservations(ledger: Ledger, areas: Areas, postgres: PostgresState): string[] {
  return ledger.reservations.flatMap((known) => {
    const what = whatIsLost(known, areas, postgres);
    const { lastWord, reservationId } = known;
    return what === null ? [] : [`${lastWord} reservation ${reservationId}: ${what}`];
  });
}

function whatIsLost(known: KnownReservation, areas: Areas, postgres: PostgresState): string | null {
  const { reservationId, lastWord, isLate, paymentId } = known;
  const allowed = (isLate ? ALLOWED_LATE : ALLOWED)[lastWord];
  for (const areaId of new Set(known.units.map((unit) => unit.areaId))) {
    const stored = areas.get(areaId)?.reservations.get(reservationId);
    if (stored === undefined) return "gone from the object";
    if (!allowed.includes(stored.state)) return `the object says ${stored.state}`;
    if (stored.state === "sold" && stored.paymentId !== paymentId) return "sold to another payment";
    if (!hasItsUnits(stored, known, areaId)) return "the object has other units";
  }
  if (paymentId === null) return null;
  const payment = postgres.payments.get(paymentId);
  if (payment === undefined) return "its payment is gone from Postgres";
  if (lastWord === "settled" && payment.status !== "settled")
    return `its payment is ${payment.status}`;
  return null;
}

function hasItsUnits(stored: StoredReservation, known: KnownReservation, areaId: string): boolean {
  const wanted = known.units.filter((unit) => unit.areaId === areaId);
  if (stored.units.length !== wanted.length) return false;
  // Who gave them back and paid all the same may get equal ones.
  if (known.isLate && stored.unitsReplaced) return true;
  const unitIds = new Map(stored.units.map((unit) => [unit.reservationUnitId, unit.unitId]));
  return wanted.every((unit) => unitIds.get(unit.reservationUnitId) === unit.unitId);
}

/** Units that two have at the same time, in an object, in Postgres, or by what two buyers were told. */
export function oversoldUnits(
  ledger: Ledger<AcknowledgedHold>,
  areas: Areas,
  postgres: PostgresState,
): string[] {
  const told = ledger.reservations
    .filter(({ lastWord, isLate }) => ["held", "settled"].includes(lastWord) && !isLate)
    .flatMap(({ units }) => units.map(({ unitId }) => unitId));
  const stored = [...areas.values()].flatMap(({ reservations }) =>
    [...reservations.values()]
      .filter(({ state }) => state === "held" || state === "sold")
      .flatMap(({ units }) => units.map(({ unitId }) => unitId)),
  );
  const tickets = postgres.tickets
    .filter(({ status }) => status !== "cancelled")
    .map((ticket) => ticket.unit_id);
  return [...new Set([told, stored, tickets].flatMap(repeated))].map((unitId) => `unit ${unitId}`);
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return ids.filter((id) => seen.has(id) || !seen.add(id));
}

/** Every approved transaction is a settled payment or money that goes back, and no other payment is. */
export function moneyUnaccounted(ledger: Ledger, areas: Areas, postgres: PostgresState): string[] {
  const found: string[] = [];
  const paid = new Set<string>();
  for (const known of ledger.reservations) {
    if (known.transaction === null || known.paymentId === null) continue;
    paid.add(known.paymentId);
    const what = whatOfMoney(known, areas, postgres.payments.get(known.paymentId));
    if (what !== null) found.push(`transaction ${known.transaction.id}: ${what}`);
  }
  for (const { id, status } of postgres.payments.values()) {
    if (status !== "pending" && !paid.has(id)) found.push(`payment ${id} is ${status}, never paid`);
  }
  return found;
}

function whatOfMoney(
  { reservationId, transaction, units, isLate }: KnownReservation,
  areas: Areas,
  payment: PostgresPayment | undefined,
): string | null {
  if (payment === undefined) return "no payment in Postgres";
  if (payment.payment_gateway_transaction_id !== transaction?.id) return "not in its payment";
  if (payment.amount !== centsToDecimal(transaction.amountInCents)) return "another amount";
  const states = [...new Set(units.map(({ areaId }) => areaId))].map(
    (areaId) => areas.get(areaId)?.reservations.get(reservationId)?.state,
  );
  const areAllSold = states.every((state) => state === "sold");
  switch (payment.status) {
    case "settled":
      return areAllSold ? null : `settled, and the areas say ${states.join()}`;
    case "refund_due":
    case "refunded":
      if (!isLate) return `${payment.status}, and nobody gave the units back`;
      return states.includes("refund-due") && Number(payment.refund_amount) > 0
        ? null
        : `${payment.status} of ${payment.refund_amount}, and the areas say ${states.join()}`;
    default:
      return `still ${payment.status}`;
  }
}
