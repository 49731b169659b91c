// The SQLite of one simulated object. Its content outlives the object; the object's hold on it ends with a crash, which can
// be told to come just before the next transaction commits.

import {
  DatabaseSync,
  type SQLInputValue,
  type SQLOutputValue,
  type StatementSync,
} from "node:sqlite";
import type { Sql, SqlValue, SqliteStorage } from "../../durable-objects/sqlite/storage.ts";

/** What a dead object's code runs into when it touches its storage. */
export class Crashed extends Error {}

export interface StorageWatch {
  /** False once the object has crashed. */
  isAlive(): boolean;
  began(): void;
  /** Ends the object if its crash is due now. */
  beforeCommit(): void;
  /** Rows the transaction wrote, when it was committed. */
  committed(rowsWritten: number): void;
}

export class ObjectDatabase {
  readonly database = new DatabaseSync(":memory:");
  readonly #statements = new Map<string, StatementSync>();
  #hasTables = false;

  /** All rows of one statement. */
  all(statement: string, ...bindings: SqlValue[]): Record<string, unknown>[] {
    let prepared = this.#statements.get(statement);
    if (prepared === undefined) {
      prepared = this.database.prepare(statement);
      this.#statements.set(statement, prepared);
    }
    const rows = prepared.all(...bindings.map(asInput));
    // Only blocks have bytes.
    return statement.includes(" block") ? rows.map(asRow) : rows;
  }

  number(statement: string): number {
    return Number(Object.values(this.all(statement)[0] ?? {})[0]);
  }

  /** Between transactions; tables never go. */
  hasTables(): boolean {
    this.#hasTables ||= this.number("SELECT count(*) FROM sqlite_master") > 0;
    return this.#hasTables;
  }

  close(): void {
    this.database.close();
  }

  /** The storage as one life of the object sees it. */
  open(watch: StorageWatch): SqliteStorage {
    const mustLive = () => {
      if (!watch.isAlive()) throw new Crashed("the object is dead");
    };
    const rowsWritten = () => this.number("SELECT total_changes()");
    const sql: Sql = {
      exec: <Row extends Record<string, SqlValue>>(text: string, ...bindings: SqlValue[]) => {
        mustLive();
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the caller knows its own SELECT, as with SqlStorage
        const rows = this.#run(text, bindings) as Row[];
        return { toArray: () => rows, one: () => onlyOne(rows) };
      },
    };
    return {
      sql,
      transactionSync: (work) => {
        mustLive();
        watch.began();
        this.database.exec("BEGIN");
        try {
          const before = rowsWritten();
          const value = work();
          const written = rowsWritten() - before;
          watch.beforeCommit();
          this.database.exec("COMMIT");
          watch.committed(written);
          return value;
        } catch (error) {
          if (this.database.isTransaction) this.database.exec("ROLLBACK");
          throw error;
        }
      },
    };
  }

  #run(text: string, bindings: readonly SqlValue[]): Record<string, unknown>[] {
    // Migrations are several statements in one text, of which `prepare` would run the first alone.
    const isScript = bindings.length === 0 && !/^\s*SELECT/i.test(text);
    if (!isScript) return this.all(text, ...bindings);
    this.database.exec(text);
    return [];
  }
}

function onlyOne<Row>(rows: readonly Row[]): Row {
  const [row] = rows;
  if (row === undefined || rows.length > 1) throw new Error(`expected one row, got ${rows.length}`);
  return row;
}

/** A BLOB comes as an ArrayBuffer, as in the Workers runtime; node:sqlite gives a view that may share its buffer. */
function asRow(row: Record<string, SQLOutputValue>): Record<string, unknown> {
  const shared: Record<string, unknown> = row;
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Uint8Array) shared[name] = Uint8Array.from(value).buffer;
  }
  return shared;
}

function asInput(value: SqlValue): SQLInputValue {
  return value instanceof ArrayBuffer ? new Uint8Array(value) : value;
}
