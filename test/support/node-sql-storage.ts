// The storage of an object in plain Node: an in-memory SQLite of node:sqlite in the shape that the object's own code
// uses. With it the real store, migrations, batches and core run without the Workers runtime.

import { DatabaseSync, type SQLInputValue, type SQLOutputValue } from "node:sqlite";
import type { SqlValue, SqliteStorage } from "../../durable-objects/sqlite/storage.ts";

/** A storage and its database, for tests that look at the tables themselves. */
export interface NodeStorage extends SqliteStorage {
  readonly database: DatabaseSync;
}

export function createNodeStorage(): NodeStorage {
  const database = new DatabaseSync(":memory:");
  return {
    database,
    sql: {
      exec<Row extends Record<string, SqlValue>>(statement: string, ...bindings: SqlValue[]) {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows its own SELECT, as with SqlStorage
        const rows = run(database, statement, bindings) as Row[];
        return {
          toArray: () => rows,
          one() {
            const [row] = rows;
            if (row === undefined || rows.length > 1) {
              throw new Error(`expected one row, got ${rows.length}`);
            }
            return row;
          },
        };
      },
    },
    transactionSync<Value>(work: () => Value): Value {
      database.exec("BEGIN");
      try {
        const value = work();
        database.exec("COMMIT");
        return value;
      } catch (error) {
        database.exec("ROLLBACK");
        throw error;
      }
    },
  };
}

function run(
  database: DatabaseSync,
  statement: string,
  bindings: SqlValue[],
): Record<string, unknown>[] {
  if (bindings.length > 0)
    return database
      .prepare(statement)
      .all(...bindings.map(asInput))
      .map(asRow);
  // Migrations are several statements in one text, of which `prepare` would run the first alone.
  if (!/^\s*SELECT/i.test(statement)) {
    database.exec(statement);
    return [];
  }
  return database.prepare(statement).all().map(asRow);
}

/** A BLOB comes as an ArrayBuffer, as in the Workers runtime; node:sqlite gives a view that may share its buffer. */
function asRow(row: Record<string, SQLOutputValue>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      value instanceof Uint8Array ? Uint8Array.from(value).buffer : value,
    ]),
  );
}

function asInput(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}
