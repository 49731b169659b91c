// A member ends one of their own sessions: this one, or one left open elsewhere.

import { revokeSession } from "../../db/sessions-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { forgetSession } from "./resolve-session.ts";

export async function endSession(
  dependencies: Dependencies,
  actor: Actor,
  sessionId: string,
): Promise<Result<null, { code: "session_not_found" }>> {
  const isRevoked = await revokeSession(dependencies.database.asSystem(), actor, sessionId);
  if (!isRevoked) return refused({ code: "session_not_found" });
  forgetSession(dependencies, sessionId);
  return ok(null);
}
