// Which pages of which sites may read answers, and use a member's cookie: CORS, from the organizers' sites.
//
// - What everybody may read (public pages of events, images, documents): any page, without cookies.
// - Everything else: pages of organizers' sites, with cookies. What a session was accepted for, only those of its own organizer.
//
// A browser enforces this for its user. Who holds a token and is no browser is not concerned.

import type { Context } from "hono";
import { organizerOfOrigin } from "../services/auth/organizer-of-origin.ts";
import { isLocalSite } from "../shared/local-site.ts";
import type { AppEnv } from "./app-env.ts";

/** Nobody's data, or what a site shows to everybody. */
const OPEN = ["/v1/public/", "/v1/media/", "/v1/docs", "/v1/openapi.json", "/v1/health"];

/** Puts into the answer who may read it. Null when nothing had to be looked up, as for nearly every request of a sale. */
export function sayWhoMayRead({ req, res, get }: Context<AppEnv>): Promise<void> | null {
  const { headers, method } = req.raw;
  const isOpen = OPEN.some((prefix) => req.path.startsWith(prefix));
  if (isOpen) res.headers.set("Access-Control-Allow-Origin", "*");
  else res.headers.append("Vary", "Origin");
  const origin = headers.get("origin");
  const isPlain = isOpen && !headers.has("cookie") && method !== "OPTIONS";
  return origin === null || isPlain ? null : allowIfOfSite({ origin, isOpen, res, get });
}

interface Asked extends Pick<Context<AppEnv>, "res" | "get"> {
  origin: string;
  isOpen: boolean;
}

/** Otherwise the answer stays as it is, and a browser keeps it from the page. */
async function allowIfOfSite({ origin, isOpen, res, get }: Asked): Promise<void> {
  if (!(await mayRead(origin, get))) return;
  const { headers } = res;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  if (isOpen) headers.append("Vary", "Origin");
}

async function mayRead(origin: string, get: Context<AppEnv>["get"]): Promise<boolean> {
  try {
    const dependencies = get("dependencies");
    const profileId = await organizerOfOrigin(dependencies, origin);
    // A storefront that is being developed has no site yet.
    if (profileId === null) return dependencies.settings.isDevelopment && isLocalOrigin(origin);
    return profileId === (get("sessionProfileId") ?? profileId);
  } catch {
    // Settings are missing or Postgres is away, which the answer itself says: that must not be replaced.
    return false;
  }
}

function isLocalOrigin(origin: string): boolean {
  return URL.canParse(origin) && isLocalSite(new URL(origin).host);
}

/** What a browser asks before it sends another site's request; `sayWhoMayRead` says whether it may. */
export function answerPreflight(context: Context<AppEnv>): Response {
  return context.body(null, 204, {
    "Access-Control-Allow-Methods": "GET,HEAD,POST,PUT,PATCH,DELETE",
    "Access-Control-Allow-Headers": context.req.header("access-control-request-headers") ?? "",
    "Access-Control-Max-Age": "600",
    Vary: "Access-Control-Request-Headers",
  });
}

/** Whether a page of this organizer, or of this API itself, sent the request. */
export async function isFromOrganizer<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  profileId: string,
): Promise<boolean> {
  const origin = context.req.header("origin");
  if (origin === undefined) return false;
  if (origin === new URL(context.get("publicBaseUrl")).origin) return true;
  return (await organizerOfOrigin(context.get("dependencies"), origin)) === profileId;
}
