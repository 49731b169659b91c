// Starts one whole stack for a test run, in a folder of its own on free ports, and tells the tests where it is. Runs that
// happen side by side share nothing.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startStack } from "../../dev/stack.ts";
import { freshSettings } from "../../dev/settings.ts";

declare module "vitest" {
  export interface ProvidedContext {
    apiUrl: string;
    wompiUrl: string;
    mailUrl: string;
    /** Postgres as the owner of the tables. */
    databaseUrl: string;
    organizerToken: string;
    otherOrganizerToken: string;
    /** The settings of a Worker on this stack. */
    workerVariables: Record<string, string>;
    /** The file with all that the Worker printed. */
    workerLog: string;
  }
}

export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "waro-tickets-test-"));
  const stack = await startStack({
    dataDirectory,
    ports: { api: 0, postgres: 0, databaseHttp: 0, wompi: 0, mail: 0 },
    settings: freshSettings(),
    fast: true,
    redeliveryDelaysMilliseconds: [300, 900, 2_700],
    log: () => undefined,
  });
  const { addresses } = stack;
  project.provide("apiUrl", addresses.api);
  project.provide("wompiUrl", addresses.wompi);
  project.provide("mailUrl", addresses.mail);
  project.provide("databaseUrl", addresses.database);
  project.provide("organizerToken", stack.tokens.organizerToken);
  project.provide("otherOrganizerToken", stack.tokens.otherOrganizerToken);
  project.provide("workerVariables", stack.workerVariables);
  project.provide("workerLog", join(dataDirectory, "worker.log"));
  return async () => {
    await stack.stop();
    await rm(dataDirectory, { recursive: true, force: true });
  };
}
