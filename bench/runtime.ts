// The production bundle on the Workers runtime itself: `wrangler deploy --dry-run` makes it, Miniflare starts workerd
// with the bindings of wrangler.toml. The load goes straight to a socket of workerd; no proxy is in between.

import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { Log, LogLevel, Miniflare, convertV4MiniflareOptions } from "miniflare";
import { unstable_getMiniflareWorkerOptions } from "wrangler";
import { projectDirectory } from "../dev/project.ts";

export interface Runtime {
  port: number;
  /** The bundle's text, for whoever profiles it. */
  bundle: string;
  stop(): Promise<void>;
}

const configPath = join(projectDirectory, "wrangler.toml");

async function bundle(outputDirectory: string): Promise<string> {
  const wrangler = dirname(createRequire(import.meta.url).resolve("wrangler/package.json"));
  const command = [
    join(wrangler, "bin", "wrangler.js"),
    "deploy",
    join(projectDirectory, "bench/worker/entry.ts"),
  ];
  const options = ["--dry-run", "--outdir", outputDirectory, "--config", configPath];
  await promisify(execFile)(process.execPath, [...command, ...options], {
    cwd: projectDirectory,
    env: {
      ...process.env,
      PATH: `${join(projectDirectory, "node_modules/.bin")}:${process.env["PATH"] ?? ""}`,
      WRANGLER_SEND_METRICS: "false",
      WRANGLER_LOG_PATH: join(outputDirectory, "logs"),
    },
  });
  return readFileSync(join(outputDirectory, "entry.js"), "utf8");
}

/** `values`: variables and secrets; they win over wrangler.toml. `inspectorPort` lets a profiler in. */
export async function startRuntime(options: {
  directory: string;
  values: Record<string, string>;
  inspectorPort: number | undefined;
}): Promise<Runtime> {
  const { directory, values, inspectorPort } = options;
  const contents = await bundle(join(directory, "bundle"));
  const { workerOptions } = unstable_getMiniflareWorkerOptions(configPath);
  const { assets: _assets, modulesRules: _rules, ...worker } = workerOptions;
  const { bindings, durableObjects } = workerOptions;
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      log: new Log(LogLevel.NONE),
      handleRuntimeStdio: ignoreOutput,
      defaultPersistRoot: join(directory, "state"),
      ...(inspectorPort === undefined ? {} : { inspectorPort }),
      workers: [
        {
          ...worker,
          name: "waro-tickets",
          modules: [{ type: "ESModule", path: "entry.js", contents }],
          bindings: { ...recordOf(bindings), ...values },
          durableObjects: {
            ...recordOf(durableObjects),
            EMPTY_OBJECT: { className: "EmptyObject", useSQLite: true },
          },
          unsafeDirectSockets: [{ host: "127.0.0.1", port: 0 }],
        },
      ],
    }),
  );
  const address = await miniflare.unsafeGetDirectURL();
  return { port: Number(address.port), bundle: contents, stop: () => miniflare.dispose() };
}

function ignoreOutput(stdout: NodeJS.ReadableStream, stderr: NodeJS.ReadableStream): void {
  stdout.resume();
  stderr.on("data", (chunk: Buffer) => process.stderr.write(chunk));
}

function recordOf(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}
