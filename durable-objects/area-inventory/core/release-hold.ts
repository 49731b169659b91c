// A buyer gives a hold back. What was paid cannot be released; releasing twice is releasing.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { returnQuotas } from "./quotas.ts";
import { type Change, type Decision, type Reservation, type View, unchanged } from "./view.ts";

export function releaseHold(
  view: View,
  command: Commands["release-hold"],
): Decision<Outcome<"release-hold">> {
  const reservation = view.reservation(command.reservationId);
  if (reservation === null) return unchanged(refuse({ code: "reservation_unknown" }));
  if (isPaid(reservation)) {
    return unchanged(refuse({ code: "already_paid" }));
  }
  const outcome = { ok: true as const, reservationId: reservation.reservationId };
  const meantMs = command.holdExpiresAtMs ?? reservation.holdExpiresAtMs;
  if (reservation.state !== "held" || meantMs !== reservation.holdExpiresAtMs)
    return unchanged(outcome);
  return { outcome, changes: endHold(reservation, "released"), effects: [] };
}

/** The changes that end a hold and give its units back. */
export function endHold(
  reservation: Reservation,
  state: "released" | "expired" | "refund-due",
): Change[] {
  return [
    {
      kind: "unit-state",
      positions: reservation.units.map((unit) => unit.position),
      state: "available",
    },
    { kind: "reservation", reservation: { ...reservation, state } },
    ...returnQuotas(reservation.uses),
  ];
}

/** Somebody paid for it, whatever became of that. */
export function isPaid({ state }: Reservation): boolean {
  return state === "sold" || state === "refund-due" || state === "cancelled";
}
