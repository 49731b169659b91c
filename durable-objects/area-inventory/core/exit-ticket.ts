// Somebody goes out through the gate, to come in again later. Only who is in can go out.

import { type Commands, type Outcome, type Passage, refuse } from "./commands.ts";
import { countOf, passagesOf, readScan, withPassage } from "./gate.ts";
import { withTicket } from "./tickets.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function exitTicket(
  view: View,
  command: Commands["exit-ticket"],
  nowMs: number,
): Decision<Outcome<"exit-ticket">> {
  const found = readScan(view, command);
  if ("ok" in found) return unchanged(found);
  const { reservation, ticket, unit } = found;
  const { reservationUnitId, scanId, gate } = command;
  const { label } = unit;
  const passages = passagesOf(ticket);
  const again = passages.find((passage) => passage.scanId === scanId);
  if (again !== undefined)
    return unchanged(
      again.direction === "out"
        ? { ok: true, reservationUnitId, label, exitedAtMs: again.atMs }
        : refuse({ code: "command_reused" }),
    );
  if (countOf(passages, "in") <= countOf(passages, "out"))
    return unchanged(refuse({ code: "not_inside" }));
  const passage: Passage = { direction: "out", scanId, gate, atMs: nowMs };
  return {
    outcome: { ok: true, reservationUnitId, label, exitedAtMs: nowMs },
    changes: [
      { kind: "reservation", reservation: withTicket(reservation, withPassage(ticket, passage)) },
    ],
    effects: [],
  };
}
