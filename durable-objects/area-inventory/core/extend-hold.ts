// Gives a hold the time its payment needs, once per payment. Never shortens a hold, and never lets it live longer than
// one payment window after its first expiry: starting payments again and again must not keep units for ever.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { changeBuyer } from "./change-buyer.ts";
import { heldOutcome } from "./place-hold.ts";
import { isPaid } from "./release-hold.ts";
import { type Decision, type Reservation, type View, unchanged } from "./view.ts";

export function extendHold(
  view: View,
  command: Commands["extend-hold"],
  nowMs: number,
): Decision<Outcome<"extend-hold">> {
  const area = view.area();
  const reservation = view.reservation(command.reservationId);
  if (area === null || reservation === null)
    return unchanged(refuse({ code: "reservation_unknown" }));
  if (isPaid(reservation)) return unchanged(refuse({ code: "already_paid" }));
  if (reservation.state !== "held" || reservation.expiresAtMs <= nowMs) {
    return unchanged(refuse({ code: "hold_expired" }));
  }
  if (reservation.paymentId === command.paymentId) {
    return unchanged(heldOutcome(reservation, reservation.expiresAtMs, area));
  }
  // Nobody is sent to pay what would only be given back.
  if (area.settings.isCancelled === true) return unchanged(refuse({ code: "area_closed" }));

  const share = changeBuyer(view, area.settings, { reservation, buyerId: command.buyerId });
  if ("ok" in share) return unchanged(share);
  const latestMs = reservation.holdExpiresAtMs + command.paymentWindowMs;
  const wantedMs = Math.min(nowMs + command.paymentWindowMs, latestMs);
  const extended: Reservation = {
    ...share.reservation,
    paymentId: command.paymentId,
    expiresAtMs: Math.max(reservation.expiresAtMs, wantedMs),
  };
  return {
    outcome: heldOutcome(extended, extended.expiresAtMs, area),
    changes: [{ kind: "reservation", reservation: extended }, ...share.changes],
    effects: [],
  };
}
