// Leads a reader on who asks for an event by a slug it had before.

import type { MiddlewareHandler } from "hono";
import { findMoved } from "../services/public/find-moved.ts";
import type { AppEnv } from "./app-env.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

/** Organizers may take a former slug back, so nobody may keep the way for long. */
const KEPT_SECONDS = 60;

/** Goes after `requireSite`, on routes with a `slug` in their path. Costs something only when nothing was found. */
export const leadToMoved: MiddlewareHandler<SiteEnv> = async (context, next) => {
  await next();
  const formerSlug = context.req.param("slug");
  if (context.res.status !== 404 || formerSlug === undefined) return undefined;
  const slug = await findMoved(context.var.dependencies, context.var.profileId, formerSlug);
  if (slug === null) return undefined;
  const { pathname, search } = new URL(context.req.url);
  const path = pathname.replace(/(?<=\/public\/events\/)[^/]+/, slug);
  context.res = undefined;
  context.res = context.body(null, 308, {
    Location: `${path}${search}`,
    "Cache-Control": `public, max-age=${KEPT_SECONDS}`,
  });
  return undefined;
};
