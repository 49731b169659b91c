// The embedded PostgreSQL server: creates its cluster once, starts and stops it. Reachable on 127.0.0.1
// alone. Knows nothing about the tables in it.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { startChild, type Child } from "./child.ts";
import { placePostgres, type PostgresPlace } from "./postgres-place.ts";
import { Problem } from "./problem.ts";

const adminUser = "waro_admin";
const databaseName = "waro";
// Kept inside the cluster, so that the two can only be lost together.
const passwordFileName = "waro-admin-password";
const readyPattern = /database system is ready to accept connections/;
const patienceMilliseconds = 60_000;

/** How to start the server. */
export interface PostgresOptions {
  dataDirectory: string;
  port: number;
  /** Nothing survives a power cut, everything is faster. For test runs. */
  fast?: boolean;
}

/** A running server. */
export interface Postgres {
  /** Connection string of the owner of the database. */
  adminUrl: string;
  child: Child;
  stop(): Promise<void>;
}

async function createCluster(place: PostgresPlace, fast: boolean): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  // Made aside and renamed: a start that is killed in the middle leaves nothing that looks like a cluster.
  const aside = `${place.data}.new`;
  const passwordFile = `${place.data}.password`;
  rmSync(aside, { recursive: true, force: true });
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user !== undefined) chownSync(passwordFile, place.user.userId, place.user.groupId);
  // The built-in locale sorts and folds case alike on every machine, whatever is installed there.
  const initialize = startChild({
    command: join(place.programs, "initdb"),
    arguments: [
      `--pgdata=${aside}`,
      `--username=${adminUser}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--locale=C",
      "--no-instructions",
      ...(fast ? ["--no-sync"] : []),
    ],
    workingDirectory: "/",
    ...place.user,
  });
  if ((await initialize.exited) !== 0) {
    throw new Problem(
      `Postgres could not create its data in ${place.data}:\n${initialize.lastLines().join("\n")}`,
    );
  }
  renameSync(passwordFile, join(aside, passwordFileName));
  renameSync(aside, place.data);
}

function isThisServer(processId: number, data: string): boolean {
  try {
    const command = execFileSync("ps", ["-o", "args=", "-p", String(processId)], {
      encoding: "utf8",
    });
    return command.includes("postgres") && command.includes(data);
  } catch {
    return false;
  }
}

/** Ends a server that was left behind on this data, and removes the note of one that was killed. */
function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (thrown) {
    // Somebody else's program may not be asked, but it is there.
    return thrown instanceof Error && "code" in thrown && thrown.code === "EPERM";
  }
}

async function clearLeftovers(data: string): Promise<void> {
  const note = join(data, "postmaster.pid");
  if (!existsSync(note)) return;
  const processId = Number.parseInt(readFileSync(note, "utf8"), 10);
  const patienceEnds = Date.now() + 10_000;
  if (processId > 1 && isThisServer(processId, data)) {
    process.kill(processId, "SIGINT");
    while (isThisServer(processId, data) && Date.now() < patienceEnds) await sleep(50);
    if (isThisServer(processId, data))
      throw new Problem(`An earlier Postgres (process ${processId}) does not stop; end it.`);
  }
  // Postgres clears the note of a process that is gone, after making sure that none of its helpers still writes. Only when
  // the number belongs to another program by now it would refuse to start.
  if (isRunning(processId)) rmSync(note, { force: true });
}

function serverArguments(place: PostgresPlace, options: PostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "100",
    timezone: "UTC",
    log_timezone: "UTC",
    lc_messages: "C",
    // Mistaken statements are answered to whoever sent them; here they would only be noise.
    log_min_error_statement: "panic",
    ...(options.fast === true
      ? { fsync: "off", synchronous_commit: "off", full_page_writes: "off", shared_buffers: "64MB" }
      : {}),
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  return ["-D", place.data, "-p", String(options.port), ...flags];
}

async function createDatabase(serverUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: `${serverUrl}/postgres` });
  await client.connect();
  try {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [
      databaseName,
    ]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${databaseName}`);
  } finally {
    await client.end();
  }
}

function checkVersion(place: PostgresPlace): void {
  const ofData = readFileSync(join(place.data, "PG_VERSION"), "utf8").trim();
  const printed = execFileSync(join(place.programs, "postgres"), ["--version"], {
    encoding: "utf8",
  });
  const ofProgram = /\) (\d+)/.exec(printed)?.[1] ?? ofData;
  if (ofData === ofProgram) return;
  throw new Problem(
    `The local data was written by Postgres ${ofData} and this is ${ofProgram}; run \`npm run reset\`.`,
  );
}

/** Address of the embedded server's database, without anybody's name and password. */
export function embeddedUrl(port: number): string {
  return `postgresql://127.0.0.1:${port}/${databaseName}`;
}

/** Starts the server and answers once it takes connections. */
export async function startPostgres(options: PostgresOptions): Promise<Postgres> {
  const place = placePostgres(options.dataDirectory);
  if (!existsSync(place.data)) await createCluster(place, options.fast === true);
  checkVersion(place);
  await clearLeftovers(place.data);
  let becomeReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    becomeReady = resolve;
  });
  const child = startChild({
    command: join(place.programs, "postgres"),
    arguments: serverArguments(place, options),
    workingDirectory: "/",
    // Fast shutdown: open connections are ended, everything is written.
    gentleSignal: "SIGINT",
    patienceMilliseconds: 10_000,
    ...place.user,
    onLine: (line) => {
      if (readyPattern.test(line)) becomeReady();
    },
  });
  const tooLate = new AbortController();
  const late = sleep(patienceMilliseconds, "late", { signal: tooLate.signal }).catch(() => "late");
  const outcome = await Promise.race([
    ready.then(() => "ready"),
    child.exited.then(() => "ended"),
    late,
  ]);
  tooLate.abort();
  if (outcome !== "ready") {
    await child.kill();
    throw new Problem(
      `Postgres did not start on port ${options.port}:\n${child.lastLines().join("\n")}`,
    );
  }
  try {
    const password = readFileSync(join(place.data, passwordFileName), "utf8").trim();
    const serverUrl = `postgresql://${adminUser}:${password}@127.0.0.1:${options.port}`;
    await createDatabase(serverUrl);
    return { adminUrl: `${serverUrl}/${databaseName}`, child, stop: () => child.stop() };
  } catch (thrown) {
    await child.kill();
    throw thrown;
  }
}
