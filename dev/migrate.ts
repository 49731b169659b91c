// Brings the database to the newest schema and gives the Worker's role its password. Only forward: a
// migration that was wrong is corrected by the next one. Run directly: `npm run migrate`.

import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runner } from "node-pg-migrate";
import pg from "pg";
import { Problem, sentenceFor } from "./problem.ts";
import { isMain, projectDirectory } from "./project.ts";
import { checkDatabaseUrl } from "./settings.ts";

/** The role the Worker connects as; the migrations make it and say what it may do. */
export const appRole = "waro_app";
const migrationsTable = "waro_tickets_migrations";
const appPasswordFile = "app-password";

/** What to migrate. */
export interface MigrateOptions {
  /** The owner of the tables. */
  adminUrl: string;
  log: (line: string) => void;
  migrationsDirectory?: string;
}

function explain(thrown: unknown): never {
  if (thrown instanceof AggregateError) explain(thrown.errors[0]);
  if (!(thrown instanceof Error)) throw thrown;
  if (thrown instanceof pg.DatabaseError) {
    const where = thrown.position === undefined ? "" : ` at character ${thrown.position}`;
    throw new Problem(`The database did not accept the migrations: ${thrown.message}${where}.`);
  }
  const reason = thrown.message.split("\n")[0] ?? "";
  throw new Problem(
    `The database cannot be reached (${reason}); check DATABASE_URL, or leave it empty for the embedded one.`,
  );
}

/** Applies every migration that is missing, all in one transaction; answers their names. */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  if (new URL(options.adminUrl).hostname.includes("-pooler.")) {
    throw new Problem(
      "DATABASE_URL names Neon's pooler, which cannot hold a lock; use the address without -pooler.",
    );
  }
  const problems: string[] = [];
  const logger = {
    info: (): void => undefined,
    warn: (): void => undefined,
    error: (message: string): void => {
      problems.push(message);
    },
  };
  try {
    const applied = await runner({
      databaseUrl: options.adminUrl,
      dir: options.migrationsDirectory ?? join(projectDirectory, "migrations"),
      // Notes and folders next to the migrations are none.
      ignorePattern: String.raw`^(?!.*\.sql$).*`,
      migrationsTable,
      direction: "up",
      singleTransaction: true,
      // Another start that migrates at this moment is waited for; afterwards there is nothing left to do.
      advisoryLockMode: "wait",
      logger,
    });
    const names = applied.map(({ name }) => name);
    if (names.length > 0) options.log(`Migrated the database: ${names.join(", ")}`);
    return names;
  } catch (thrown) {
    // The statement with the mistake marked; for a database that is not there the sentence says it all.
    if (thrown instanceof pg.DatabaseError)
      for (const problem of problems) options.log(problem.trim());
    return explain(thrown);
  }
}

/** The password of the Worker's role, kept with the stack's data so that it is the same at every start. */
export function keptAppPassword(dataDirectory: string): string {
  const path = join(dataDirectory, appPasswordFile);
  if (existsSync(path)) return readFileSync(path, "utf8").trim();
  mkdirSync(dataDirectory, { recursive: true });
  const password = randomBytes(32).toString("base64url");
  writeFileSync(path, `${password}\n`, { mode: 0o600 });
  return password;
}

/** Lets the Worker's role log in with this password. The migrations must have made the role. */
export async function setAppPassword(adminUrl: string, password: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    // Two ALTER ROLE at the same moment fail each other; the lock makes the second one wait.
    await client.query("BEGIN");
    await client.query("SELECT pg_advisory_xact_lock(hashtext('waro_tickets_app_password'))");
    const found = await client.query("SELECT 1 FROM pg_roles WHERE rolname = $1", [appRole]);
    if (found.rowCount === 0) throw new Problem(`The migrations did not make the role ${appRole}.`);
    await client.query(`ALTER ROLE ${appRole} LOGIN PASSWORD ${client.escapeLiteral(password)}`);
    await client.query("COMMIT");
  } finally {
    await client.end();
  }
}

/** The address of the same database for the Worker's role. */
export function appConnectionString(adminUrl: string, password: string): string {
  const url = new URL(adminUrl);
  url.username = appRole;
  url.password = encodeURIComponent(password);
  return url.href;
}

async function main(): Promise<void> {
  const adminUrl = process.env["DATABASE_URL"];
  if (!adminUrl)
    throw new Problem(
      "Set DATABASE_URL to the address of the database, as the owner of its tables.",
    );
  const password = process.env["APP_DATABASE_PASSWORD"];
  if (!password)
    throw new Problem(
      `Set APP_DATABASE_PASSWORD to the password that the role ${appRole} shall have.`,
    );
  checkDatabaseUrl(adminUrl, "DATABASE_URL");
  const log = (line: string): void => console.log(line);
  const applied = await migrate({ adminUrl, log });
  if (applied.length === 0) log("The database has every migration already.");
  await setAppPassword(adminUrl, password);
  log(`The role ${appRole} can log in with APP_DATABASE_PASSWORD.`);
}

if (isMain(import.meta.url)) {
  try {
    await main();
  } catch (thrown) {
    console.error(sentenceFor(thrown));
    process.exitCode = 1;
  }
}
