// A buyer gives a hold back. What was paid cannot be released; releasing twice is releasing.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { type Change, type Decision, type Reservation, type View, unchanged } from "./view.ts";

export function releaseHold(
  view: View,
  command: Commands["release-hold"],
): Decision<Outcome<"release-hold">> {
  const reservation = view.reservation(command.reservationId);
  if (reservation === null) return unchanged(refuse({ code: "reservation_unknown" }));
  if (reservation.state === "sold" || reservation.state === "refund-due") {
    return unchanged(refuse({ code: "already_paid" }));
  }
  const outcome = { ok: true as const, reservationId: reservation.reservationId };
  if (reservation.state !== "held") return unchanged(outcome);
  return { outcome, changes: endHold(reservation, "released"), effects: [] };
}

/** The changes that end a hold and give its units back. */
export function endHold(reservation: Reservation, state: "released" | "expired"): Change[] {
  return [
    {
      kind: "unit-state",
      positions: reservation.units.map((unit) => unit.position),
      state: "available",
    },
    { kind: "reservation", reservation: { ...reservation, state } },
  ];
}
