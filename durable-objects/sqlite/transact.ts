// One synchronous SQLite transaction. Refuses a callback that returns a promise, by type and at run time,
// because anything after an await would run outside the transaction.

import type { SqliteStorage } from "./storage.ts";

type Synchronous<Value> = Value extends PromiseLike<unknown> ? never : Value;

/** Runs `work` in one transaction: all of its writes or, when it throws, none. */
export function transact<Value>(
  storage: SqliteStorage,
  work: () => Synchronous<Value>,
): Synchronous<Value> {
  return storage.transactionSync(() => {
    const value = work();
    if (value instanceof Promise) throw new Error("a transaction must be synchronous");
    return value;
  });
}
