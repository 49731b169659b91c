// Keeps public answers in Cloudflare's cache of the location for a second or two. Only for what is the same for all
// readers of a site. Refusals are never kept.

import type { MiddlewareHandler } from "hono";
import type { AppEnv } from "./app-env.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

/**
 * Goes after `requireSite`: answers of two sites are told apart. Of the query only `parameters` count: a made-up one
 * must not be a way past the cache to the area's object.
 */
export function keepAtEdge(
  seconds: number,
  parameters: readonly string[] = [],
): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const cache = await caches.open("public-reads");
    const { searchParams } = new URL(context.req.url);
    // Decoded and in lower case: `%61` for `a` and ids in capitals mean the same and are kept as the same.
    const key = JSON.stringify([
      context.var.profileId,
      context.req.routePath,
      context.req.param(),
      parameters.map((name) => searchParams.get(name)),
    ]).toLowerCase();
    const address = `https://edge-cache.invalid/${encodeURIComponent(key)}`;
    const known = await cache.match(address);
    if (known !== undefined) return new Response(known.body, known);
    await next();
    if (!context.res.ok) return undefined;
    context.header("Cache-Control", `public, max-age=${seconds}`);
    context.executionCtx.waitUntil(cache.put(address, context.res.clone()));
    return undefined;
  };
}
