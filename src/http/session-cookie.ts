// The session's token as a cookie, for pages of a browser: out of reach of scripts, and not sent by other sites' forms.

import type { Context } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import { SESSION_SECONDS } from "../services/auth/lifetimes.ts";

const NAME = "waro_session";
const attributes = { path: "/", httpOnly: true, secure: true, sameSite: "Lax" } as const;

export function readSessionCookie(context: Context): string | undefined {
  return getCookie(context, NAME);
}

/** Lasts as long as the session does from now on. */
export function sendSessionCookie(context: Context, token: string): void {
  setCookie(context, NAME, token, { ...attributes, maxAge: SESSION_SECONDS });
}

export function clearSessionCookie(context: Context): void {
  deleteCookie(context, NAME, attributes);
}
