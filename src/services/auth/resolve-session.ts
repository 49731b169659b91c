// The member behind a session token. Kept for a short while per isolate, so that a busy gate does not ask Postgres
// for every scan; a revoked session therefore lives on for at most that long.

import { findSession } from "../../db/sessions-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { createExpiringCache } from "../../shared/expiring-cache.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

const KEPT_MS = 30_000;
const cache = createExpiringCache<Actor | null>({ keptMs: KEPT_MS, entriesMax: 10_000 });

/** Null for a token that is unknown, expired or revoked. */
export async function resolveSession(
  dependencies: Dependencies,
  token: string,
): Promise<Actor | null> {
  const tokenHash = await sha256Hex(token);
  const nowMs = dependencies.now();
  const known = cache.get(tokenHash, nowMs);
  if (known !== undefined) return known;
  const session = await findSession(dependencies.database.asSystem(), tokenHash);
  const actor = session !== null && session.expiresAtMs > nowMs ? session.actor : null;
  // An unknown token is not kept: guesses must not push members out.
  if (actor !== null) cache.set(tokenHash, actor, nowMs);
  return actor;
}
