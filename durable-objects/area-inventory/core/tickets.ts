// Tickets within a reservation: finding one, and the reservation with one or several of them changed.

import type { Reservation, ReservedUnit, Ticket } from "./commands.ts";
import type { View } from "./view.ts";

export interface FoundTicket {
  reservation: Reservation;
  ticket: Ticket;
  unit: ReservedUnit;
}

export function findTicket(view: View, reservationUnitId: string): FoundTicket | null {
  const reservation = view.reservationOfUnit(reservationUnitId);
  const isIt = (each: { reservationUnitId: string }) =>
    each.reservationUnitId === reservationUnitId;
  const ticket = reservation?.tickets.find(isIt);
  const unit = reservation?.units.find(isIt);
  if (reservation === null || ticket === undefined || unit === undefined) return null;
  return { reservation, ticket, unit };
}

export function withTicket(reservation: Reservation, changed: Ticket): Reservation {
  return withTickets(reservation, new Map([[changed.reservationUnitId, changed]]));
}

/** `changed` by the tickets' ids. */
export function withTickets(
  reservation: Reservation,
  changed: ReadonlyMap<string, Ticket>,
): Reservation {
  const tickets = reservation.tickets.map((each) => changed.get(each.reservationUnitId) ?? each);
  return { ...reservation, tickets };
}

/** A ticket that still stands for a unit. */
export function isValid({ cancelledAtMs }: Ticket): boolean {
  return cancelledAtMs === undefined;
}

/** The units of a held or sold reservation that nobody else can have: all but those whose ticket was cancelled. */
export function unitsTakenBy({ units, tickets }: Reservation): ReservedUnit[] {
  const cancelled = new Set(
    tickets.filter((ticket) => !isValid(ticket)).map((ticket) => ticket.reservationUnitId),
  );
  return units.filter(({ reservationUnitId }) => !cancelled.has(reservationUnitId));
}
