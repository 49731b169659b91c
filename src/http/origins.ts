// Which pages may use a member's cookie: those of organizers' sites may read answers with it, and only those of the session's
// own organizer, and this API's own, may change something with it. Tokens in headers need none of this.

import type { Context } from "hono";
import { organizerOfOrigin } from "../services/auth/organizer-of-origin.ts";
import type { AppEnv } from "./app-env.ts";

/** Where a browser may first get its cookie, and asks whether it still has one. */
const SIGN_IN = "/v1/auth/";

/**
 * Whether cookies could matter to this answer. Looks nothing up: nearly every request of a sale ends here. A refused
 * session counts, for a page has to learn that its cookie is over.
 */
export function mayConcernCookies({ req, res }: Context<AppEnv>): boolean {
  const { headers, method } = req.raw;
  if (!headers.has("origin")) return false;
  if (headers.has("cookie") || method === "OPTIONS" || res.status === 401) return true;
  return req.path.startsWith(SIGN_IN);
}

/** Lets the page read the answer with its cookies, if it is of an organizer's site. Otherwise the answer stays as it is. */
export async function allowCookies(context: Context<AppEnv>): Promise<void> {
  const origin = context.req.header("origin") ?? "";
  if (!(await isOfSite(context, origin))) return;
  const { headers } = context.res;
  headers.set("Access-Control-Allow-Origin", origin);
  headers.set("Access-Control-Allow-Credentials", "true");
  headers.append("Vary", "Origin");
}

async function isOfSite(context: Context<AppEnv>, origin: string): Promise<boolean> {
  try {
    return (await organizerOfOrigin(context.get("dependencies"), origin)) !== null;
  } catch {
    // Settings are missing or Postgres is away, which the answer itself says: that must not be replaced.
    return false;
  }
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
