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
import { type SeededTokens, keptTokens, seed } from "./seed.ts";
import type { Settings } from "./settings.ts";
import { startWompiSandbox } from "./wompi-sandbox/server.ts";
import { startWorker } from "./worker.ts";
import { checkWorkerVariables, workerValues } from "./worker-values.ts";

// How long a stack that was killed with kill -9 may need until its guards have ended its programs.
const killedStackMilliseconds = 15_000;
const minuteMilliseconds = 60_000;

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
  tokens: SeededTokens;
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

/** Everything that is decided before the first program starts. */
interface Plan {
  options: StackOptions;
  ports: Ports;
  /** Undefined when the embedded Postgres is started. */
  ownDatabaseUrl: string | undefined;
  /** Where the database is; of the embedded one without anybody's name and password. */
  placeUrl: string;
  needsProxy: boolean;
  appPassword: string;
  tokens: SeededTokens;
  /** What the Worker is told. */
  workerVariables: Record<string, string>;
}

function local(port: number): string {
  return `http://127.0.0.1:${port}`;
}

async function planFor(options: StackOptions, patienceMilliseconds: number): Promise<Plan> {
  const { dataDirectory, settings } = options;
  const ownDatabaseUrl = options.databaseUrl ?? settings.databaseUrl;
  const needsProxy = ownDatabaseUrl === undefined || !isNeon(ownDatabaseUrl);
  const names: (keyof Ports)[] = ["api", "wompi", "mail"];
  if (ownDatabaseUrl === undefined) names.push("postgres");
  if (needsProxy) names.push("databaseHttp");
  const ports = await claimPorts(options.ports, names, patienceMilliseconds);
  const placeUrl = ownDatabaseUrl ?? embeddedUrl(ports.postgres);
  const appPassword = keptAppPassword(dataDirectory);
  const databaseUrl = appConnectionString(placeUrl, appPassword);
  const databaseHttp = needsProxy ? local(ports.databaseHttp) : undefined;
  const values = workerValues({ ports, settings, databaseUrl, databaseHttp });
  const workerVariables = { ...values, ...options.workerVariables };
  checkWorkerVariables(workerVariables);
  return {
    options,
    ports,
    ownDatabaseUrl,
    placeUrl,
    needsProxy,
    appPassword,
    tokens: keptTokens(dataDirectory, { isEmbedded: ownDatabaseUrl === undefined }),
    workerVariables,
  };
}

/** The database's address as the owner of its tables, migrated and seeded. */
async function startDatabase(plan: Plan, running: Running): Promise<string> {
  const adminUrl = plan.ownDatabaseUrl ?? (await startEmbedded(plan, running));
  const { log, migrationsDirectory } = plan.options;
  const directory = migrationsDirectory === undefined ? {} : { migrationsDirectory };
  await migrate({ adminUrl, log, ...directory });
  await setAppPassword(adminUrl, plan.appPassword);
  await seed(adminUrl, plan.tokens);
  return adminUrl;
}

async function startEmbedded({ options, ports }: Plan, running: Running): Promise<string> {
  const { dataDirectory, fast = false } = options;
  const postgres = await startPostgres({ dataDirectory, port: ports.postgres, fast });
  running.add("Postgres", postgres);
  return postgres.adminUrl;
}

async function startProxy({ needsProxy, placeUrl, ports }: Plan, running: Running): Promise<void> {
  if (!needsProxy) return;
  const target = targetOf(placeUrl);
  const proxy = await startNeonProxy({ port: ports.databaseHttp, target });
  running.add("the database endpoint", proxy);
}

async function startMail({ ports }: Plan, running: Running): Promise<void> {
  running.add("the mail inbox", await startMailInbox({ port: ports.mail }));
}

async function startWompi({ options, ports }: Plan, running: Running): Promise<void> {
  const { redeliveryDelaysMilliseconds, settings } = options;
  const { required } = settings;
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
}

async function startTheWorker(plan: Plan, running: Running, signal?: AbortSignal): Promise<void> {
  const { options, ports, workerVariables } = plan;
  const { configPath, dataDirectory, log } = options;
  const worker = await startWorker({
    port: ports.api,
    dataDirectory,
    values: workerVariables,
    log,
    ...(configPath === undefined ? {} : { configPath }),
    ...(signal === undefined ? {} : { signal }),
  });
  running.add("the Worker", worker);
}

/** The local runtime rings no cron, so the stack does. */
function ringEveryMinute({ ports }: Plan, running: Running): void {
  const ring = (): void => {
    void fetch(`${local(ports.api)}/cdn-cgi/handler/scheduled`).catch(() => undefined);
  };
  const timer = setInterval(ring, minuteMilliseconds);
  running.add("the minute", { stop: async () => clearInterval(timer) });
}

async function startAll(
  options: StackOptions,
  running: Running,
  patienceMilliseconds: number,
): Promise<Stack> {
  const plan = await planFor(options, patienceMilliseconds);
  // All at once: the Worker takes longest, and nothing calls it before the database is there.
  let adminUrl = "";
  await running.all((signal) => [
    startDatabase(plan, running).then((url) => {
      adminUrl = url;
    }),
    startProxy(plan, running),
    startMail(plan, running),
    startWompi(plan, running),
    startTheWorker(plan, running, signal),
  ]);
  ringEveryMinute(plan, running);
  const { ports } = plan;
  return {
    addresses: {
      api: `http://localhost:${ports.api}`,
      database: adminUrl,
      databaseHttp: plan.needsProxy ? local(ports.databaseHttp) : undefined,
      wompi: local(ports.wompi),
      mail: local(ports.mail),
    },
    tokens: plan.tokens,
    workerVariables: plan.workerVariables,
    died: running.died,
    async restartWorker({ crash }) {
      await running.end("the Worker", crash);
      await startTheWorker(plan, running);
    },
    stop: () => running.stop(),
  };
}
