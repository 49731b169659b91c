// The whole local stack on a folder of its own, with a Postgres that really writes to disk; the Worker's runtime and the
// database can be killed with SIGKILL and come back on the same data and ports.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { claimPorts, freePorts } from "../../dev/ports.ts";
import { placePostgres, removeOutsideData } from "../../dev/postgres-place.ts";
import { type Postgres, startPostgres } from "../../dev/postgres.ts";
import { Problem } from "../../dev/problem.ts";
import { freshSettings } from "../../dev/settings.ts";
import { type Stack, startStack } from "../../dev/stack.ts";

/** No hold ends by itself. */
const LASTING_HOLDS = { HOLD_SECONDS: "3600", PAYMENT_WINDOW_SECONDS: "3600" };
/** Close together: the gateway finds the Worker soon after it is back. */
const REDELIVERY_DELAYS_MILLISECONDS = [500, 1_500, 3_000, 5_000, 8_000, 12_000, 18_000, 26_000];

export class CrashableStack {
  readonly stack: Stack;
  readonly #directory: string;
  readonly #postgresPort: number;
  #postgres: Postgres;

  private constructor(
    directory: string,
    started: { stack: Stack; postgres: Postgres; postgresPort: number },
  ) {
    this.#directory = directory;
    this.stack = started.stack;
    this.#postgres = started.postgres;
    this.#postgresPort = started.postgresPort;
  }

  /** `workerVariables`: what the Worker is told beyond the stack's own values. */
  static async start(
    log: (line: string) => void,
    workerVariables: Record<string, string> = LASTING_HOLDS,
  ): Promise<CrashableStack> {
    const directory = mkdtempSync(join(tmpdir(), "waro-crash-test-"));
    let postgres: Postgres | undefined;
    try {
      const ports = await claimPorts(freePorts, ["postgres"], 0);
      postgres = await startPostgres({ dataDirectory: directory, port: ports.postgres });
      const stack = await startStack({
        dataDirectory: directory,
        ports: freePorts,
        settings: freshSettings(),
        // Ours rather than the stack's own, so that it can be killed and be there after the Worker has stopped.
        databaseUrl: postgres.adminUrl,
        workerVariables,
        redeliveryDelaysMilliseconds: REDELIVERY_DELAYS_MILLISECONDS,
        log,
      });
      return new CrashableStack(directory, { stack, postgres, postgresPort: ports.postgres });
    } catch (thrown) {
      await postgres?.child.kill();
      removeAll(directory);
      throw thrown;
    }
  }

  get database(): string {
    return this.#postgres.adminUrl;
  }

  /** Where the runtime keeps its Durable Objects, one SQLite file each. */
  get objectsDirectory(): string {
    return join(this.#directory, "worker", "v3", "do", "waro-tickets-AreaInventory");
  }

  /** SIGKILL for the runtime's whole process group; answers when the Worker is healthy again. */
  crashWorker(): Promise<void> {
    return this.stack.restartWorker({ crash: true });
  }

  /** SIGKILL for the server and all of its backends; answers when it takes connections again. */
  async crashDatabase(awayMilliseconds: number): Promise<void> {
    killPostgres(placePostgres(this.#directory).data);
    await this.#postgres.child.kill();
    await new Promise((resolve) => setTimeout(resolve, awayMilliseconds));
    const options = { dataDirectory: this.#directory, port: this.#postgresPort };
    this.#postgres = await startPostgres(options);
  }

  /** Ends everything but the database, properly. */
  stopWorker(): Promise<void> {
    return this.stack.stop();
  }

  /** Ends everything and removes what it kept. */
  async remove(): Promise<void> {
    await this.stack.stop();
    await this.#postgres.child.kill();
    removeAll(this.#directory);
  }
}

function removeAll(directory: string): void {
  removeOutsideData(directory);
  rmSync(directory, { recursive: true, force: true });
}

/**
 * Every backend is a process group of its own, so killing the server's group would leave them to notice by themselves.
 * The server is frozen first: it would start new ones, or shut the others down with more grace than a crash has.
 */
function killPostgres(data: string): void {
  const server = Number.parseInt(readFileSync(join(data, "postmaster.pid"), "utf8"), 10);
  if (!(server > 1)) throw new Problem("The database left no note of its process.");
  process.kill(server, "SIGSTOP");
  const all = execFileSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
  const backends = all
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number))
    .flatMap(([processId = 0, parentId]) =>
      parentId === server && processId > 1 ? [processId] : [],
    );
  for (const processId of [...backends, server]) {
    try {
      process.kill(processId, "SIGKILL");
    } catch {
      // It ended by itself a moment ago.
    }
  }
}
