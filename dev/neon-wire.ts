// What travels between the Neon driver and the proxy: reads requests, shapes errors. Runs no SQL.

import type { IncomingHttpHeaders } from "node:http";
import pg from "pg";
import type { BatchOptions, Statement } from "./neon-sql.ts";

/** A request the proxy cannot understand; answered like a mistake in SQL. */
export class RequestError extends Error {}

const isolationLevels = {
  ReadUncommitted: "READ UNCOMMITTED",
  ReadCommitted: "READ COMMITTED",
  RepeatableRead: "REPEATABLE READ",
  Serializable: "SERIALIZABLE",
} as const;

const errorFields = [
  "message",
  "severity",
  "code",
  "detail",
  "hint",
  "position",
  "internalPosition",
  "internalQuery",
  "where",
  "schema",
  "table",
  "column",
  "dataType",
  "constraint",
  "file",
  "line",
  "routine",
] as const;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function statementOf(value: unknown): Statement {
  if (!isRecord(value) || typeof value["query"] !== "string")
    throw new RequestError("A query is missing its text.");
  const params = value["params"] ?? [];
  if (!Array.isArray(params)) throw new RequestError("params is no list.");
  const texts = params.map((param: unknown) => {
    if (typeof param === "string" || param === null) return param;
    // The driver has made text of everything; a hand-written request may hold plain JSON values.
    return JSON.stringify(param);
  });
  return { query: value["query"], params: texts };
}

/** The statements of a request's body. */
export function statementsOf(body: string): { statements: Statement[]; isBatch: boolean } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    throw new RequestError("The body is no JSON.");
  }
  if (isRecord(parsed) && Array.isArray(parsed["queries"])) {
    return { statements: parsed["queries"].map(statementOf), isBatch: true };
  }
  return { statements: [statementOf(parsed)], isBatch: false };
}

function flag(value: string | string[] | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  return value === "true";
}

function isLevel(value: unknown): value is keyof typeof isolationLevels {
  return typeof value === "string" && Object.hasOwn(isolationLevels, value);
}

/** How the headers want a batch's transaction to begin. */
export function batchOptionsOf(headers: IncomingHttpHeaders): BatchOptions {
  const level = headers["neon-batch-isolation-level"];
  if (level !== undefined && !isLevel(level))
    throw new RequestError("The isolation level is unknown.");
  return {
    isolationLevel: level === undefined ? undefined : isolationLevels[level],
    readOnly: flag(headers["neon-batch-read-only"]),
    deferrable: flag(headers["neon-batch-deferrable"]),
  };
}

/** What Neon answers with status 400, or undefined when the error is not the database's word. */
export function errorBody(thrown: unknown): Record<string, unknown> | undefined {
  if (thrown instanceof RequestError) return { message: thrown.message };
  if (!(thrown instanceof pg.DatabaseError)) return undefined;
  const error = thrown;
  return Object.fromEntries(errorFields.map((name) => [name, error[name]]));
}
