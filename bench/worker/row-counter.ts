// Counts what an object writes, by wrapping the runtime's own `exec` and `setAlarm` while a count is on.

export interface CountedRows {
  rowsWritten: number;
  rowsRead: number;
  alarmsSet: number;
  statements: { text: string; calls: number; rowsWritten: number }[];
}

type Exec = SqlStorage["exec"];

interface Count {
  cursors: { text: string; cursor: SqlStorageCursor<Record<string, SqlStorageValue>> }[];
  alarmsSet: number;
  restore: () => void;
}

let count: Count | null = null;

export const RowCounter = {
  start(storage: DurableObjectStorage): void {
    count?.restore();
    const sqlPrototype: { exec: Exec } = Object.getPrototypeOf(storage.sql);
    const storagePrototype: { setAlarm: DurableObjectStorage["setAlarm"] } =
      Object.getPrototypeOf(storage);
    const { exec } = sqlPrototype;
    const { setAlarm } = storagePrototype;
    const current: Count = {
      cursors: [],
      alarmsSet: 0,
      restore() {
        sqlPrototype.exec = exec;
        storagePrototype.setAlarm = setAlarm;
      },
    };
    count = current;
    sqlPrototype.exec = function counted<Row extends Record<string, SqlStorageValue>>(
      this: SqlStorage,
      query: string,
      ...bindings: unknown[]
    ) {
      const cursor = exec.call<SqlStorage, [string, ...unknown[]], SqlStorageCursor<Row>>(
        this,
        query,
        ...bindings,
      );
      current.cursors.push({ text: query, cursor });
      return cursor;
    };
    storagePrototype.setAlarm = function counted(this: DurableObjectStorage, ...rest) {
      current.alarmsSet += 1;
      return setAlarm.apply(this, rest);
    };
  },

  // A cursor knows its rows only when it has been read to its end, which by now they all have.
  stop(): CountedRows {
    if (count === null) throw new Error("nothing is being counted");
    const { cursors, alarmsSet, restore } = count;
    restore();
    count = null;
    const statements = new Map<string, { text: string; calls: number; rowsWritten: number }>();
    let rowsWritten = 0;
    let rowsRead = 0;
    for (const { text, cursor } of cursors) {
      const key = text.replace(/\s+/g, " ").trim().slice(0, 60);
      const statement = statements.get(key) ?? { text: key, calls: 0, rowsWritten: 0 };
      statement.calls += 1;
      statement.rowsWritten += cursor.rowsWritten;
      statements.set(key, statement);
      rowsWritten += cursor.rowsWritten;
      rowsRead += cursor.rowsRead;
    }
    return { rowsWritten, rowsRead, alarmsSet, statements: [...statements.values()] };
  },
};
