// As much of an object's SQLite storage as its own code uses. The platform's storage has this shape, and so has the
// one of the tests in plain Node.

export type SqlValue = string | number | ArrayBuffer | null;

export interface Sql {
  /** Runs one statement with bindings, or several without. */
  exec<Row extends Record<string, SqlValue>>(
    statement: string,
    ...bindings: SqlValue[]
  ): { toArray(): Row[]; one(): Row };
}

export interface SqliteStorage {
  readonly sql: Sql;
  transactionSync<Value>(work: () => Value): Value;
}
