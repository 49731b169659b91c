// Keeps public answers in Cloudflare's cache of the location for a second or two. Only for what is the same for all
// readers of a site. Refusals are never kept.

import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

/** Goes after `requireSite`: answers of two sites are told apart. */
export function keepAtEdge(seconds: number): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const cache = await caches.open("public-reads");
    const { pathname, search } = new URL(context.req.url);
    const address = `https://edge-cache.invalid/${context.var.profileId}${pathname}${search}`;
    const known = await cache.match(address);
    if (known !== undefined) return new Response(known.body, known);
    await next();
    if (!context.res.ok) return undefined;
    context.header("Cache-Control", `public, max-age=${seconds}`);
    context.executionCtx.waitUntil(cache.put(address, context.res.clone()));
    return undefined;
  };
}
