// An organizer's commands for single units and tickets decided a second time, from SPEC.md alone: see `plain-decisions.ts`.

import { NEVER_MS, type Refused } from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation, Ticket } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";
import { heldAnswer } from "./plain-decisions-for-buyers.ts";
import { choose, contentOf, named, priced, quantityOf } from "./plain-choice.ts";
import { KEY_OF_POOL } from "./plain-limits.ts";
import { type Of, refused } from "./refused.ts";

export function reserve(
  model: AreaModel,
  { reservationId, selection }: Of<"reserve-units">,
): object {
  const { settings } = model;
  if (settings === null || settings.pool !== undefined || selection.kind === "pool")
    return refused({ code: "area_unknown" });
  const earlier = model.reservations.get(reservationId);
  if (earlier !== undefined)
    return contentOf(earlier.selection) === contentOf(selection)
      ? heldAnswer(model, earlier, earlier.holdExpiresAtMs)
      : refused({ code: "command_reused" });
  if (settings.isRestoring === true) return refused({ code: "area_closed" });
  const quantity = quantityOf(selection);
  if (quantity < 1) return refused({ code: "quantity_invalid", max: model.counts().available });
  const chosen = choose(model, selection);
  if (!Array.isArray(chosen)) return chosen;
  const terms = { stage: null, promotion: null, order: { units: quantity, discountInCents: 0 } };
  const reservation: Reservation = {
    reservationId,
    state: "held",
    selection,
    holdExpiresAtMs: NEVER_MS,
    expiresAtMs: NEVER_MS,
    paymentId: null,
    unitsReplaced: false,
    units: priced(settings, chosen, { reservationId, firstUnitIndex: 0, terms }),
    tickets: [],
    ...(settings.peoplePerUnit !== undefined && { peoplePerUnit: settings.peoplePerUnit }),
  };
  model.take(reservation);
  return heldAnswer(model, reservation, NEVER_MS);
}

export function block(model: AreaModel, { unitIds }: Of<"block-units">): object {
  if (model.settings === null) return refused({ code: "area_unknown" });
  const units = named(model, unitIds);
  if (!Array.isArray(units)) return units;
  const states = units.map(({ unitId }) => ({ unitId, state: model.stateOf(unitId) }));
  const taken = states.filter(({ state }) => state === "held" || state === "sold");
  if (taken.length > 0) {
    const takenIds = taken.map(({ unitId }) => unitId);
    return refused({ code: "units_taken", unitIds: takenIds, alternativeUnitIds: null });
  }
  const free = states.filter(({ state }) => state === "available");
  for (const { unitId } of free) model.block(unitId);
  return { ok: true, blocked: free.length };
}

export function unblock(model: AreaModel, { unitIds }: Of<"unblock-units">): object {
  if (model.settings === null) return refused({ code: "area_unknown" });
  const units = named(model, unitIds);
  if (!Array.isArray(units)) return units;
  const blocked = units.filter(({ unitId }) => model.blocked.has(unitId));
  for (const { unitId } of blocked) model.unblock(unitId);
  return { ok: true, unblocked: blocked.length };
}

export function cancel(model: AreaModel, command: Of<"cancel-tickets">, nowMs: number): object {
  const reservation = model.reservations.get(command.reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  const wanted = wantedTickets(reservation, command);
  if (!Array.isArray(wanted)) return wanted;

  const ids = wanted.map(({ reservationUnitId }) => reservationUnitId);
  if (ids.length === 0) return { ok: true, cancelled: [] };
  for (const { reservationUnitId, unitId } of reservation.units) {
    if (!ids.includes(reservationUnitId)) continue;
    model.leave(unitId);
    if (command.unitsBecome === "blocked") model.block(unitId);
  }
  const tickets = reservation.tickets.map((each) =>
    ids.includes(each.reservationUnitId) ? { ...each, cancelledAtMs: nowMs } : each,
  );
  const isOver = tickets.every((each) => each.cancelledAtMs !== undefined);
  // Only the buyer's share comes back.
  const uses = reservation.uses?.map(({ key, quantity }) => {
    return { key, quantity: key.startsWith("buyer:") ? quantity - ids.length : quantity };
  });
  const state = isOver ? "cancelled" : reservation.state;
  model.put({ ...reservation, state, tickets, ...(uses && { uses }) });
  return { ok: true, cancelled: ids };
}

function wantedTickets(
  { tickets }: Reservation,
  { reservationUnitIds }: Of<"cancel-tickets">,
): Ticket[] | Refused {
  const isTheirs = (id: string) => tickets.some((each) => each.reservationUnitId === id);
  if (reservationUnitIds?.every(isTheirs) === false) return refused({ code: "ticket_unknown" });
  const wanted = tickets.filter(
    ({ reservationUnitId, cancelledAtMs }) =>
      cancelledAtMs === undefined && reservationUnitIds?.includes(reservationUnitId) !== false,
  );
  for (const { admittedAtMs, gate } of wanted) {
    if (admittedAtMs !== null)
      return refused({ code: "already_admitted", admittedAtMs, gate: gate ?? "" });
  }
  return wanted;
}

export function loadCodes(model: AreaModel, { codes }: Of<"load-codes">): object {
  if (model.settings?.pool === undefined) return refused({ code: "area_unknown" });
  const added = new Set(codes.filter((code) => !model.codes.has(code)));
  for (const code of added) model.codes.add(code);
  if (added.size > 0) model.hasChanged = true;
  return { ok: true, added: added.size };
}

export function projectAgain(
  model: AreaModel,
  { reservationIds, unitIds }: Of<"project-again">,
): object {
  if (model.settings === null) return refused({ code: "area_unknown" });
  const known = new Set(reservationIds.filter((id) => model.reservations.has(id)));
  const units = model.units.filter(({ unitId }) => unitIds.includes(unitId));
  for (const id of known) model.touched.add(id);
  for (const { unitId } of units) model.toldUnits.add(unitId);
  if (known.size + units.length > 0) model.hasChanged = true;
  return { ok: true, reservations: known.size, units: units.length };
}

export function returnPart(
  model: AreaModel,
  { reservationId, paymentId, quantityKept }: Of<"return-part">,
): object {
  if (model.settings === null) return refused({ code: "reservation_unknown" });
  if (model.settings.pool === undefined) return refused({ code: "area_unknown" });
  const part = model.reservations.get(reservationId);
  if (part === undefined) return refused({ code: "reservation_unknown" });
  const outcome = { ok: true, reservationId };
  const had = part.uses?.find(({ key }) => key === KEY_OF_POOL)?.quantity ?? 0;
  if (part.state !== "sold" || part.paymentId !== paymentId || quantityKept >= had) return outcome;
  const kept = Math.max(0, quantityKept);
  const uses = (part.uses ?? []).flatMap((use) => {
    if (kept === 0) return [];
    return use.key.startsWith("code:")
      ? [use]
      : [{ ...use, quantity: Math.min(use.quantity, kept) }];
  });
  model.take({ ...part, state: kept === 0 ? "cancelled" : "sold", uses });
  return outcome;
}
