// A member ends one of their own sessions: this one, or one left open elsewhere.

import { revokeSession } from "../../db/sessions-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { forgetAccess } from "./resolve-access.ts";

export async function endSession(
  dependencies: Dependencies,
  actor: Actor,
  /** Null for the one that asks. */
  endedId: string | null,
): Promise<Result<null, { code: "session_not_found" }>> {
  const member = actor.authorize("session.read");
  const sessionId = endedId ?? member.sessionId;
  const isRevoked = await revokeSession(dependencies.database.asSystem(), member, sessionId);
  if (!isRevoked) return refused({ code: "session_not_found" });
  forgetAccess(dependencies, sessionId);
  return ok(null);
}
