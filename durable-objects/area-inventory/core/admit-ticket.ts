// The gate's question: may this ticket come in? Once, and only with its newest serial.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { type Decision, type Ticket, type View, unchanged } from "./view.ts";

export function admitTicket(
  view: View,
  command: Commands["admit-ticket"],
  nowMs: number,
): Decision<Outcome<"admit-ticket">> {
  const area = view.area();
  // Another organizer's gate learns nothing, not even that the ticket exists.
  if (area === null || area.settings.profileId !== command.profileId) {
    return unchanged(refuse({ code: "ticket_unknown" }));
  }
  const ticket = view.ticket(command.reservationUnitId);
  if (ticket === null) return unchanged(refuse({ code: "ticket_unknown" }));
  if (ticket.serial !== command.serial) return unchanged(refuse({ code: "ticket_revoked" }));
  if (ticket.admittedAtMs !== null)
    return unchanged(answerAgain(ticket, ticket.admittedAtMs, command.scanId));

  const admitted: Ticket = {
    ...ticket,
    admittedAtMs: nowMs,
    scanId: command.scanId,
    gate: command.gate,
  };
  return {
    outcome: admittedOutcome(admitted, nowMs),
    changes: [{ kind: "tickets", tickets: [admitted] }],
    effects: [],
  };
}

function answerAgain(
  ticket: Ticket,
  admittedAtMs: number,
  scanId: string,
): Outcome<"admit-ticket"> {
  if (ticket.scanId === scanId) return admittedOutcome(ticket, admittedAtMs);
  return refuse({ code: "already_admitted", admittedAtMs, gate: ticket.gate ?? "" });
}

function admittedOutcome(ticket: Ticket, admittedAtMs: number): Outcome<"admit-ticket"> {
  return {
    ok: true,
    reservationUnitId: ticket.reservationUnitId,
    label: ticket.label,
    admittedAtMs,
  };
}
