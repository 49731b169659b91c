// A buyer's commands decided a second time, from SPEC.md alone: see `plain-decisions.ts`.

import type {
  Command,
  Refusal,
  ReservedUnit,
  Selection,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaModel } from "./area-model.ts";

export type Of<Kind extends Command["kind"]> = Extract<Command, { kind: Kind }>;

export function hold(model: AreaModel, command: Of<"place-hold">, nowMs: number) {
  const { reservationId, selection } = command;
  if (model.settings === null || model.settings.eventId !== command.eventId)
    return refused({ code: "area_unknown" });
  const earlier = model.reservations.get(reservationId);
  if (earlier !== undefined && contentOf(earlier.selection) !== contentOf(selection))
    return refused({ code: "command_reused" });
  if (earlier !== undefined && earlier.state !== "released")
    return heldAnswer(model, earlier, earlier.holdExpiresAtMs);
  if (!model.settings.isOpen) return refused({ code: "area_closed" });
  const wanted = selection.kind === "units" ? new Set(selection.unitIds).size : selection.quantity;
  const max = model.settings.unitsPerReservationMax;
  if (wanted < 1 || wanted > max) return refused({ code: "quantity_invalid", max });

  const chosen = choose(model, selection);
  if (!Array.isArray(chosen)) return chosen;
  const expiresAtMs = nowMs + command.holdMs;
  const { priceInCents, serviceInCents } = model.settings;
  const reservation: Reservation = {
    reservationId,
    state: "held",
    selection,
    holdExpiresAtMs: expiresAtMs,
    expiresAtMs,
    paymentId: null,
    unitsReplaced: false,
    units: chosen.map(({ unitId, position, label }, index) => ({
      reservationUnitId: ticketIdOf(reservationId, command.firstUnitIndex + index),
      unitId,
      position,
      label,
      priceInCents,
      serviceInCents,
    })),
    tickets: [],
  };
  model.take(reservation);
  return heldAnswer(model, reservation, expiresAtMs);
}

function choose(model: AreaModel, selection: Selection): Unit[] | object {
  const free = model.count("available");
  if (selection.kind === "best-available") {
    if (free < selection.quantity) return refused({ code: "sold_out", available: free });
    const together = selection.together === true;
    const best = model.best(selection.quantity, together);
    return best === "not-together" ? refused({ code: "not_together", available: free }) : best;
  }
  const wanted = [...new Set(selection.unitIds)];
  const unknown = wanted.filter((unitId) => !model.units.some((unit) => unit.unitId === unitId));
  if (unknown.length > 0) return refused({ code: "units_unknown", unitIds: unknown });
  const units = model.units.filter((unit) => wanted.includes(unit.unitId));
  const taken = units.filter((unit) => model.stateOf(unit.unitId) !== "available");
  if (taken.length === 0) return units;
  return refused({ code: "units_taken", unitIds: taken.map((unit) => unit.unitId) });
}

export function extend(
  model: AreaModel,
  { reservationId, paymentId, paymentWindowMs }: Of<"extend-hold">,
  nowMs: number,
) {
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) return refused({ code: "already_paid" });
  if (reservation.state !== "held") return refused({ code: "hold_expired" });
  if (reservation.paymentId === paymentId)
    return heldAnswer(model, reservation, reservation.expiresAtMs);
  const latestMs = reservation.holdExpiresAtMs + paymentWindowMs;
  const wantedMs = Math.min(nowMs + paymentWindowMs, latestMs);
  const expiresAtMs = Math.max(reservation.expiresAtMs, wantedMs);
  model.put({ ...reservation, paymentId, expiresAtMs });
  return heldAnswer(model, reservation, expiresAtMs);
}

export function release(model: AreaModel, reservationId: string) {
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) return refused({ code: "already_paid" });
  if (reservation.state === "held") model.end(reservation, "released");
  return { ok: true, reservationId };
}

export function commit(model: AreaModel, { reservationId, paymentId }: Of<"commit-hold">) {
  const reservation = model.reservations.get(reservationId);
  if (reservation === undefined) return refused({ code: "reservation_unknown" });
  if (isPaid(reservation)) {
    if (reservation.paymentId !== paymentId) return refused({ code: "already_paid" });
    return reservation.state === "sold" ? soldAnswer(reservation) : refused({ code: "refund_due" });
  }
  if (reservation.state === "held") return sell(model, { ...reservation, paymentId });
  if (reservation.units.every((unit) => model.stateOf(unit.unitId) === "available"))
    return sell(model, { ...reservation, paymentId });
  const price = model.settings?.priceInCents;
  const mayReplace = reservation.units.every((unit) => unit.priceInCents === price);
  const enough = model.count("available") >= reservation.units.length;
  const others = mayReplace && enough ? model.best(reservation.units.length, false) : [];
  if (others.length > 0 && others !== "not-together") {
    const units: ReservedUnit[] = reservation.units.map((unit, index) => {
      const other = others[index];
      if (other === undefined) throw new Error("the model chose too few units");
      return { ...unit, unitId: other.unitId, position: other.position, label: other.label };
    });
    return sell(model, { ...reservation, paymentId, units, unitsReplaced: true });
  }
  model.put({ ...reservation, paymentId, state: "refund-due" });
  return refused({ code: "refund_due" });
}

function sell(model: AreaModel, reservation: Reservation) {
  const tickets = reservation.units.map(({ reservationUnitId }) => {
    return { reservationUnitId, serial: 1, admittedAtMs: null, scanId: null, gate: null };
  });
  const sold: Reservation = { ...reservation, state: "sold", tickets };
  model.take(sold);
  return soldAnswer(sold);
}

function heldAnswer(model: AreaModel, { reservationId, units }: Reservation, expiresAtMs: number) {
  const { profileId, currency } = model.settings ?? { profileId: "", currency: "" };
  return { ok: true, reservationId, profileId, expiresAtMs, currency, units };
}

function soldAnswer({ reservationId, units, unitsReplaced }: Reservation) {
  return { ok: true, reservationId, units, unitsReplaced };
}

function isPaid({ state }: Reservation): boolean {
  return state === "sold" || state === "refund-due";
}

function contentOf(selection: Selection): string {
  return selection.kind === "units"
    ? `units ${selection.unitIds.join(" ")}`
    : `best ${selection.quantity} ${selection.together === true}`;
}

function ticketIdOf(reservationId: string, index: number): string {
  return reservationId.slice(0, -4) + index.toString(16).padStart(4, "0");
}

export function refused(refusal: Refusal) {
  return { ok: false, refusal };
}
