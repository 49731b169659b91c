// The member behind a session token. Kept for a short while per isolate, so that a busy gate does not ask Postgres
// for every scan; a revoked session therefore lives on for at most that long.

import { findSession } from "../../db/sessions-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

const KEPT_MS = 30_000;
/** By the token itself: it never leaves the isolate, and a digest of it for every scan costs more than the look-up. */
const cache = createExpiringCache<Actor>({ keptMs: KEPT_MS, entriesMax: 10_000 });

/** Null for a token that is unknown, expired or revoked. */
export async function resolveSession(
  dependencies: Dependencies,
  token: string,
): Promise<Actor | null> {
  const nowMs = dependencies.now();
  const known = cache.get(token, nowMs);
  if (known !== undefined) return known;
  const session = await findSession(dependencies.database.asSystem(), await sha256Hex(token));
  const actor = session !== null && session.expiresAtMs > nowMs ? session.actor : null;
  // An unknown token is not kept: guesses must not push members out.
  if (actor !== null) cache.set(token, actor, nowMs);
  return actor;
}
