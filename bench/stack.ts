// Everything the bench runs on, on free ports and in a folder of its own that is gone afterwards: a real Postgres, the
// Neon-compatible endpoint in front of it, the companies outside, and the Worker.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { targetOf } from "../dev/database-target.ts";
import { appConnectionString, keptAppPassword, migrate, setAppPassword } from "../dev/migrate.ts";
import { startNeonProxy } from "../dev/neon-proxy.ts";
import { claimPorts, freePorts } from "../dev/ports.ts";
import { removeOutsideData } from "../dev/postgres-place.ts";
import { startPostgres } from "../dev/postgres.ts";
import { seed } from "../dev/seed.ts";
import { freshSettings, type Settings } from "../dev/settings.ts";
import { workerValues } from "../dev/worker-values.ts";
import { type Outside, startOutside } from "./outside.ts";
import { startRuntime } from "./runtime.ts";

export interface BenchStack {
  apiPort: number;
  organizerToken: string;
  settings: Settings;
  /** As the owner of the tables. */
  database: pg.Pool;
  outside: Outside;
  bundle: string;
  stop(): Promise<void>;
}

const tokens = {
  organizerToken: "bench-organizer-session-token",
  otherOrganizerToken: "bench-other-organizer-session-token",
};

/** Holds of the bench must not end while it runs. */
export const HOLD_SECONDS = 3_600;

export async function startBenchStack(options: {
  inspectorPort: number | undefined;
}): Promise<BenchStack> {
  const directory = mkdtempSync(join(tmpdir(), "waro-bench-"));
  const ends: (() => Promise<void> | void)[] = [
    () => removeOutsideData(directory),
    () => rmSync(directory, { recursive: true, force: true }),
  ];
  const stop = async () => {
    for (const end of ends.splice(0).toReversed()) await end();
  };
  // The folders go last: they were put on the list first, in the order they are taken off.
  try {
    return { ...(await startAll(directory, options.inspectorPort, ends)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startAll(
  directory: string,
  inspectorPort: number | undefined,
  ends: (() => Promise<void> | void)[],
): Promise<Omit<BenchStack, "stop">> {
  const ports = await claimPorts(
    freePorts,
    ["api", "postgres", "databaseHttp", "wompi", "mail"],
    0,
  );
  const settings = freshSettings();
  const postgres = await startDatabase(directory, ports.postgres);
  ends.push(() => postgres.stop());
  const { adminUrl } = postgres;
  await migrate({ adminUrl, log: () => undefined });
  const password = keptAppPassword(directory);
  await setAppPassword(adminUrl, password);
  await seed(adminUrl, tokens);

  const proxy = await startNeonProxy({ port: ports.databaseHttp, target: targetOf(adminUrl) });
  ends.push(() => proxy.stop());
  const outside = await startOutside();
  ends.push(() => outside.stop());
  const values = {
    ...workerValues({
      ports: { ...ports, wompi: outside.port, mail: outside.port },
      settings,
      databaseUrl: appConnectionString(adminUrl, password),
      databaseHttp: `http://127.0.0.1:${proxy.port}`,
    }),
    BENCH_DATABASE_URL: adminUrl,
    HOLD_SECONDS: String(HOLD_SECONDS),
    PAYMENT_WINDOW_SECONDS: String(HOLD_SECONDS),
  };
  const runtime = await startRuntime({ directory, values, inspectorPort });
  ends.push(() => runtime.stop());
  const database = new pg.Pool({ connectionString: adminUrl, max: 4 });
  ends.push(() => database.end());
  const { port: apiPort, bundle } = runtime;
  const { organizerToken } = tokens;
  return { apiPort, organizerToken, settings, database, outside, bundle };
}

/** With the time of every commit kept, which only a restart turns on. */
async function startDatabase(dataDirectory: string, port: number) {
  const first = await startPostgres({ dataDirectory, port });
  try {
    const client = new pg.Client({ connectionString: first.adminUrl });
    await client.connect();
    await client.query("ALTER SYSTEM SET track_commit_timestamp = on");
    await client.end();
  } finally {
    await first.stop();
  }
  return startPostgres({ dataDirectory, port });
}
