// Every SQL statement of the object, named for what it is for. Decides nothing and opens no transaction.

import type { Sql } from "../sqlite/storage.ts";
import type { AreaSettings, Unit } from "./core/commands.ts";
import type { Area, AreaCounts, Reservation } from "./core/view.ts";
import { AuditStore } from "./audit-store.ts";
import type { OutboxRow } from "./flush.ts";
import { oldestOutboxRows } from "./outbox-store.ts";
import {
  type BlockRow,
  type ReservationRow,
  type UnitRow,
  readJson,
  toReservation,
  toReservationRow,
  toUnit,
} from "./rows.ts";

type AreaRow = { settings: string; sequence: number } & Record<keyof AreaCounts, number>;

/** The area and the number of its newest batch. */
export interface StoredArea {
  area: Area;
  sequence: number;
}

export class AreaStore {
  readonly #sql: Sql;
  /** What only an audit asks. */
  readonly audit: AuditStore;

  constructor(sql: Sql) {
    this.#sql = sql;
    this.audit = new AuditStore(sql);
  }

  /** A batch that changed no count left its number in its outbox row alone. */
  loadArea(): StoredArea | null {
    const row = this.#sql
      .exec<AreaRow>(
        `SELECT settings, available, held, sold, blocked,
           max(sequence, (SELECT coalesce(max(sequence), 0) FROM outbox)) AS sequence FROM area`,
      )
      .toArray()[0];
    if (row === undefined) return null;
    const { settings, sequence, available, held, sold, blocked } = row;
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

  // A list is bound as one JSON array: a statement takes at most a hundred parameters.
  unitsById(unitIds: readonly string[]): Unit[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE unit_id IN (SELECT value FROM json_each(?)) ORDER BY position",
        JSON.stringify(unitIds),
      )
      .toArray()
      .map(toUnit);
  }

