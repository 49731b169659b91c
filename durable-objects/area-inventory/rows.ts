// How the core's records look as SQLite rows, and back. Translation only.

import type { Unit } from "./core/commands.ts";
import type { Reservation } from "./core/view.ts";

export type UnitRow = {
  position: number;
  unit_id: string;
  row_number: number;
  number: number;
  label: string;
};

export type BlockRow = {
  block: number;
  start: number;
  row_number: number;
  last_number: number;
  states: ArrayBuffer;
};

export type ReservationRow = {
  reservation_id: string;
  state: Reservation["state"];
  selection: string;
  hold_expires_at_ms: number;
  expires_at_ms: number;
  payment_id: string | null;
  units_replaced: number;
  units: string;
  tickets: string;
  details: string | null;
};

/** What few reservations have, kept together. */
type ReservationDetails = Pick<Reservation, "terms" | "uses" | "pools" | "peoplePerUnit">;

/** Reads JSON this object wrote itself; its shape is that of the code that wrote it, which the reader names. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- no schema: stored rows are our own
export const readJson: <Value>(text: string) => Value = JSON.parse;

export function toUnit(row: UnitRow): Unit {
  return {
    position: row.position,
    unitId: row.unit_id,
    row: row.row_number,
    number: row.number,
    label: row.label,
  };
}

export function toReservation(row: ReservationRow): Reservation {
  return {
    reservationId: row.reservation_id,
    state: row.state,
    selection: readJson(row.selection),
    holdExpiresAtMs: row.hold_expires_at_ms,
    expiresAtMs: row.expires_at_ms,
    paymentId: row.payment_id,
    unitsReplaced: row.units_replaced === 1,
    units: readJson(row.units),
    tickets: readJson(row.tickets),
    ...(row.details !== null && readJson<ReservationDetails>(row.details)),
  };
}

export function toReservationRow(reservation: Reservation): ReservationRow {
  const { terms, uses, pools, peoplePerUnit } = reservation;
  const details: ReservationDetails = {
    ...(terms !== undefined && { terms }),
    ...(uses !== undefined && { uses }),
    ...(pools !== undefined && { pools }),
    ...(peoplePerUnit !== undefined && { peoplePerUnit }),
  };
  return {
    reservation_id: reservation.reservationId,
    state: reservation.state,
    selection: JSON.stringify(reservation.selection),
    hold_expires_at_ms: reservation.holdExpiresAtMs,
    expires_at_ms: reservation.expiresAtMs,
    payment_id: reservation.paymentId,
    units_replaced: reservation.unitsReplaced ? 1 : 0,
    units: JSON.stringify(reservation.units),
    tickets: JSON.stringify(reservation.tickets),
    details: Object.keys(details).length === 0 ? null : JSON.stringify(details),
  };
}
