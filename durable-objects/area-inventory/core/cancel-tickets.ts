// Tickets are taken back, because their money goes back or the organizer says so: their units are on sale again or
// blocked, and nobody comes in with them any more. Who is in, or was, keeps the ticket.

import {
  type Commands,
  type Outcome,
  type QuotaUse,
  type Refused,
  type Reservation,
  type Ticket,
  refuse,
} from "./commands.ts";
import { returnQuotas } from "./quotas.ts";
import { isValid, withTickets } from "./tickets.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function cancelTickets(
  view: View,
  command: Commands["cancel-tickets"],
  nowMs: number,
): Decision<Outcome<"cancel-tickets">> {
  const reservation = view.reservation(command.reservationId);
  if (view.area() === null || reservation === null)
    return unchanged(refuse({ code: "reservation_unknown" }));
  const tickets = chosenTickets(reservation, command.reservationUnitIds);
  if (!Array.isArray(tickets)) return unchanged(tickets);

  const ids = tickets.map(({ reservationUnitId }) => reservationUnitId);
  const outcome = { ok: true as const, cancelled: ids };
  if (tickets.length === 0) return unchanged(outcome);
  const cancelled = withTickets(
    reservation,
    new Map(tickets.map((each) => [each.reservationUnitId, { ...each, cancelledAtMs: nowMs }])),
  );
  const { left, returned } = splitBuyerShare(reservation.uses ?? [], tickets.length);
  const state = cancelled.tickets.some(isValid) ? reservation.state : "cancelled";
  const freed = reservation.units.filter((unit) => ids.includes(unit.reservationUnitId));
  return {
    outcome,
    changes: [
      {
        kind: "unit-state",
        positions: freed.map(({ position }) => position),
        state: command.unitsBecome,
      },
      {
        kind: "reservation",
        reservation: { ...cancelled, state, ...(left.length > 0 && { uses: left }) },
      },
      ...returnQuotas(returned),
    ],
    effects: [],
  };
}

/** The valid ones of those named, or of all; an admitted one refuses the whole. */
function chosenTickets(
  { tickets }: Reservation,
  reservationUnitIds: readonly string[] | undefined,
): Ticket[] | Refused {
  const wanted = new Set(reservationUnitIds ?? tickets.map((each) => each.reservationUnitId));
  const named = tickets.filter(({ reservationUnitId }) => wanted.has(reservationUnitId));
  if (named.length < wanted.size) return refuse({ code: "ticket_unknown" });
  const admitted = named.find((each) => isValid(each) && each.admittedAtMs !== null);
  if (admitted !== undefined)
    return refuse({
      code: "already_admitted",
      admittedAtMs: admitted.admittedAtMs ?? 0,
      gate: admitted.gate ?? "",
    });
  return named.filter(isValid);
}

/** A buyer may buy again what was taken back; a stage's units and a promotion's uses stay spent. */
function splitBuyerShare(
  uses: readonly QuotaUse[],
  units: number,
): { left: QuotaUse[]; returned: QuotaUse[] } {
  const isShare = ({ key }: QuotaUse) => key.startsWith("buyer:");
  return {
    left: uses.map((use) => (isShare(use) ? { ...use, quantity: use.quantity - units } : use)),
    returned: uses.filter(isShare).map(({ key }) => ({ key, quantity: units })),
  };
}
