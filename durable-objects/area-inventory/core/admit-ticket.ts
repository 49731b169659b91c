// The gate's question: may this ticket come in? As often as it admits people, once for most, and only with its newest
// serial. Where the organizer allows it, whoever went out may come in again. A ticket never admits fewer than it was held for:
// an organizer who lowers their number is only told of sales that were there a moment before.

import { type Commands, type Outcome, type Passage, refuse } from "./commands.ts";
import { countOf, passagesOf, readScan, withPassage } from "./gate.ts";
import { withTicket } from "./tickets.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function admitTicket(
  view: View,
  command: Commands["admit-ticket"],
  nowMs: number,
): Decision<Outcome<"admit-ticket">> {
  const found = readScan(view, command);
  if ("ok" in found) return unchanged(found);
  const { reservation, ticket, unit, settings } = found;
  const { reservationUnitId, scanId, gate } = command;
  const { label } = unit;
  const passages = passagesOf(ticket);
  const again = passages.find((passage) => passage.scanId === scanId);
  if (again !== undefined)
    return unchanged(
      again.direction === "in"
        ? { ok: true, reservationUnitId, label, admittedAtMs: again.atMs }
        : refuse({ code: "command_reused" }),
    );

  const entered = countOf(passages, "in");
  const inside = settings.allowsReentry === true ? entered - countOf(passages, "out") : entered;
  const last = passages.findLast(({ direction }) => direction === "in");
  const peopleMax = Math.max(settings.peoplePerUnit ?? 1, reservation.peoplePerUnit ?? 1);
  if (last !== undefined && inside >= peopleMax) {
    const { atMs: admittedAtMs, gate: firstGate } = last;
    return unchanged(refuse({ code: "already_admitted", admittedAtMs, gate: firstGate }));
  }
  const passage: Passage = { direction: "in", scanId, gate, atMs: nowMs };
  return {
    outcome: { ok: true, reservationUnitId, label, admittedAtMs: nowMs },
    changes: [
      { kind: "reservation", reservation: withTicket(reservation, withPassage(ticket, passage)) },
    ],
    effects: [],
  };
}
