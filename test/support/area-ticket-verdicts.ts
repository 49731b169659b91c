// What the model of an area says to the gate, and to commands that carry an id of their own.

import type { Commands, RefusalCode } from "../../durable-objects/area-inventory/core/commands.ts";
import { ticketOf } from "./area-fixtures.ts";
import { type AreaModel, type ModelTicket, type Part, UNITS } from "./area-model.ts";

/** The code of the refusal that must come, or what the answer must have. */
export type Verdict = RefusalCode | object;

function ticketAt(
  model: AreaModel,
  ticketId: string,
): { part: Part; ticket: ModelTicket } | undefined {
  for (const [reservationId, part] of model.parts) {
    const ticket = part.tickets.find((_, index) => ticketOf(reservationId, index) === ticketId);
    if (ticket !== undefined) return { part, ticket };
  }
  return undefined;
}

export function pass(model: AreaModel, command: Commands["admit-ticket" | "exit-ticket"]): Verdict {
  const { reservationUnitId, scanId } = command;
  const found = ticketAt(model, reservationUnitId);
  if (found === undefined) return "ticket_unknown";
  const { ticket, part } = found;
  if (ticket.serial !== command.serial) return "ticket_revoked";
  if (ticket.isCancelled) return "ticket_cancelled";
  const direction = command.kind === "admit-ticket" ? "in" : "out";
  const again = ticket.passages.find((passage) => passage.scanId === scanId);
  if (again !== undefined)
    return again.direction === direction ? { reservationUnitId } : "command_reused";
  const wentIn = ticket.passages.filter((passage) => passage.direction === "in").length;
  const wentOut = ticket.passages.length - wentIn;
  if (direction === "out" && wentIn <= wentOut) return "not_inside";
  const { allowsReentry, peoplePerUnit } = model.settings;
  const people = Math.max(peoplePerUnit, part.peopleAtHold);
  const inside = allowsReentry ? wentIn - wentOut : wentIn;
  if (direction === "in" && inside >= people) return "already_admitted";
  ticket.passages.push({ direction, scanId });
  return { reservationUnitId };
}

type Remembered = Commands["block-units" | "unblock-units" | "cancel-tickets" | "reissue-ticket"];

/** What is told is remembered by what was asked for. */
export function once(model: AreaModel, command: Remembered, outcome: object): Verdict {
  const content = JSON.stringify(command);
  const known = model.told.get(command.commandId);
  if (known !== undefined) return known.content === content ? known.outcome : "command_reused";
  const verdict = decide(model, command);
  if (typeof verdict !== "string") model.told.set(command.commandId, { content, outcome });
  return verdict;
}

function decide(model: AreaModel, command: Remembered): Verdict {
  if (command.kind === "cancel-tickets") return cancel(model, command);
  if (command.kind === "reissue-ticket") {
    const ticket = ticketAt(model, command.reservationUnitId)?.ticket;
    if (ticket === undefined) return "ticket_unknown";
    if (ticket.isCancelled) return "ticket_cancelled";
    if (ticket.passages.length > 0) return "already_admitted";
    ticket.serial += 1;
    return { serial: ticket.serial };
  }
  const unitIds = [...new Set(command.unitIds)];
  if (unitIds.some((unitId) => Number(unitId.slice(5)) >= UNITS)) return "units_unknown";
  const wereBlocked = unitIds.filter((unitId) => model.blocked.has(unitId)).length;
  if (command.kind === "unblock-units") {
    for (const unitId of unitIds) model.blocked.delete(unitId);
    return { unblocked: wereBlocked };
  }
  const owners = model.owners();
  if (unitIds.some((unitId) => owners.has(unitId))) return "units_taken";
  for (const unitId of unitIds) model.blocked.add(unitId);
  return { blocked: unitIds.length - wereBlocked };
}

function cancel(model: AreaModel, command: Commands["cancel-tickets"]): Verdict {
  const { reservationId, reservationUnitIds, unitsBecome } = command;
  const part = model.parts.get(reservationId);
  if (part === undefined) return "reservation_unknown";
  const all = part.tickets.map((_, index) => ticketOf(reservationId, index));
  const wanted = new Set(reservationUnitIds ?? all);
  if ([...wanted].some((ticketId) => !all.includes(ticketId))) return "ticket_unknown";
  const named = part.tickets.filter((_, index) => wanted.has(all[index] ?? ""));
  if (named.some(({ passages }) => passages.length > 0)) return "already_admitted";
  const valid = named.filter(({ isCancelled }) => !isCancelled);
  const cancelled = all.filter((_, index) =>
    valid.some((ticket) => ticket === part.tickets[index]),
  );
  for (const [index, unitId] of part.unitIds.entries())
    if (unitsBecome === "blocked" && cancelled.includes(all[index] ?? ""))
      model.blocked.add(unitId);
  for (const ticket of valid) ticket.isCancelled = true;
  if (all.length > 0 && part.tickets.every(({ isCancelled }) => isCancelled))
    part.state = "cancelled";
  return { cancelled };
}
