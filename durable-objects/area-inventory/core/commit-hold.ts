// Turns a paid reservation into tickets. The money is already taken, so every way out is either tickets or a
// refund: the same units if the hold lives or they are still free, else as many equal ones, else `refund_due`; which is all
// there is once the event is cancelled.

import { type Commands, type CommitOutcome, type Outcome, refuse } from "./commands.ts";
import { findOveruse, takeQuotas } from "./quotas.ts";
import { endHold, isPaid } from "./release-hold.ts";
import {
  type Area,
  type Decision,
  type Reservation,
  type Ticket,
  type UnitRecord,
  type View,
  unchanged,
} from "./view.ts";

export function commitHold(
  view: View,
  command: Commands["commit-hold"],
): Decision<Outcome<"commit-hold">> {
  const area = view.area();
  const reservation = view.reservation(command.reservationId);
  if (area === null || reservation === null)
    return unchanged(refuse({ code: "reservation_unknown" }));

  const { paymentId } = command;
  if (isPaid(reservation)) return answerAgain(reservation, paymentId);
  if (area.settings.isCancelled === true) return refundDue({ ...reservation, paymentId });
  // One that is past due and not yet swept keeps its units and quantities all the same: they are as good as free to it.
  if (reservation.state === "held") return sell(reservation, paymentId);
  return commitLapsed(view, area, { ...reservation, paymentId });
}

/** A second payment for what is already bought is not another ticket: the caller gives its money back. */
function answerAgain(
  reservation: Reservation,
  paymentId: string,
): Decision<Outcome<"commit-hold">> {
  if (reservation.paymentId !== paymentId) {
    return unchanged(refuse({ code: "already_paid" }));
  }
  if (reservation.state === "refund-due") return unchanged(refuse({ code: "refund_due" }));
  return unchanged(soldOutcome(reservation));
}

function commitLapsed(
  view: View,
  area: Area,
  reservation: Reservation,
): Decision<Outcome<"commit-hold">> {
  const paymentId = reservation.paymentId ?? "";
  const uses = reservation.uses ?? [];
  const units = unitsStillToBeHad(view, area, reservation);
  // What the price depended on may be gone, even if the units are not.
  if (units === null || findOveruse(view, area.settings, uses) !== null)
    return refundDue(reservation);
  const sold = sell(units, paymentId);
  return { ...sold, changes: [...sold.changes, ...takeQuotas(uses)] };
}

/** The reservation with the same units, or with equal ones; null when there are none. */
function unitsStillToBeHad(view: View, area: Area, reservation: Reservation): Reservation | null {
  const same = view.unitsAtPositions(reservation.units.map((unit) => unit.position));
  if (same.every((unit) => unit.state === "available")) return reservation;
  const quotedAtTodaysPrice = reservation.units.every(
    ({ baseInCents, priceInCents }) => (baseInCents ?? priceInCents) === area.settings.priceInCents,
  );
  const quantity = reservation.units.length;
  const replacements = quotedAtTodaysPrice ? view.bestUnits(quantity, { together: false }) : null;
  return replacements === null ? null : replaceUnits(reservation, replacements);
}

function refundDue(reservation: Reservation): Decision<Outcome<"commit-hold">> {
  return {
    outcome: refuse({ code: "refund_due" }),
    changes:
      reservation.state === "held"
        ? endHold(reservation, "refund-due")
        : [{ kind: "reservation", reservation: { ...reservation, state: "refund-due" } }],
    // Other areas of the reservation may have sold their part: their tickets go out once no part is undecided.
    effects: [{ kind: "deliver-tickets", reservationId: reservation.reservationId }],
  };
}

function replaceUnits(reservation: Reservation, replacements: readonly UnitRecord[]): Reservation {
  const units = reservation.units.map((unit, index) => {
    const replacement = replacements[index];
    if (replacement === undefined) throw new Error("fewer replacements than units");
    const { unitId, position, label } = replacement;
    return { ...unit, unitId, position, label };
  });
  return { ...reservation, units, unitsReplaced: true };
}

function sell(reservation: Reservation, paymentId: string): Decision<Outcome<"commit-hold">> {
  const tickets: Ticket[] = reservation.units.map(({ reservationUnitId }) => ({
    reservationUnitId,
    serial: 1,
    admittedAtMs: null,
    scanId: null,
    gate: null,
  }));
  const sold: Reservation = { ...reservation, state: "sold", paymentId, tickets };
  return {
    outcome: soldOutcome(sold),
    changes: [
      {
        kind: "unit-state",
        positions: sold.units.map((unit) => unit.position),
        state: "sold",
      },
      { kind: "reservation", reservation: sold },
    ],
    // A pool's part has no tickets to deliver.
    effects:
      tickets.length === 0 ? [] : [{ kind: "deliver-tickets", reservationId: sold.reservationId }],
  };
}

function soldOutcome(reservation: Reservation): CommitOutcome {
  return {
    ok: true,
    reservationId: reservation.reservationId,
    units: reservation.units,
    unitsReplaced: reservation.unitsReplaced,
  };
}
