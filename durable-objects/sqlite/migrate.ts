// Brings an object's SQLite tables up to date. Migrations are append-only: one that was applied never changes.

import type { Sql } from "./storage.ts";

/** Whether `migrate` ever ran here. Reading only, so that asking about an unknown object leaves no trace of it. */
export function isMigrated(sql: Sql): boolean {
  return (
    sql.exec("SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'migration'").toArray()
      .length === 1
  );
}

/** Applies the migrations that are not applied yet, in order. Call it inside a transaction. */
export function migrate(sql: Sql, migrations: readonly string[]): void {
  sql.exec("CREATE TABLE IF NOT EXISTS migration (version INTEGER PRIMARY KEY)");
  const applied = sql
    .exec<{ version: number }>("SELECT coalesce(max(version), 0) AS version FROM migration")
    .one().version;
  for (const [index, statements] of migrations.entries()) {
    const version = index + 1;
    if (version <= applied) continue;
    sql.exec(statements);
    sql.exec("INSERT INTO migration (version) VALUES (?)", version);
  }
}
