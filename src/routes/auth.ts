// Signing in with a mailed link, who the session is, and ending sessions.

import { createRoute, z } from "@hono/zod-openapi";
import {
  changeMeSchema,
  meSchema,
  openSessionSchema,
  openedSessionSchema,
  requestMagicLinkSchema,
  requestedMagicLinkSchema,
  sessionPageQuerySchema,
  sessionPageSchema,
  toMeBody,
  toOpenedSessionBody,
  toSessionPageBody,
} from "../contracts/auth.ts";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { preferredLanguage } from "../http/language.ts";
import { answerProblem } from "../http/problem.ts";
import { limitIdentity } from "../http/rate-limits.ts";
import { createRouter } from "../http/router.ts";
import { clearSessionCookie, sendSessionCookie } from "../http/session-cookie.ts";
import { requireSession } from "../http/session.ts";
import { requireSite } from "../http/site.ts";
import { changeMe } from "../services/auth/change-me.ts";
import { endSession } from "../services/auth/end-session.ts";
import { getMe } from "../services/auth/get-me.ts";
import { LINK_SECONDS } from "../services/auth/lifetimes.ts";
import { listSessions } from "../services/auth/list-sessions.ts";
import { openSession } from "../services/auth/open-session.ts";
import { requestMagicLink } from "../services/auth/request-magic-link.ts";

export const authRoutes = createRouter();

const asMember = { tags: ["auth"], security: [{ session: [] }] };
/** Nothing of a sign-in may be kept by anything on the way. */
const NO_STORE = { "Cache-Control": "no-store" };

authRoutes.openapi(
  createRoute({
    method: "post",
    path: "/auth/magic-links",
    tags: ["auth"],
    summary: "Mail a sign-in link to a member of the site's organizer",
    description:
      "The answer is the same for every address; only a member gets a mail, and five an hour at most. Its language follows Accept-Language.",
    middleware: [requireSite] as const,
    request: { body: jsonBody(requestMagicLinkSchema) },
    responses: {
      202: jsonResponse("Taken, whoever it is.", requestedMagicLinkSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId, site } = context.var;
    const { email } = context.req.valid("json");
    const limit = limitIdentity(context, "sign-in-per-identity", email);
    if (limit !== null) return answerProblem(context, limit);
    await requestMagicLink(
      dependencies,
      { profileId, site },
      {
        email,
        language: preferredLanguage(context.req.header("accept-language")),
        afterwards: (work) => context.executionCtx.waitUntil(work),
      },
    );
    return context.json({ expires_in_seconds: LINK_SECONDS }, 202, NO_STORE);
  },
);

authRoutes.openapi(
  createRoute({
    method: "post",
    path: "/auth/sessions",
    tags: ["auth"],
    summary: "Sign in with the token of a mailed link",
    description:
      "The session comes as a token and as the cookie `waro_session`. It ends thirty days after the last day it was used.",
    middleware: [requireSite] as const,
    request: { body: jsonBody(openSessionSchema) },
    responses: { 201: jsonResponse("Signed in.", openedSessionSchema), default: problemResponse },
  }),
  async (context) => {
    const { dependencies, profileId, site } = context.var;
    const { token: linkToken } = context.req.valid("json");
    const limit = limitIdentity(context, "sign-in-per-identity", linkToken);
    if (limit !== null) return answerProblem(context, limit);
    const result = await openSession(dependencies, {
      site: { profileId, site },
      linkToken,
      userAgent: context.req.header("user-agent") ?? "",
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    sendSessionCookie(context, result.value.token);
    return context.json(toOpenedSessionBody(result.value), 201, NO_STORE);
  },
);

authRoutes.openapi(
  createRoute({
    ...asMember,
    method: "get",
    path: "/auth/me",
    summary: "The signed-in member",
    middleware: [requireSession("session.read")] as const,
    responses: { 200: jsonResponse("The member.", meSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await getMe(context.var.dependencies, context.var.actor);
    return result.ok
      ? context.json(toMeBody(result.value), 200, NO_STORE)
      : answerProblem(context, result.refusal);
  },
);

authRoutes.openapi(
  createRoute({
    ...asMember,
    method: "patch",
    path: "/auth/me",
    summary: "Change your own name",
    description: "You are called so in the team of every organizer you work for.",
    middleware: [requireSession("session.read")] as const,
    request: { body: jsonBody(changeMeSchema) },
    responses: { 200: jsonResponse("The member.", meSchema), default: problemResponse },
  }),
  async (context) => {
    const { dependencies, actor } = context.var;
    const result = await changeMe(dependencies, actor, context.req.valid("json"));
    return result.ok
      ? context.json(toMeBody(result.value), 200, NO_STORE)
      : answerProblem(context, result.refusal);
  },
);

authRoutes.openapi(
  createRoute({
    ...asMember,
    method: "get",
    path: "/auth/sessions",
    summary: "Where you are signed in, newest first",
    middleware: [requireSession("session.read")] as const,
    request: { query: sessionPageQuerySchema },
    responses: {
      200: jsonResponse("A page of your sessions.", sessionPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, actor } = context.var;
    const { cursor, limit } = context.req.valid("query");
    const listed = await listSessions(dependencies, actor, { after: cursor ?? null, limit });
    return context.json(toSessionPageBody(listed.page, listed.currentId), 200, NO_STORE);
  },
);

authRoutes.openapi(
  createRoute({
    ...asMember,
    method: "delete",
    path: "/auth/sessions/current",
    summary: "Sign out",
    middleware: [requireSession("session.read")] as const,
    responses: {
      204: { description: "Signed out; the cookie is gone." },
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, actor } = context.var;
    const result = await endSession(dependencies, actor, null);
    clearSessionCookie(context);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);

authRoutes.openapi(
  createRoute({
    ...asMember,
    method: "delete",
    path: "/auth/sessions/{id}",
    summary: "End one of your sessions",
    description: "It stops working everywhere within half a minute.",
    middleware: [requireSession("session.read")] as const,
    request: { params: z.object({ id: idSchema }) },
    responses: { 204: { description: "Ended." }, default: problemResponse },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await endSession(context.var.dependencies, context.var.actor, id);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
