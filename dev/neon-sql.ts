// Runs SQL the way Neon's HTTP endpoint does: raw text results, one statement each, a batch as one
// transaction. Nothing a caller sets on a connection reaches the next caller. Knows nothing about HTTP.

import pg from "pg";
import type { ClientBase, FieldDef, PoolClient, QueryArrayConfig, QueryArrayResult } from "pg";

type Value = string | null;

/** One statement with parameters that are Postgres text already. */
export interface Statement {
  query: string;
  params: Value[];
}

/** How a batch's transaction begins. */
export interface BatchOptions {
  isolationLevel:
    | "READ UNCOMMITTED"
    | "READ COMMITTED"
    | "REPEATABLE READ"
    | "SERIALIZABLE"
    | undefined;
  readOnly: boolean | undefined;
  deferrable: boolean | undefined;
}

/** A result as Neon answers it. */
export interface StatementResult {
  fields: FieldDef[];
  rows: Value[][];
  rowCount: number | null;
  command: string;
}

interface ExtendedQuery extends QueryArrayConfig<Value[]> {
  // Neon always uses the extended protocol, which refuses several statements in one text.
  queryMode: "extended";
}

// Statements that change what the connection is, not only data. Such a connection is not used again.
const changesConnection =
  /^\s*(set|reset|discard|prepare|listen|load|declare|begin|start|create\s+(local\s+|global\s+)?temp)\b|set_config\s*\(|pg_(try_)?advisory_lock/i;

/** Type parsing is the caller's: every value stays the text Postgres sent. */
export const rawText = { getTypeParser: () => (text: string) => text };

async function send(client: ClientBase, statement: Statement): Promise<StatementResult> {
  const query: ExtendedQuery = {
    text: statement.query,
    values: statement.params,
    rowMode: "array",
    queryMode: "extended",
  };
  const result: QueryArrayResult<Value[]> = await client.query<Value[], Value[]>(query);
  return {
    fields: result.fields,
    rows: result.rows,
    rowCount: result.rowCount,
    command: result.command,
  };
}

async function borrow(pool: pg.Pool): Promise<PoolClient> {
  const client = await pool.connect();
  // A connection that breaks while it is borrowed reports it here; its query fails as well.
  client.on("error", ignoreError);
  return client;
}

function giveBack(client: PoolClient, broken: boolean): void {
  client.off("error", ignoreError);
  client.release(broken);
}

function ignoreError(): void {}

/** Runs one statement in its own implicit transaction. */
export async function runStatement(pool: pg.Pool, statement: Statement): Promise<StatementResult> {
  const client = await borrow(pool);
  let broken = changesConnection.test(statement.query);
  try {
    return await send(client, statement);
  } catch (thrown) {
    if (!(thrown instanceof pg.DatabaseError)) broken = true;
    throw thrown;
  } finally {
    giveBack(client, broken || client.getTransactionStatus() !== "I");
  }
}

/** Runs all statements in one transaction: all of them count, or none. */
export async function runBatch(
  pool: pg.Pool,
  statements: Statement[],
  options: BatchOptions,
): Promise<StatementResult[]> {
  const client = await borrow(pool);
  // Until the transaction has ended properly, the connection counts as broken.
  let broken = true;
  try {
    await client.query(beginText(options));
    // All statements are on the wire at once (the pool's connections are pipelined). The first that fails
    // makes Postgres refuse the rest; COMMIT is sent only after every answer is here.
    const outcomes = await Promise.allSettled(
      statements.map((statement) => send(client, statement)),
    );
    const failed = outcomes.find((outcome) => outcome.status === "rejected");
    if (failed !== undefined) {
      broken = await client.query("ROLLBACK").then(
        () => false,
        () => true,
      );
      throw failed.reason;
    }
    try {
      await client.query("COMMIT");
      broken = false;
    } catch (thrown) {
      // Postgres has rolled back by itself when COMMIT is refused, as by a deferred constraint.
      broken = !(thrown instanceof pg.DatabaseError);
      throw thrown;
    }
    return outcomes.flatMap((outcome) => (outcome.status === "fulfilled" ? [outcome.value] : []));
  } finally {
    const changed = statements.some(changesBeyondTransaction);
    giveBack(client, broken || changed || client.getTransactionStatus() !== "I");
  }
}

function changesBeyondTransaction(statement: Statement): boolean {
  // SET LOCAL and set_config(…, true) end with the transaction; everything else of that kind does not.
  const text = statement.query.replace(/^\s*set\s+(local|transaction|constraints)\b.*/is, "");
  const localOnly = text.replace(/set_config\s*\([^()]*,\s*true\s*\)/gi, "");
  return changesConnection.test(localOnly);
}

function beginText(options: BatchOptions): string {
  const parts = ["BEGIN"];
  if (options.isolationLevel !== undefined) parts.push(`ISOLATION LEVEL ${options.isolationLevel}`);
  if (options.readOnly !== undefined) parts.push(options.readOnly ? "READ ONLY" : "READ WRITE");
  if (options.deferrable !== undefined)
    parts.push(options.deferrable ? "DEFERRABLE" : "NOT DEFERRABLE");
  return parts.join(" ");
}
