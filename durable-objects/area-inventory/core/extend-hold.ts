// Gives a hold the time its payment needs. Never shortens a hold, and extends it once per payment.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { heldOutcome } from "./place-hold.ts";
import { type Decision, type Reservation, type View, unchanged } from "./view.ts";

export function extendHold(
  view: View,
  command: Commands["extend-hold"],
  nowMs: number,
): Decision<Outcome<"extend-hold">> {
  const area = view.area();
  const reservation = view.reservation(command.reservationId);
  if (area === null || reservation === null) return unchanged(refuse({ code: "reservation_unknown" }));
  if (reservation.state === "sold" || reservation.state === "refund-due") {
    return unchanged(refuse({ code: "already_paid" }));
  }
  if (reservation.state !== "held" || reservation.expiresAtMs <= nowMs) {
    return unchanged(refuse({ code: "hold_expired" }));
  }
  if (reservation.paymentId === command.paymentId) {
    return unchanged(heldOutcome(reservation, reservation.expiresAtMs, area));
  }

  const extended: Reservation = {
    ...reservation,
    paymentId: command.paymentId,
    expiresAtMs: Math.max(reservation.expiresAtMs, nowMs + command.paymentWindowMs),
  };
  return {
    outcome: heldOutcome(extended, extended.expiresAtMs, area),
    changes: [{ kind: "reservation", reservation: extended }],
    effects: [],
  };
}
