// `npm start`: the whole product on this machine, until Ctrl-C. Prints where everything is and then, as the
// last line, that it is ready. Contains no part of the stack itself.

import { setTimeout as sleep } from "node:timers/promises";
import { killAllChildren, stopAllChildren } from "./child.ts";
import { portsFromEnvironment } from "./ports.ts";
import { noteRunningStack } from "./running-stack.ts";
import { sentenceFor } from "./problem.ts";
import { defaultDataDirectory } from "./project.ts";
import { loadSettings } from "./settings.ts";
import { startStack, type Stack } from "./stack.ts";

const noticeAfterMilliseconds = 2000;
const sameRequestMilliseconds = 300;

function log(line: string): void {
  console.log(line);
}

async function withNotice<T>(notice: string, work: Promise<T>): Promise<T> {
  const timer = setTimeout(() => log(notice), noticeAfterMilliseconds);
  try {
    return await work;
  } finally {
    clearTimeout(timer);
  }
}

function table(rows: [name: string, value: string][]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n");
}

function describe(stack: Stack): string {
  const { addresses } = stack;
  return [
    "",
    table([
      ["API", addresses.api],
      ["API documents", `${addresses.api}/v1/docs`],
      ["Mail inbox", addresses.mail],
      ["Wompi sandbox", addresses.wompi],
      ["Postgres", addresses.database],
      ...(addresses.databaseHttp === undefined
        ? []
        : [["SQL over HTTP", `${addresses.databaseHttp}/sql`] satisfies [string, string]]),
    ]),
    "",
    `  Try it:            curl ${addresses.api}/v1/public/events`,
    `  As the organizer:  Authorization: Bearer ${stack.tokens.organizerToken}`,
    "  Stop with Ctrl-C; `npm run reset` forgets the local data.",
    "",
  ].join("\n");
}

let starting: Promise<Stack> | undefined;
let stack: Stack | undefined;
let stopRequestedAt: number | undefined;

async function stopHalfStarted(): Promise<void> {
  // Without its programs the start fails, and cleans up after itself.
  await stopAllChildren();
  await Promise.race([starting?.catch(() => undefined), sleep(5000)]);
  await stopAllChildren();
}

async function stopAndExit(exitCode: number): Promise<never> {
  try {
    await withNotice(
      "Still stopping; press Ctrl-C again to force it.",
      stack?.stop() ?? stopHalfStarted(),
    );
  } catch (thrown) {
    console.error(sentenceFor(thrown));
  }
  process.exit(exitCode);
}

function onSignal(): void {
  if (stopRequestedAt === undefined) {
    stopRequestedAt = Date.now();
    void stopAndExit(0);
    return;
  }
  // One Ctrl-C arrives twice below npm: from the terminal and, passed on, from npm.
  if (Date.now() - stopRequestedAt < sameRequestMilliseconds) return;
  void killAllChildren().finally(() => process.exit(130));
}

process.on("SIGINT", onSignal);
process.on("SIGTERM", onSignal);
process.on("SIGHUP", onSignal);
// npm runs this below a shell, and a signal to npm may end those two alone. Without npm, outliving one's
// starter is what `nohup` asks for.
const starter = process.ppid;
if (process.env["npm_lifecycle_event"] !== undefined) {
  const watch = setInterval(() => {
    if (process.ppid === starter) return;
    clearInterval(watch);
    onSignal();
  }, 250);
}
// Whoever read the output has gone; that is no reason to leave the stack half alive.
process.stdout.on("error", onSignal);

try {
  starting = startStack({
    dataDirectory: defaultDataDirectory,
    ports: portsFromEnvironment(process.env),
    settings: loadSettings(process.env),
    log,
  });
  stack = await withNotice(
    "Starting Postgres, the mail inbox, the Wompi sandbox and the Worker…",
    starting,
  );
  noteRunningStack(stack);
  log(describe(stack));
  log(`ready ${stack.addresses.api}`);
  const name = await stack.died;
  if (stopRequestedAt === undefined) {
    console.error(`Stopping, because ${name} ended by itself.`);
    await stopAndExit(1);
  }
} catch (thrown) {
  // A start that was stopped on purpose fails as well; what it says about that is noise.
  if (stopRequestedAt === undefined) {
    console.error(sentenceFor(thrown));
    process.exit(1);
  }
}
