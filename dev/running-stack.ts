// Where the stack of `npm start` is, for programs that want to use it: a note in its data directory. It may be older than
// the stack, so whoever reads it asks whether somebody is there.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Places } from "./journey.ts";
import { defaultDataDirectory } from "./project.ts";
import type { Stack } from "./stack.ts";

const notePath = join(defaultDataDirectory, "running-stack.json");
const noteShape = z.object({
  api: z.string(),
  mail: z.string(),
  organizerToken: z.string(),
  /** Postgres as the owner of the tables. */
  database: z.string(),
});

type RunningStack = Places & z.infer<typeof noteShape>;

/** Leaves the note. */
export function noteRunningStack({ addresses, tokens }: Stack): void {
  const { api, mail, database } = addresses;
  const note: RunningStack = { api, mail, database, organizerToken: tokens.organizerToken };
  writeFileSync(notePath, JSON.stringify(note), { mode: 0o600 });
}

/** The running stack, or null when none answers. */
export async function findRunningStack(): Promise<RunningStack | null> {
  if (!existsSync(notePath)) return null;
  const note = noteShape.safeParse(JSON.parse(readFileSync(notePath, "utf8")));
  if (!note.success) return null;
  const health = await fetch(`${note.data.api}/v1/health`).catch(() => null);
  return health?.ok === true ? note.data : null;
}
