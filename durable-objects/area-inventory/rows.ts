// How the core's records look as SQLite rows, and back. Translation only.

import type { Reservation, Ticket, UnitRecord, UnitState } from "./core/view.ts";

export type UnitRow = {
  position: number;
  unit_id: string;
  row_number: number;
  number: number;
  label: string;
  state: UnitState;
  reservation_id: string | null;
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
};

export type TicketRow = {
  reservation_unit_id: string;
  reservation_id: string;
  label: string;
  serial: number;
  admitted_at_ms: number | null;
  scan_id: string | null;
  gate: string | null;
};

/** Reads JSON this object wrote itself; its shape is that of the code that wrote it, which the reader names. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- no schema: stored rows are our own
export const readJson: <Value>(text: string) => Value = JSON.parse;

export function toUnit(row: UnitRow): UnitRecord {
  return {
    position: row.position,
    unitId: row.unit_id,
    row: row.row_number,
    number: row.number,
    label: row.label,
    state: row.state,
    reservationId: row.reservation_id,
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
  };
}

export function toTicket(row: TicketRow): Ticket {
  return {
    reservationUnitId: row.reservation_unit_id,
    reservationId: row.reservation_id,
    label: row.label,
    serial: row.serial,
    admittedAtMs: row.admitted_at_ms,
    scanId: row.scan_id,
    gate: row.gate,
  };
}
