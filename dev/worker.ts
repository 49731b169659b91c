// Runs the Worker locally: `wrangler dev` in a process group of its own. What the Worker is told reaches it
// through an environment file in the stack's data directory, so that stacks never see each other's secrets
// (with --env-file, wrangler leaves .dev.vars alone). Decides no value by itself.

import { createWriteStream, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { stripVTControlCharacters } from "node:util";
import { startChild, type Child } from "./child.ts";
import { Problem } from "./problem.ts";
import { projectDirectory } from "./project.ts";

const patienceMilliseconds = 120_000;
const noticeAfterMilliseconds = 2000;
const shownPattern = /\[ERROR\]|\[WARNING\]|^\[wrangler:error\]/;
// True of every local run, and nothing to be done about.
const expectedPattern =
  // The second stands over one line: that the local bucket's S3 keys are an experiment of the runtime.
  /Scheduled Workers are not automatically triggered|Processing wrangler\.toml configuration/;

/** How to run the Worker. */
export interface WorkerOptions {
  port: number;
  dataDirectory: string;
  /** The Worker's variables and secrets; they win over wrangler.toml. */
  values: Record<string, string>;
  log: (line: string) => void;
  configPath?: string;
  /** Gives up waiting, because something else has failed. */
  signal?: AbortSignal;
}

/** A running Worker. */
export interface Worker {
  child: Child;
  stop(): Promise<void>;
}

/** One line of an environment file, read back by dotenv and dotenv-expand as exactly this value. */
function environmentLine(name: string, value: string): string {
  if (/[\r\n\0]/.test(value))
    throw new Problem(`${name} has a line break in it, which an environment file cannot hold.`);
  const quote = ["'", '"', "`"].find((mark) => !value.includes(mark));
  if (quote === undefined)
    throw new Problem(`${name} holds all three kinds of quotation marks; take one out.`);
  return `${name}=${quote}${value.replaceAll("$", String.raw`\$`)}${quote}`;
}

function writeEnvironmentFile(path: string, values: Record<string, string>): void {
  const lines = Object.entries(values).map(([name, value]) => environmentLine(name, value));
  rmSync(path, { force: true });
  writeFileSync(path, `${lines.join("\n")}\n`, { mode: 0o600 });
}

function environmentOf(dataDirectory: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // wrangler.toml's build command says `node`: the project's own, not the machine's.
    PATH: [
      dirname(process.execPath),
      join(projectDirectory, "node_modules", ".bin"),
      process.env["PATH"] ?? "",
    ].join(delimiter),
    WRANGLER_SEND_METRICS: "false",
    WRANGLER_SEND_ERROR_REPORTS: "false",
    WRANGLER_HIDE_BANNER: "true",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    // The registry of running Workers would let two stacks, both named waro-tickets, find each other.
    WRANGLER_REGISTRY_PATH: join(dataDirectory, "wrangler-registry"),
    WRANGLER_LOG_PATH: join(dataDirectory, "wrangler-logs"),
  };
}

async function isHealthy(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/v1/health`, {
      signal: AbortSignal.timeout(5000),
    });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}

async function waitUntilHealthy(child: Child, options: WorkerOptions): Promise<void> {
  const startedAt = Date.now();
  let noticed = false;
  while (!(await isHealthy(options.port))) {
    const waitedMilliseconds = Date.now() - startedAt;
    if (options.signal?.aborted === true) {
      await child.kill();
      throw new Problem("The Worker was not needed any more.");
    }
    if (child.hasExited() || waitedMilliseconds > patienceMilliseconds) {
      await child.kill();
      const output = child
        .lastLines()
        .map(stripVTControlCharacters)
        .filter((line) => line.trim() !== "");
      const how =
        waitedMilliseconds > patienceMilliseconds
          ? "did not become healthy"
          : "ended while it started";
      throw new Problem(`The Worker ${how}; its last lines were:\n${output.join("\n")}`);
    }
    if (!noticed && waitedMilliseconds > noticeAfterMilliseconds) {
      noticed = true;
      options.log("Waiting for the Worker to answer…");
    }
    await sleep(50);
  }
}

/** Starts the Worker and answers once GET /v1/health says 200. */
export async function startWorker(options: WorkerOptions): Promise<Worker> {
  mkdirSync(options.dataDirectory, { recursive: true });
  const environmentFile = join(options.dataDirectory, "worker.env");
  writeEnvironmentFile(environmentFile, options.values);
  const logFile = createWriteStream(join(options.dataDirectory, "worker.log"), {
    flags: "w",
    mode: 0o600,
  });
  const packageFile = createRequire(import.meta.url).resolve("wrangler/package.json");
  const child = startChild({
    command: process.execPath,
    arguments: [
      join(dirname(packageFile), "bin", "wrangler.js"),
      "dev",
      ...["--config", options.configPath ?? join(projectDirectory, "wrangler.toml")],
      ...["--ip", "127.0.0.1", "--port", String(options.port)],
      // 0: a free one. The usual 9229 would collide with the next stack or a debugger.
      ...["--inspector-port", "0"],
      ...["--persist-to", join(options.dataDirectory, "worker")],
      ...["--env-file", environmentFile],
      "--show-interactive-dev-session=false",
      // Nothing of this stack may ever reach a Cloudflare account.
      "--local",
    ],
    workingDirectory:
      options.configPath === undefined ? projectDirectory : dirname(options.configPath),
    environment: environmentOf(options.dataDirectory),
    patienceMilliseconds: 4000,
    onLine: (line) => {
      const text = stripVTControlCharacters(line);
      logFile.write(`${text}\n`);
      if (shownPattern.test(text) && !expectedPattern.test(text)) options.log(text);
    },
  });
  void child.exited.then(() => logFile.end());
  await waitUntilHealthy(child, options);
  return { child, stop: () => child.stop() };
}
