// The local mail inbox: Amazon SES's v2 API with a web page that shows what was "sent". Mails stay in
// memory and leave this machine never. It checks no signatures, so it proves nothing about those.

import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startChild, type Child } from "./child.ts";
import { Problem } from "./problem.ts";

const patienceMilliseconds = 30_000;

/** A running inbox. */
export interface MailInbox {
  child: Child;
  stop(): Promise<void>;
}

/**
 * Starts the inbox on 127.0.0.1. A program of its own: the package keeps its mails in a module variable and
 * offers no way to stop, so two inboxes in one process would share their mails.
 */
export async function startMailInbox(options: { port: number }): Promise<MailInbox> {
  const library = createRequire(import.meta.url).resolve("aws-ses-v2-local");
  const environment = { ...process.env };
  // With this variable the inbox would pass every mail on to a real mail server.
  delete environment["SMTP_TRANSPORT"];
  const child = startChild({
    command: process.execPath,
    arguments: [
      join(dirname(library), "cli.js"),
      "--host",
      "127.0.0.1",
      "--port",
      String(options.port),
    ],
    environment,
    patienceMilliseconds: 1000,
  });
  const patienceEnds = Date.now() + patienceMilliseconds;
  while (!child.hasExited() && Date.now() < patienceEnds) {
    const response = await fetch(`http://127.0.0.1:${options.port}/health-check`).catch(
      () => undefined,
    );
    await response?.arrayBuffer();
    if (response?.ok === true) return { child, stop: () => child.stop() };
    await sleep(50);
  }
  await child.kill();
  throw new Problem(
    `The mail inbox did not start on port ${options.port}:\n${child.lastLines().join("\n")}`,
  );
}
