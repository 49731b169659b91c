// Every SQL statement of the object, named for what it is for. Decides nothing and opens no transaction.

import type { Sql } from "../sqlite/storage.ts";
import type { AreaSettings, Unit } from "./core/commands.ts";
import type {
  Area,
  AreaCounts,
  Reservation,
  Ticket,
  UnitRecord,
  UnitState,
  View,
} from "./core/view.ts";
import type { UnitStatus } from "./contract.ts";
import { type OutboxRow, FLUSH_ROWS_MAX } from "./flush.ts";
import {
  type ReservationRow,
  type TicketRow,
  type UnitRow,
  readJson,
  toReservation,
  toTicket,
  toUnit,
} from "./rows.ts";

type AreaRow = { settings: string; sequence: number } & Record<keyof AreaCounts, number>;

/** The area and the number of its newest batch. */
export interface StoredArea {
  area: Area;
  sequence: number;
}

export class AreaStore implements Omit<View, "area"> {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  loadArea(): StoredArea | null {
    const row = this.#sql.exec<AreaRow>("SELECT * FROM area").toArray()[0];
    if (row === undefined) return null;
    const { settings, sequence, ...counts } = row;
    const { available, held, sold, blocked } = counts;
    return {
      area: { settings: readJson<AreaSettings>(settings), available, held, sold, blocked },
      sequence,
    };
  }

  saveArea({ area, sequence }: StoredArea): void {
    this.#sql.exec(
      `INSERT INTO area (id, settings, available, held, sold, blocked, sequence) VALUES (1, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET settings = excluded.settings, available = excluded.available,
         held = excluded.held, sold = excluded.sold, blocked = excluded.blocked, sequence = excluded.sequence`,
      JSON.stringify(area.settings),
      area.available,
      area.held,
      area.sold,
      area.blocked,
      sequence,
    );
  }

  availableUnits(limit: number): UnitRecord[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE state = 'available' ORDER BY position LIMIT ?",
        limit,
      )
      .toArray()
      .map(toUnit);
  }

  // A list is bound as one JSON array: a statement takes at most a hundred parameters.
  unitsById(unitIds: readonly string[]): UnitRecord[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE unit_id IN (SELECT value FROM json_each(?)) ORDER BY position",
        JSON.stringify(unitIds),
      )
      .toArray()
      .map(toUnit);
  }

  unitsAtPositions(positions: readonly number[]): UnitRecord[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
        JSON.stringify(positions),
      )
      .toArray()
      .map(toUnit);
  }

  unitStatuses(afterPosition: number, limit: number): UnitStatus[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE position > ? ORDER BY position LIMIT ?",
        afterPosition,
        limit,
      )
      .toArray()
      .map((row) => ({
        position: row.position,
        unitId: row.unit_id,
        label: row.label,
        state: row.state,
      }));
  }

  addUnits(units: readonly Unit[]): void {
    this.#sql.exec(
      `INSERT INTO unit (position, unit_id, row_number, number, label, state)
       SELECT value ->> 'position', value ->> 'unitId', value ->> 'row', value ->> 'number', value ->> 'label', 'available'
       FROM json_each(?)`,
      JSON.stringify(units),
    );
  }

  countByState(positions: readonly number[]): { state: UnitState; units: number }[] {
    return this.#sql
      .exec<{ state: UnitState; units: number }>(
        "SELECT state, count(*) AS units FROM unit WHERE position IN (SELECT value FROM json_each(?)) GROUP BY state",
        JSON.stringify(positions),
      )
      .toArray();
  }

  setUnitState(positions: readonly number[], state: UnitState, reservationId: string | null): void {
    this.#sql.exec(
      "UPDATE unit SET state = ?, reservation_id = ? WHERE position IN (SELECT value FROM json_each(?))",
      state,
      reservationId,
      JSON.stringify(positions),
    );
  }

  reservation(reservationId: string): Reservation | null {
    const row = this.#sql
      .exec<ReservationRow>("SELECT * FROM reservation WHERE reservation_id = ?", reservationId)
      .toArray()[0];
    return row === undefined ? null : toReservation(row);
  }

  holdsDue(nowMs: number): Reservation[] {
    return this.#sql
      .exec<ReservationRow>(
        "SELECT * FROM reservation WHERE state = 'held' AND expires_at_ms <= ? ORDER BY expires_at_ms",
        nowMs,
      )
      .toArray()
      .map(toReservation);
  }

  firstExpiryMs(): number | null {
    return this.#sql
      .exec<{ first: number | null }>(
        "SELECT min(expires_at_ms) AS first FROM reservation WHERE state = 'held'",
      )
      .one().first;
  }

  saveReservation(reservation: Reservation): void {
    this.#sql.exec(
      `INSERT INTO reservation (reservation_id, state, selection, hold_expires_at_ms, expires_at_ms, payment_id,
         units_replaced, units) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (reservation_id) DO UPDATE SET state = excluded.state, selection = excluded.selection,
         hold_expires_at_ms = excluded.hold_expires_at_ms, expires_at_ms = excluded.expires_at_ms,
         payment_id = excluded.payment_id, units_replaced = excluded.units_replaced, units = excluded.units`,
      reservation.reservationId,
      reservation.state,
      JSON.stringify(reservation.selection),
      reservation.holdExpiresAtMs,
      reservation.expiresAtMs,
      reservation.paymentId,
      reservation.unitsReplaced ? 1 : 0,
      JSON.stringify(reservation.units),
    );
  }

  ticket(reservationUnitId: string): Ticket | null {
    return this.tickets([reservationUnitId])[0] ?? null;
  }

  tickets(reservationUnitIds: readonly string[]): Ticket[] {
    return this.#sql
      .exec<TicketRow>(
        "SELECT * FROM ticket WHERE reservation_unit_id IN (SELECT value FROM json_each(?))",
        JSON.stringify(reservationUnitIds),
      )
      .toArray()
      .map(toTicket);
  }

  saveTicket(ticket: Ticket): void {
    this.#sql.exec(
      `INSERT INTO ticket (reservation_unit_id, reservation_id, label, serial, admitted_at_ms, scan_id, gate)
       VALUES (?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (reservation_unit_id) DO UPDATE SET serial = excluded.serial,
         admitted_at_ms = excluded.admitted_at_ms, scan_id = excluded.scan_id, gate = excluded.gate`,
      ticket.reservationUnitId,
      ticket.reservationId,
      ticket.label,
      ticket.serial,
      ticket.admittedAtMs,
      ticket.scanId,
      ticket.gate,
    );
  }

  addOutboxRow({ sequence, body }: OutboxRow): void {
    this.#sql.exec(
      "INSERT INTO outbox (sequence, body) VALUES (?, ?)",
      sequence,
      JSON.stringify(body),
    );
  }

  oldestOutboxRows(): OutboxRow[] {
    return this.#sql
      .exec<{ sequence: number; body: string }>(
        "SELECT sequence, body FROM outbox ORDER BY sequence LIMIT ?",
        FLUSH_ROWS_MAX,
      )
      .toArray()
      .map(({ sequence, body }) => ({ sequence, body: readJson(body) }));
  }

  oldestOutboxSequence(): number | null {
    return this.#sql
      .exec<{ first: number | null }>("SELECT min(sequence) AS first FROM outbox")
      .one().first;
  }

  removeOutboxRows(throughSequence: number): void {
    this.#sql.exec("DELETE FROM outbox WHERE sequence <= ?", throughSequence);
  }
}
