// Who is asking: the token of a session or of a program, in `Authorization: Bearer`, or the session's cookie, exchanged for
// the actor.

import type { Context, MiddlewareHandler } from "hono";
import type { Actor, Permission } from "../services/actor.ts";
import { resolveAccess } from "../services/auth/resolve-access.ts";
import { isApiToken } from "../shared/api-token.ts";
import type { AppEnv } from "./app-env.ts";
import { beginGeneration } from "./generations.ts";
import { isFromOrganizer } from "./origins.ts";
import { answerProblem } from "./problem.ts";
import { readSessionCookie, sendSessionCookie } from "./session-cookie.ts";

export type SessionEnv = AppEnv & { Variables: { actor: Actor } };

const TOKEN = /^[\w.~+/=-]{16,512}$/;
const BEARER = /^Bearer +(\S+)$/i;

/** Lets only those pass who have the permission, before anything is read of the request. The verb asks the same again. */
export function requireSession(permission: Permission): MiddlewareHandler<SessionEnv> {
  return async (context, next) => {
    const { token, isCookie } = readToken(context);
    if (token === null) return answerProblem(context, { code: "session_required" });
    const access = await resolveAccess(context.get("dependencies"), token);
    if (access === null) return answerProblem(context, { code: "session_invalid" });
    const { actor, profileId, isExtended } = access;
    context.set("sessionProfileId", profileId);
    // A browser sends the cookie whoever wrote the page.
    if (isCookie && isChange(context) && !(await isFromOrganizer(context, profileId)))
      return answerProblem(context, { code: "origin_not_allowed" });
    const refusal = actor.refusalOf(permission);
    if (refusal !== null) return answerProblem(context, refusal);
    if (isCookie && isExtended) sendSessionCookie(context, token);
    context.set("actor", actor);
    await next();
    if (mayBeShown(context, permission))
      await beginGeneration(profileId, context.get("dependencies").now());
    return undefined;
  };
}

/** A cookie counts only without the header: who sends a token in a header means that one. And it is a browser's, not a program's. */
function readToken(context: Context): { token: string | null; isCookie: boolean } {
  const header = context.req.header("authorization");
  const isCookie = header === undefined;
  const text = isCookie ? readSessionCookie(context) : BEARER.exec(header)?.[1];
  const isToken = text !== undefined && TOKEN.test(text) && !(isCookie && isApiToken(text));
  return { token: isToken ? text : null, isCookie };
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
