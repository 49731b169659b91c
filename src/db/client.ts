// Postgres over Neon's HTTP protocol: one round trip per transaction, every transaction under a named scope.
// Translates errors; knows no table.

import { type FullQueryResults, NeonDbError, neon, neonConfig } from "@neondatabase/serverless";
import {
  type Database,
  type DatabaseScope,
  DatabaseUnavailable,
  type Row,
  type Statement,
  UniqueViolation,
} from "../ports/database.ts";

const TIMEOUT_MS = 15_000;
const UNIQUE_VIOLATION = "23505";
/** Postgres answers, but not now: it is starting, stopping or recovering, has no room, or lost the connection. */
const NOT_NOW = /^(?:08|53|57P0)/;

type Scope = "tenant" | "public" | "system";

/** `httpEndpoint` is for a Postgres that is not Neon; null means the address Neon derives from the URL. */
export function createDatabase(settings: { url: string; httpEndpoint: string | null }): Database {
  const { httpEndpoint } = settings;
  if (httpEndpoint !== null) neonConfig.fetchEndpoint = () => httpEndpoint;
  return {
    asTenant: (profileId) => scoped(settings.url, "tenant", profileId),
    asPublic: (profileId) => scoped(settings.url, "public", profileId),
    asSystem: () => scoped(settings.url, "system", ""),
  };
}

function scoped(url: string, scope: Scope, profileId: string): DatabaseScope {
  const sql = neon(url, { fullResults: true });
  // Local to the transaction, so that a pooled connection never carries one organizer's scope into another's query.
  const setScope: Statement = {
    text: "SELECT set_config('waro.scope', $1, true), set_config('waro.profile_id', $2, true)",
    parameters: [scope, profileId],
  };
  const transaction = async (statements: readonly Statement[]): Promise<Row[][]> => {
    const queries = [setScope, ...statements].map(({ text, parameters }) =>
      sql.query(text, [...parameters]),
    );
    const results = await withDeadline((signal) =>
      translateErrors(sql.transaction(queries, { fetchOptions: { signal } })),
    );
    return results.slice(1).map((result: FullQueryResults<false>) => result.rows);
  };
  const query = async (text: string, parameters: readonly unknown[]): Promise<Row[]> => {
    const [rows = []] = await transaction([{ text, parameters }]);
    return rows;
  };
  return { transaction, query };
}

/** The timer ends with the work: one that ran on would keep an idle Durable Object in memory. */
async function withDeadline<Value>(work: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), TIMEOUT_MS);
  try {
    return await work(controller.signal);
  } finally {
    clearTimeout(timer);
  }
}

async function translateErrors<Value>(work: Promise<Value>): Promise<Value> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof NeonDbError)) throw new DatabaseUnavailable(error);
    if (error.code === UNIQUE_VIOLATION) throw new UniqueViolation(error.constraint ?? "");
    // Postgres answered: a bug in a statement. Anything without a code never reached it, or the way back was lost.
    if (error.code !== undefined && !NOT_NOW.test(error.code)) throw error;
    throw new DatabaseUnavailable(error);
  }
}
