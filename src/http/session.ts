// Who is asking: a session token, in `Authorization: Bearer` or in the session's cookie, exchanged for the actor.

import type { Context, MiddlewareHandler } from "hono";
import { type Actor, type Permission, may } from "../services/actor.ts";
import { resolveSession } from "../services/auth/resolve-session.ts";
import type { AppEnv } from "./app-env.ts";
import { beginGeneration } from "./generations.ts";
import { isFromOrganizer } from "./origins.ts";
import { answerProblem } from "./problem.ts";
import { readSessionCookie, sendSessionCookie } from "./session-cookie.ts";

export type SessionEnv = AppEnv & { Variables: { actor: Actor; sessionId: string } };

const TOKEN = /^[\w.~+/=-]{16,512}$/;
const BEARER = /^Bearer +(\S+)$/i;

/** Lets only members pass whose role has the permission. Services check what belongs to whom. */
export function requireSession(permission: Permission): MiddlewareHandler<SessionEnv> {
  return async (context, next) => {
    const { token, isCookie } = readToken(context);
    if (token === null) return answerProblem(context, { code: "session_required" });
    const session = await resolveSession(context.get("dependencies"), token);
    if (session === null) return answerProblem(context, { code: "session_invalid" });
    const { sessionId, actor, isExtended } = session;
    context.set("sessionProfileId", actor.profileId);
    // A browser sends the cookie whoever wrote the page.
    if (isCookie && isChange(context) && !(await isFromOrganizer(context, actor.profileId)))
      return answerProblem(context, { code: "origin_not_allowed" });
    if (!may(actor, permission)) return answerProblem(context, { code: "role_not_allowed" });
    if (isCookie && isExtended) sendSessionCookie(context, token);
    context.set("actor", actor);
    context.set("sessionId", sessionId);
    await next();
    if (mayBeShown(context, permission))
      await beginGeneration(actor.profileId, context.get("dependencies").now());
    return undefined;
  };
}

/** A cookie counts only without the header: who sends a token in a header means that one. */
function readToken(context: Context): { token: string | null; isCookie: boolean } {
  const header = context.req.header("authorization");
  const isCookie = header === undefined;
  const text = isCookie ? readSessionCookie(context) : BEARER.exec(header)?.[1];
  return { token: text !== undefined && TOKEN.test(text) ? text : null, isCookie };
}

/**
 * Whether what the public sees of this organizer may have changed: by any change but those that gates make all day. A failure
 * counts as well, for it may have come after the change.
 */
function mayBeShown(context: Context, permission: Permission): boolean {
  const { status } = context.res;
  const isRefused = status >= 400 && status < 500;
  return isChange(context) && permission !== "tickets.admit" && !isRefused;
}

function isChange({ req }: Context): boolean {
  return req.method !== "GET" && req.method !== "HEAD";
}
