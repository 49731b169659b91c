// A ticket gets a new serial, for a new holder or after its code was lost: only the newest serial is admitted.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { findTicket, isValid, withTicket } from "./tickets.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function reissueTicket(
  view: View,
  { reservationUnitId }: Commands["reissue-ticket"],
): Decision<Outcome<"reissue-ticket">> {
  const found = view.area() === null ? null : findTicket(view, reservationUnitId);
  if (found === null) return unchanged(refuse({ code: "ticket_unknown" }));
  const { reservation, ticket } = found;
  if (!isValid(ticket)) return unchanged(refuse({ code: "ticket_cancelled" }));
  // Somebody is in with it: a second living code for the same place would let another one in.
  if (ticket.admittedAtMs !== null) {
    const { admittedAtMs, gate } = ticket;
    return unchanged(refuse({ code: "already_admitted", admittedAtMs, gate: gate ?? "" }));
  }
  const serial = ticket.serial + 1;
  return {
    outcome: { ok: true, reservationUnitId, serial },
    changes: [{ kind: "reservation", reservation: withTicket(reservation, { ...ticket, serial }) }],
    effects: [],
  };
}
