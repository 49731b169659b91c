// The SQL statements of those who compare the object with Postgres: reservations page by page, and what still waits in the
// outbox. Reads only.

import type { Sql } from "../sqlite/storage.ts";
import type { OutboxSummary } from "./contract.ts";
import type { Reservation } from "./core/view.ts";
import { waitsForMoreThanOneFlush } from "./outbox-store.ts";
import { type ReservationRow, toReservation } from "./rows.ts";

/** Counting more rows would cost the object more than anybody gains by knowing. */
const OUTBOX_ROWS_COUNTED_MAX = 1_000;

export class AuditStore {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** In order of id. */
  reservationsAfter(afterId: string, limit: number): Reservation[] {
    return this.#sql
      .exec<ReservationRow>(
        "SELECT * FROM reservation WHERE reservation_id > ? ORDER BY reservation_id LIMIT ?",
        afterId,
        limit,
      )
      .toArray()
      .map(toReservation);
  }

  /** Unknown ids are left out. */
  reservationsById(reservationIds: readonly string[]): Reservation[] {
    return this.#sql
      .exec<ReservationRow>(
        "SELECT * FROM reservation WHERE reservation_id IN (SELECT value FROM json_each(?))",
        JSON.stringify(reservationIds),
      )
      .toArray()
      .map(toReservation);
  }

  /** How many rows wait, counted up to a limit, and since when the oldest does. */
  outboxSummary(): OutboxSummary {
    const { rows, oldest } = this.#sql
      .exec<{ rows: number; oldest: number | null }>(
        `SELECT (SELECT count(*) FROM (SELECT 1 FROM outbox LIMIT ?)) AS rows,
           (SELECT body ->> 'atMs' FROM outbox ORDER BY sequence LIMIT 1) AS oldest`,
        OUTBOX_ROWS_COUNTED_MAX,
      )
      .one();
    return { rows, oldestAtMs: oldest };
  }

  /** Of these reservations and units, those a waiting row speaks of; all, when more rows wait than one flush takes. */
  waitingIds(ids: readonly string[]): string[] {
    if (waitsForMoreThanOneFlush(this.#sql)) return [...ids];
    return this.#sql
      .exec<{ id: string }>(
        `WITH told AS (
           SELECT part.value ->> 'reservationId' AS id FROM outbox, json_each(body, '$.reservations') AS part
           UNION SELECT part.value ->> 'unitId' FROM outbox, json_each(body, '$.units') AS part
         )
         SELECT value AS id FROM json_each(?) WHERE value IN (SELECT id FROM told)`,
        JSON.stringify(ids),
      )
      .toArray()
      .map(({ id }) => id);
  }
}
