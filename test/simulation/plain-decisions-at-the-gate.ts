// What happens to a ticket at the gate and before it, decided a second time, from SPEC.md alone: see `plain-decisions.ts`.

import type { Passage, Refused } from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation, Ticket } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";
import { type Of, refused } from "./refused.ts";

interface Found {
  reservation: Reservation;
  ticket: Ticket;
}

export function admit(model: AreaModel, command: Of<"admit-ticket">, nowMs: number): object {
  const found = scanned(model, command);
  if ("ok" in found) return found;
  const passages = passagesOf(found.ticket);
  const answer = answerAt(found);
  const again = passages.find(({ scanId }) => scanId === command.scanId);
  if (again !== undefined) {
    if (again.direction === "out") return refused({ code: "command_reused" });
    return { ...answer, admittedAtMs: again.atMs };
  }
  const { peoplePerUnit: peopleNow = 1, allowsReentry = false } = model.settings ?? {};
  const { peoplePerUnit: peopleAtHold = 1 } = found.reservation;
  const people = peopleAtHold > peopleNow ? peopleAtHold : peopleNow;
  const entries = passages.filter(({ direction }) => direction === "in");
  const exits = allowsReentry ? passages.length - entries.length : 0;
  const last = entries.at(-1);
  if (last !== undefined && entries.length - exits >= people)
    return refused({ code: "already_admitted", admittedAtMs: last.atMs, gate: last.gate });
  pass(model, found, { direction: "in", atMs: nowMs, scanId: command.scanId, gate: command.gate });
  return { ...answer, admittedAtMs: nowMs };
}

export function exit(model: AreaModel, command: Of<"exit-ticket">, nowMs: number): object {
  const found = scanned(model, command);
  if ("ok" in found) return found;
  const passages = passagesOf(found.ticket);
  const answer = answerAt(found);
  const again = passages.find(({ scanId }) => scanId === command.scanId);
  if (again !== undefined) {
    if (again.direction === "in") return refused({ code: "command_reused" });
    return { ...answer, exitedAtMs: again.atMs };
  }
  let inside = 0;
  for (const { direction } of passages) inside += direction === "in" ? 1 : -1;
  if (inside <= 0) return refused({ code: "not_inside" });
  pass(model, found, { direction: "out", atMs: nowMs, scanId: command.scanId, gate: command.gate });
  return { ...answer, exitedAtMs: nowMs };
}

export function reissue(model: AreaModel, { reservationUnitId }: Of<"reissue-ticket">): object {
  const found = find(model, reservationUnitId);
  if (found === null) return refused({ code: "ticket_unknown" });
  const { ticket } = found;
  if (ticket.cancelledAtMs !== undefined) return refused({ code: "ticket_cancelled" });
  const [first] = passagesOf(ticket);
  if (first !== undefined)
    return refused({ code: "already_admitted", admittedAtMs: first.atMs, gate: first.gate });
  const serial = ticket.serial + 1;
  change(model, found, { ...ticket, serial });
  return { ok: true, reservationUnitId, serial };
}

/** In the order in which they happened. */
export function passagesOf({ admittedAtMs, scanId, gate, passages = [] }: Ticket): Passage[] {
  if (admittedAtMs === null || scanId === null || gate === null) return [];
  return [{ direction: "in", scanId, gate, atMs: admittedAtMs }, ...passages];
}

function scanned(
  model: AreaModel,
  { profileId, reservationUnitId, serial }: Of<"admit-ticket" | "exit-ticket">,
): Found | Refused {
  const found = find(model, reservationUnitId);
  if (model.settings?.profileId !== profileId || found === null)
    return refused({ code: "ticket_unknown" });
  if (found.ticket.serial !== serial) return refused({ code: "ticket_revoked" });
  if (found.ticket.cancelledAtMs !== undefined) return refused({ code: "ticket_cancelled" });
  return found;
}

function find(model: AreaModel, reservationUnitId: string): Found | null {
  for (const reservation of model.reservations.values()) {
    const ticket = reservation.tickets.find((each) => each.reservationUnitId === reservationUnitId);
    if (ticket !== undefined) return { reservation, ticket };
  }
  return null;
}

function answerAt({ reservation, ticket }: Found) {
  const { reservationUnitId } = ticket;
  const unit = reservation.units.find((each) => each.reservationUnitId === reservationUnitId);
  return { ok: true, reservationUnitId, label: unit?.label };
}

function pass(model: AreaModel, found: Found, passage: Passage): void {
  const { ticket } = found;
  const { atMs, scanId, gate } = passage;
  if (ticket.admittedAtMs === null)
    change(model, found, { ...ticket, admittedAtMs: atMs, scanId, gate });
  else change(model, found, { ...ticket, passages: [...(ticket.passages ?? []), passage] });
}

function change(model: AreaModel, { reservation, ticket }: Found, changed: Ticket): void {
  const tickets = reservation.tickets.map((each) => (each === ticket ? changed : each));
  model.put({ ...reservation, tickets });
}
