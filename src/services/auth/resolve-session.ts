// The session behind a token. Kept for a short while per isolate, so that a busy gate does not ask Postgres for every scan;
// elsewhere than where it was revoked, a session therefore lives on for at most that long.

import { extendSession, findSession } from "../../db/sessions-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { SESSION_SECONDS } from "./lifetimes.ts";

export interface Session {
  sessionId: string;
  actor: Actor;
}

const KEPT_MS = 30_000;
/** By the token itself: it never leaves the isolate, and a digest of it for every scan costs more than the look-up. */
const cache = createExpiringCache<Session>({ keptMs: KEPT_MS, entriesMax: 10_000 });
/** What this isolate ended. Kept for longer than a look-up that began before can keep the session. */
const ended = createExpiringCache<true>({ keptMs: 2 * KEPT_MS, entriesMax: 10_000 });

/**
 * Null for a token that is unknown, expired or revoked. `isExtended`: this very request moved the session's end, which
 * happens once a day at most.
 */
export async function resolveSession(
  dependencies: Dependencies,
  token: string,
): Promise<(Session & { isExtended: boolean }) | null> {
  const nowMs = dependencies.now();
  const known = cache.get(token, nowMs);
  if (known !== undefined) {
    if (ended.get(known.sessionId, nowMs) !== undefined) return null;
    return { ...known, isExtended: false };
  }
  const system = dependencies.database.asSystem();
  const session = await findSession(system, await sha256Hex(token));
  // An unknown token is not kept: guesses must not push members out.
  if (session === null) return null;
  const { sessionId, actor, isUntouched } = session;
  const isExtended = isUntouched && (await extendSession(system, sessionId, SESSION_SECONDS));
  cache.set(token, { sessionId, actor }, nowMs);
  return { sessionId, actor, isExtended };
}

/** Makes this isolate forget a session that was revoked. */
export function forgetSession({ now }: Dependencies, sessionId: string): void {
  ended.set(sessionId, true, now());
}
