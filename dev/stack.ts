// The whole local stack in one call: Postgres, the Neon-compatible endpoint, mail inbox, Wompi sandbox and
// the Worker, started in the order they need each other and ended together. Prints through `log` alone.

import { isNeon, targetOf } from "./database-target.ts";
import { lockData } from "./data-lock.ts";
import { appConnectionString, keptAppPassword, migrate, setAppPassword } from "./migrate.ts";
import { startMailInbox } from "./mail-inbox.ts";
import { startNeonProxy } from "./neon-proxy.ts";
import { claimPorts, type Ports } from "./ports.ts";
import { embeddedUrl, startPostgres } from "./postgres.ts";
import { Problem } from "./problem.ts";
import { Running } from "./running.ts";
import { seed } from "./seed.ts";
import type { Settings } from "./settings.ts";
import { startWompiSandbox } from "./wompi-sandbox/server.ts";
import { startWorker } from "./worker.ts";
import { workerValues } from "./worker-values.ts";

// How long a stack that was killed with kill -9 may need until its guards have ended its programs.
const killedStackMilliseconds = 15_000;

/** What to start. */
export interface StackOptions {
  /** Everything the stack keeps; one stack at a time. */
  dataDirectory: string;
  /** A port of 0 is replaced by a free one. */
  ports: Ports;
  settings: Settings;
  /** Owner of a Postgres of one's own; wins over the settings. */
  databaseUrl?: string;
  /** Gives up surviving a power cut for speed. For test runs. */
  fast?: boolean;
  /** Variables of the Worker that win over everything else, such as HOLD_SECONDS. */
  workerVariables?: Record<string, string>;
  redeliveryDelaysMilliseconds?: number[];
  configPath?: string;
  migrationsDirectory?: string;
  log: (line: string) => void;
}

/** Where everything is. */
export interface Addresses {
  api: string;
  /** Postgres as the owner of the tables. */
  database: string;
  /** Undefined when the database is Neon's own. */
  databaseHttp: string | undefined;
  wompi: string;
  mail: string;
}

/** A running stack. */
export interface Stack {
  addresses: Addresses;
  organizerToken: string;
  /** What the Worker was told. */
  workerVariables: Record<string, string>;
  /** Settles with the name of the first program that ended by itself. */
  died: Promise<string>;
  /** Ends the Worker and starts it on the same data; `crash` ends it with kill -9. */
  restartWorker(options: { crash: boolean }): Promise<void>;
  stop(): Promise<void>;
}

/** Starts everything; when anything fails, what was started already is ended before this rejects. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const lock = lockData(options.dataDirectory);
  if (lock === undefined) {
    throw new Problem(`A stack is running on ${options.dataDirectory} already; stop it first.`);
  }
  const running = new Running();
  running.add("the lock", { stop: async () => lock.release() });
  try {
    return await startAll(options, running, lock.previousWasKilled ? killedStackMilliseconds : 0);
  } catch (thrown) {
    await running.stop();
    throw thrown;
  }
}

async function startAll(options: StackOptions, running: Running, patienceMilliseconds: number): Promise<Stack> {
  const { dataDirectory, settings, log } = options;
  const ownDatabaseUrl = options.databaseUrl ?? settings.databaseUrl;
  const needsProxy = ownDatabaseUrl === undefined || !isNeon(ownDatabaseUrl);
  const names: (keyof Ports)[] = ["api", "wompi", "mail"];
  if (ownDatabaseUrl === undefined) names.push("postgres");
  if (needsProxy) names.push("databaseHttp");
  const ports = await claimPorts(options.ports, names, patienceMilliseconds);
  const appPassword = keptAppPassword(dataDirectory);
  const local = (port: number): string => `http://127.0.0.1:${port}`;

  const startDatabase = async (): Promise<{ adminUrl: string; organizerToken: string }> => {
    const adminUrl = ownDatabaseUrl ?? (await startEmbedded(options, ports.postgres, running));
    const { migrationsDirectory } = options;
    await migrate({ adminUrl, log, ...(migrationsDirectory === undefined ? {} : { migrationsDirectory }) });
    await setAppPassword(adminUrl, appPassword);
    return { adminUrl, organizerToken: (await seed(adminUrl)).organizerToken };
  };
  const startProxy = async (): Promise<void> => {
    if (!needsProxy) return;
    const target = targetOf(ownDatabaseUrl ?? embeddedUrl(ports.postgres));
    running.add("the database endpoint", await startNeonProxy({ port: ports.databaseHttp, target }));
  };
  const startMail = async (): Promise<void> => {
    running.add("the mail inbox", await startMailInbox({ port: ports.mail }));
  };
  const startWompi = async (): Promise<void> => {
    const { required } = settings;
    const { redeliveryDelaysMilliseconds } = options;
    const wompi = await startWompiSandbox({
      port: ports.wompi,
      publicKey: required.WOMPI_PUBLIC_KEY,
      privateKey: required.WOMPI_PRIVATE_KEY,
      eventsSecret: required.WOMPI_EVENTS_SECRET,
      integritySecret: required.WOMPI_INTEGRITY_SECRET,
      eventsUrl: `${local(ports.api)}/v1/webhooks/wompi`,
      ...(redeliveryDelaysMilliseconds === undefined ? {} : { redeliveryDelaysMilliseconds }),
    });
    running.add("the Wompi sandbox", wompi);
  };
  const databaseHttp = needsProxy ? local(ports.databaseHttp) : undefined;
  const values = {
    ...workerValues({
      ports,
      settings,
      databaseUrl: appConnectionString(ownDatabaseUrl ?? embeddedUrl(ports.postgres), appPassword),
      databaseHttp,
    }),
    ...options.workerVariables,
  };
  const startTheWorker = async (signal?: AbortSignal): Promise<void> => {
    const { configPath } = options;
    const worker = await startWorker({
      port: ports.api,
      dataDirectory,
      values,
      log,
      ...(configPath === undefined ? {} : { configPath }),
      ...(signal === undefined ? {} : { signal }),
    });
    running.add("the Worker", worker);
  };
  // All at once: the Worker takes longest, and nothing calls it before the database is there.
  const [database] = await running.all((signal) => [
    startDatabase(),
    startProxy(),
    startMail(),
    startWompi(),
    startTheWorker(signal),
  ]);
  return {
    addresses: {
      api: `http://localhost:${ports.api}`,
      database: database.adminUrl,
      databaseHttp,
      wompi: local(ports.wompi),
      mail: local(ports.mail),
    },
    organizerToken: database.organizerToken,
    workerVariables: values,
    died: running.died,
    async restartWorker({ crash }) {
      await running.end("the Worker", crash);
      await startTheWorker();
    },
    stop: () => running.stop(),
  };
}

async function startEmbedded(options: StackOptions, port: number, running: Running): Promise<string> {
  const { dataDirectory } = options;
  const postgres = await startPostgres({ dataDirectory, port, fast: options.fast === true });
  running.add("Postgres", postgres);
  return postgres.adminUrl;
}
