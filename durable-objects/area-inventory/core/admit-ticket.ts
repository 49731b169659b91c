// The gate's question: may this ticket come in? Once, and only with its newest serial.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { type Decision, type Reservation, type Ticket, type View, unchanged } from "./view.ts";

export function admitTicket(
  view: View,
  command: Commands["admit-ticket"],
  nowMs: number,
): Decision<Outcome<"admit-ticket">> {
  const { reservationUnitId, profileId, serial, scanId, gate } = command;
  const area = view.area();
  // Another organizer's gate learns nothing, not even that the ticket exists.
  if (area === null || area.settings.profileId !== profileId) {
    return unchanged(refuse({ code: "ticket_unknown" }));
  }
  const reservation = view.reservationOfUnit(reservationUnitId);
  const ticket = reservation?.tickets.find((each) => each.reservationUnitId === reservationUnitId);
  if (reservation === null || ticket === undefined) {
    return unchanged(refuse({ code: "ticket_unknown" }));
  }
  if (ticket.serial !== serial) return unchanged(refuse({ code: "ticket_revoked" }));
  const label = labelOf(reservation, reservationUnitId);
  if (ticket.admittedAtMs !== null) {
    const { admittedAtMs } = ticket;
    return unchanged(
      ticket.scanId === scanId
        ? { ok: true, reservationUnitId, label, admittedAtMs }
        : refuse({ code: "already_admitted", admittedAtMs, gate: ticket.gate ?? "" }),
    );
  }
  const admitted: Ticket = { ...ticket, admittedAtMs: nowMs, scanId, gate };
  return {
    outcome: { ok: true, reservationUnitId, label, admittedAtMs: nowMs },
    changes: [{ kind: "reservation", reservation: withTicket(reservation, admitted) }],
    effects: [],
  };
}

function labelOf(reservation: Reservation, reservationUnitId: string): string {
  return (
    reservation.units.find((unit) => unit.reservationUnitId === reservationUnitId)?.label ?? ""
  );
}

function withTicket(reservation: Reservation, ticket: Ticket): Reservation {
  return {
    ...reservation,
    tickets: reservation.tickets.map((each) =>
      each.reservationUnitId === ticket.reservationUnitId ? ticket : each,
    ),
  };
}