  unitsAtPositions(positions: readonly number[]): Unit[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE position IN (SELECT value FROM json_each(?)) ORDER BY position",
        JSON.stringify(positions),
      )
      .toArray()
      .map(toUnit);
  }

  unitsAfter(afterPosition: number, limit: number): Unit[] {
    return this.#sql
      .exec<UnitRow>(
        "SELECT * FROM unit WHERE position > ? ORDER BY position LIMIT ?",
        afterPosition,
        limit,
      )
      .toArray()
      .map(toUnit);
  }

  addUnits(units: readonly Unit[]): void {
    this.#sql.exec(
      `INSERT INTO unit (position, unit_id, row_number, number, label)
       SELECT value ->> 'position', value ->> 'unitId', value ->> 'row', value ->> 'number', value ->> 'label'
       FROM json_each(?)`,
      JSON.stringify(units),
    );
  }

  blocks(): BlockRow[] {
    return this.#sql.exec<BlockRow>("SELECT * FROM block ORDER BY block").toArray();
  }

  lastBlock(): BlockRow | null {
    return (
      this.#sql.exec<BlockRow>("SELECT * FROM block ORDER BY block DESC LIMIT 1").toArray()[0] ??
      null
    );
  }

  saveBlock({ block, start, row_number, last_number, states }: BlockRow): void {
    this.#sql.exec(
      `INSERT INTO block (block, start, row_number, last_number, states) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (block) DO UPDATE SET last_number = excluded.last_number, states = excluded.states`,
      block,
      start,
      row_number,
      last_number,
      states,
    );
  }

  saveBlockStates(block: number, states: ArrayBuffer): void {
    this.#sql.exec("UPDATE block SET states = ? WHERE block = ?", states, block);
  }

  reservation(reservationId: string): Reservation | null {
    const row = this.#sql
      .exec<ReservationRow>("SELECT * FROM reservation WHERE reservation_id = ?", reservationId)
      .toArray()[0];
    return row === undefined ? null : toReservation(row);
  }

  /** Ids of a reservation and of its units begin alike, so the primary key finds it. In no order. */
  reservationsByStem(stems: readonly string[]): Reservation[] {
    return this.#sql
      .exec<ReservationRow>(
        `SELECT reservation.* FROM json_each(?) AS stem
         CROSS JOIN reservation ON reservation_id >= stem.value AND reservation_id < stem.value || 'g'`,
        JSON.stringify(stems),
      )
      .toArray()
      .map(toReservation);
  }

  /** In no order. */
  reservations(reservationIds: readonly string[]): Reservation[] {
    return this.#sql
      .exec<ReservationRow>(
        "SELECT * FROM reservation WHERE reservation_id IN (SELECT value FROM json_each(?))",
        JSON.stringify(reservationIds),
      )
      .toArray()
      .map(toReservation);
  }

  /** Reads every reservation: for the start of an object. */
  expiriesOfHolds(): { reservationId: string; expiresAtMs: number }[] {
    return this.#sql
      .exec<{ reservationId: string; expiresAtMs: number }>(
        "SELECT reservation_id AS reservationId, expires_at_ms AS expiresAtMs FROM reservation WHERE state = 'held'",
      )
      .toArray();
  }

  /** Each by itself: SQLite takes longer to read a list of them out of JSON. */
  saveReservation(reservation: Reservation): void {
    const row = toReservationRow(reservation);
    this.#sql.exec(
      `INSERT INTO reservation (reservation_id, state, selection, hold_expires_at_ms, expires_at_ms, payment_id,
         units_replaced, units, tickets, details)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (reservation_id) DO UPDATE SET state = excluded.state, selection = excluded.selection,
         hold_expires_at_ms = excluded.hold_expires_at_ms, expires_at_ms = excluded.expires_at_ms,
         payment_id = excluded.payment_id, units_replaced = excluded.units_replaced, units = excluded.units,
         tickets = excluded.tickets, details = excluded.details`,
      row.reservation_id,
      row.state,
      row.selection,
      row.hold_expires_at_ms,
      row.expires_at_ms,
      row.payment_id,
      row.units_replaced,
      row.units,
      row.tickets,
      row.details,
    );
  }

  /** How much of a limited quantity is taken; null when nothing of it ever was. */
  quota(key: string): number | null {
    const row = this.#sql
      .exec<{ taken: number }>("SELECT taken FROM quota WHERE key = ?", key)
      .toArray()[0];
    return row?.taken ?? null;
  }

  saveQuotas(taken: ReadonlyMap<string, number>): void {
    if (taken.size === 0) return;
    this.#sql.exec(
      `INSERT INTO quota (key, taken) SELECT value ->> 0, value ->> 1 FROM json_each(?) WHERE true
       ON CONFLICT (key) DO UPDATE SET taken = excluded.taken`,
      JSON.stringify([...taken]),
    );
  }

  command(commandId: string): { content: string; outcome: string } | null {
    return (
      this.#sql
        .exec<{ content: string; outcome: string }>(
          "SELECT content, outcome FROM command WHERE command_id = ?",
          commandId,
        )
        .toArray()[0] ?? null
    );
  }

  saveCommands(commands: ReadonlyMap<string, { content: string; outcome: string }>): void {
    for (const [commandId, { content, outcome }] of commands) {
      this.#sql.exec(
        "INSERT INTO command (command_id, content, outcome) VALUES (?, ?, ?)",
        commandId,
        content,
        outcome,
      );
    }
  }

  addOutboxRow({ sequence, body }: OutboxRow): void {
    this.#sql.exec(
      "INSERT INTO outbox (sequence, body) VALUES (?, ?)",
      sequence,
      JSON.stringify(body),
    );
  }

  /** As many as go in one flush. */
  oldestOutboxRows(): OutboxRow[] {
    return oldestOutboxRows(this.#sql);
  }

  oldestOutboxSequence(): number | null {
    return this.#sql
      .exec<{ first: number | null }>("SELECT min(sequence) AS first FROM outbox")
      .one().first;
  }

  removeOutboxRows(throughSequence: number): void {
    // First: the number must not be lost with the row that had it.
    this.#sql.exec(
      "UPDATE area SET sequence = ? WHERE sequence < ?",
      throughSequence,
      throughSequence,
    );
    this.#sql.exec("DELETE FROM outbox WHERE sequence <= ?", throughSequence);
  }
}
