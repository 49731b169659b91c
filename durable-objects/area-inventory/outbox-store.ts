// The SQL statements that say which rows of the outbox go in one flush. Reads only.

import type { Sql } from "../sqlite/storage.ts";
import { FLUSH_BYTES_MAX, FLUSH_ROWS_MAX, type OutboxRow } from "./flush.ts";
import { readJson } from "./rows.ts";

/** In order of sequence. */
export function oldestOutboxRows(sql: Sql): OutboxRow[] {
  return sql
    .exec<{ sequence: number; body: string }>(
      "SELECT sequence, body FROM outbox WHERE sequence <= ? ORDER BY sequence",
      lastOfFlush(sql),
    )
    .toArray()
    .map(({ sequence, body }) => ({ sequence, body: readJson(body) }));
}

/** Whether rows are left when one flush has taken what it takes. */
export function waitsForMoreThanOneFlush(sql: Sql): boolean {
  const { more } = sql
    .exec<{ more: number }>(
      "SELECT EXISTS (SELECT 1 FROM outbox WHERE sequence > ?) AS more",
      lastOfFlush(sql),
    )
    .one();
  return more === 1;
}

/** The number of the last row that one flush takes; 0 when none waits. Asks for the sizes of bodies and reads none. */
function lastOfFlush(sql: Sql): number {
  return sql
    .exec<{ last: number }>(
      `SELECT coalesce(max(sequence), 0) AS last FROM (
         SELECT sequence, sum(size) OVER in_order AS bytes, row_number() OVER in_order AS place
         FROM (SELECT sequence, octet_length(body) AS size FROM outbox ORDER BY sequence LIMIT ?)
         WINDOW in_order AS (ORDER BY sequence)
       ) WHERE bytes <= ? OR place = 1`,
      FLUSH_ROWS_MAX,
      FLUSH_BYTES_MAX,
    )
    .one().last;
}
