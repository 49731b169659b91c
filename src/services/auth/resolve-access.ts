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
/** Tokens that are being looked up. A request that was cut off is forgotten after a while. */
const underWay = createExpiringCache<boolean>({ keptMs: 3_000, entriesMax: 10_000 });
const LOOK_AGAIN_MS = 5;
/** Some three seconds: then whoever waits asks for itself. */
const LOOKS_MAX = 600;
/** Changes made here, kept for longer than what a look-up that began before one can be. */
const lastChanges = createExpiringCache<number>({ keptMs: 2 * KEPT_MS, entriesMax: 10_000 });
let changes = 0;

/**
 * Null for a token that is unknown, over or revoked. Who brings a token that is being looked up looks again for what was found,
 * and does not wait for the other request's promise: the runtime keeps what belongs to one request from others, and ends them
 * when they touch it.
 */
export async function resolveAccess(
  dependencies: AccessDependencies,
  token: string,
): Promise<Access | null> {
  for (let looks = 1; ; looks += 1) {
    const nowMs = dependencies.now();
    const kept = [known.get(token, nowMs), strangers.get(token, nowMs)].find(
      (found) => found !== undefined && isUpToDate(found, nowMs),
    );
    if (kept !== undefined)
      return kept.access === null ? null : { ...kept.access, isExtended: false };
    if (underWay.get(token, nowMs) === true && looks < LOOKS_MAX) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
      continue;
    }
    const found = await lookUp(dependencies, token);
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

async function lookUp(dependencies: AccessDependencies, token: string): Promise<Found> {
  const nowMs = dependencies.now();
  const changesBefore = changes;
  underWay.set(token, true, nowMs);
  try {
    const found = { access: await findAccess(dependencies, token), changesBefore };
    (found.access === null ? strangers : known).set(token, found, nowMs);
    return found;
  } finally {
    underWay.set(token, false, nowMs);
  }
}
