// Brings back what an area had sold and held, from what it once told Postgres, after its own data was lost. Only while the
// area is marked as restoring, so that nothing can be sold in between; or, where it lost but some reservations, by mending,
// which takes free units as a hold does. What the area knows itself is never touched.

import {
  type Commands,
  type InventoryEffect,
  type Outcome,
  type Reservation,
  refuse,
} from "./commands.ts";
import { takeQuotas } from "./quotas.ts";
import { unitsTakenBy } from "./tickets.ts";
import { type Change, type Decision, type View, unchanged } from "./view.ts";

export function restoreReservations(
  view: View,
  command: Commands["restore-reservations"],
  nowMs: number,
): Decision<Outcome<"restore-reservations">> {
  const area = view.area();
  if (area === null) return unchanged(refuse({ code: "area_unknown" }));
  if (area.settings.isRestoring !== true && command.isMending !== true)
    return unchanged(refuse({ code: "not_restoring" }));

  // A hold whose time is over takes nothing: other commands of this batch must not meet it any more.
  const missing = command.reservations
    .filter(({ reservationId }) => view.reservation(reservationId) === null)
    .map((each) => (isOver(each, nowMs) ? expired(each) : each));
  const free = freeUnits(view, missing);
  const changes: Change[] = [{ kind: "sequence", atLeast: command.sequenceAtLeast }];
  for (const reservation of missing) {
    const takesUnits = reservation.state === "held" || reservation.state === "sold";
    const inTheWay = takesUnits ? claim(reservation, free) : [];
    if (inTheWay.length === 0) changes.push(...restore(reservation));
    // The last that Postgres heard of a hold may be older than the sale of its units to somebody else.
    else if (reservation.state === "held") changes.push(...restore(expired(reservation)));
    // Two sales of one unit are for a person to look at.
    else return unchanged(refuse({ code: "units_conflict", unitIds: inTheWay }));
  }
  return { outcome: { ok: true, restored: missing.length }, changes, effects: deliveries(missing) };
}

function isOver({ state, expiresAtMs }: Reservation, nowMs: number): boolean {
  return state === "held" && expiresAtMs <= nowMs;
}

function expired(reservation: Reservation): Reservation {
  return { ...reservation, state: "expired" };
}

/** The loss may have taken the announcement of a sale along; one that was carried out is not carried out again. */
function deliveries(reservations: readonly Reservation[]): InventoryEffect[] {
  return (
    reservations
      // A pool's part has no tickets to deliver.
      .filter(
        ({ state, tickets }) => state === "refund-due" || (state === "sold" && tickets.length > 0),
      )
      .map(({ reservationId }) => ({ kind: "deliver-tickets", reservationId }))
  );
}

function freeUnits(view: View, reservations: readonly Reservation[]): Map<number, string> {
  const positions = reservations.flatMap(({ units }) => units.map((unit) => unit.position));
  const units = view.unitsAtPositions(positions).filter((unit) => unit.state === "available");
  return new Map(units.map((unit) => [unit.position, unit.unitId]));
}

/** Takes the reservation's units out of the free ones, or names those that are not free, and takes none. */
function claim(reservation: Reservation, free: Map<number, string>): string[] {
  const units = unitsTakenBy(reservation);
  const inTheWay = units.filter(({ position, unitId }) => free.get(position) !== unitId);
  if (inTheWay.length === 0) for (const { position } of units) free.delete(position);
  return inTheWay.map((unit) => unit.unitId);
}

function restore(reservation: Reservation): Change[] {
  const { state } = reservation;
  const record: Change = { kind: "reservation", reservation };
  // What was spent of a stage or a promotion stays spent when its tickets are cancelled.
  if (state === "cancelled") return [record, ...takeQuotas(reservation.uses)];
  if (state !== "held" && state !== "sold") return [record];
  const positions = unitsTakenBy(reservation).map((unit) => unit.position);
  return [{ kind: "unit-state", positions, state }, record, ...takeQuotas(reservation.uses)];
}
