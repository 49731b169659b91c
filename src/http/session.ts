// Who is asking: a session token in `Authorization: Bearer`, exchanged for the actor.

import type { MiddlewareHandler } from "hono";
import { type Actor, type Permission, may } from "../services/actor.ts";
import { resolveSession } from "../services/auth/resolve-session.ts";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

type SessionEnv = AppEnv & { Variables: { actor: Actor } };

/** Lets only members pass whose role has the permission. Services check what belongs to whom. */
export function requireSession(permission: Permission): MiddlewareHandler<SessionEnv> {
  return async (context, next) => {
    const token = /^Bearer +([\w.~+/=-]{16,512})$/i.exec(
      context.req.header("authorization") ?? "",
    )?.[1];
    if (token === undefined) return answerProblem(context, { code: "session_required" });
    const actor = await resolveSession(context.get("dependencies"), token);
    if (actor === null) return answerProblem(context, { code: "session_invalid" });
    if (!may(actor, permission)) return answerProblem(context, { code: "role_not_allowed" });
    context.set("actor", actor);
    await next();
    return undefined;
  };
}
