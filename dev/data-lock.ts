// One stack at a time per data directory. The lock is SQLite's own file lock, which the system lets go of
// when its holder dies, so a kill -9 never leaves a directory locked. May not touch anything else in it.

import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** A held lock. */
export interface DataLock {
  /** Whether the stack before this one ended without letting go properly. */
  previousWasKilled: boolean;
  release(): void;
}

/** Takes the lock, or answers undefined while a running stack holds it. */
export function lockData(dataDirectory: string): DataLock | undefined {
  mkdirSync(dataDirectory, { recursive: true });
  const running = join(dataDirectory, "stack.running");
  const database = new DatabaseSync(join(dataDirectory, "stack.lock"));
  try {
    database.exec("BEGIN EXCLUSIVE");
  } catch {
    database.close();
    return undefined;
  }
  const previousWasKilled = existsSync(running);
  writeFileSync(running, `${process.pid}\n`);
  return {
    previousWasKilled,
    release() {
      rmSync(running, { force: true });
      if (database.isOpen) database.close();
    },
  };
}
