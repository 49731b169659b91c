// Who is behind a token. An isolate asks Postgres once in half a minute, however many requests bring the token at once, so that
// a busy gate does not ask for every scan. Elsewhere than where it was ended, access therefore lives on for at most that long.

import { createExpiringCache } from "../../shared/expiring-cache.ts";
import type { Dependencies } from "../dependencies.ts";
import { type Access, findAccess } from "./find-access.ts";

type AccessDependencies = Pick<Dependencies, "database" | "now">;

const KEPT_MS = 30_000;

/** What was found, and how many changes of access this isolate had seen when it asked. */
interface Found {
  access: Access | null;
  changesBefore: number;
}

/** By the token itself: it never leaves the isolate, and a digest of it for every scan costs more than the look-up. */
const known = createExpiringCache<Found>({ keptMs: KEPT_MS, entriesMax: 10_000 });
/** Tokens of nobody, apart from the known ones: guesses must not push members out. */
const strangers = createExpiringCache<Found>({ keptMs: KEPT_MS, entriesMax: 1_000 });
const running = new Map<string, Promise<Found>>();
/** Changes made here, kept for longer than what a look-up that began before one can be. */
const lastChanges = createExpiringCache<number>({ keptMs: 2 * KEPT_MS, entriesMax: 10_000 });
let changes = 0;

/**
 * Null for a token that is unknown, over or revoked. `afterwards` takes work that goes on when the request that began it is
 * gone: others may be waiting for it.
 */
export async function resolveAccess(
  dependencies: AccessDependencies,
  token: string,
  afterwards: (work: Promise<unknown>) => void,
): Promise<Access | null> {
  for (;;) {
    const nowMs = dependencies.now();
    const kept = known.get(token, nowMs) ?? strangers.get(token, nowMs);
    if (kept !== undefined && isUpToDate(kept, nowMs))
      return kept.access === null ? null : { ...kept.access, isExtended: false };
    const found = await lookUpOnce(dependencies, token, afterwards);
    if (isUpToDate(found, nowMs)) return found.access;
  }
}

/**
 * Makes this isolate forget what it knows of somebody whose access changed: by the id of a session or of an API token, or by
 * `memberKey`.
 */
export function forgetAccess({ now }: Pick<Dependencies, "now">, concern: string): void {
  changes += 1;
  lastChanges.set(concern, changes, now());
}

function isUpToDate({ access, changesBefore }: Found, nowMs: number): boolean {
  const concerns = access?.concerns ?? [];
  return concerns.every((concern) => (lastChanges.get(concern, nowMs) ?? 0) <= changesBefore);
}

function lookUpOnce(
  dependencies: AccessDependencies,
  token: string,
  afterwards: (work: Promise<unknown>) => void,
): Promise<Found> {
  const started = running.get(token);
  if (started !== undefined) return started;
  const work = lookUp(dependencies, token).finally(() => running.delete(token));
  running.set(token, work);
  afterwards(work.catch(() => undefined));
  return work;
}

async function lookUp(dependencies: AccessDependencies, token: string): Promise<Found> {
  const nowMs = dependencies.now();
  const changesBefore = changes;
  const found = { access: await findAccess(dependencies, token), changesBefore };
  (found.access === null ? strangers : known).set(token, found, nowMs);
  return found;
}
