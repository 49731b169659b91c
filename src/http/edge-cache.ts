// Keeps public answers in Cloudflare's cache of the location for a second or two. Only for what is the same for all
// readers of a site. Refusals are never kept.

import type { MiddlewareHandler } from "hono";
import { createExpiringCache } from "../shared/expiring-cache.ts";
import type { AppEnv } from "./app-env.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

interface KeptAnswer {
  body: string;
  headers: Record<string, string>;
}

/** In front of the location's cache: what this isolate answered a moment ago to the very same request. */
const justAnswered = createExpiringCache<KeptAnswer>({ keptMs: 1_000, entriesMax: 200 });

/** Goes before `requireSite`: the same address asked for by the same page is the same site. */
export const answerAgain: MiddlewareHandler<AppEnv> = async (context, next) => {
  const kept = justAnswered.get(requestKey(context.req.raw), context.get("dependencies").now());
  if (kept !== undefined) return new Response(kept.body, { headers: kept.headers });
  await next();
  return undefined;
};

/**
 * Goes after `requireSite`: answers of two sites are told apart. Of the query only `parameters` count: a made-up one
 * must not be a way past the cache to the area's object.
 */
export function keepAtEdge(
  seconds: number,
  parameters: readonly string[] = [],
): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const { searchParams } = new URL(context.req.url);
    // Decoded and in lower case: `%61` for `a` and ids in capitals mean the same and are kept as the same.
    const key = JSON.stringify([
      context.var.profileId,
      context.req.routePath,
      context.req.param(),
      parameters.map((name) => searchParams.get(name)),
    ]).toLowerCase();
    const address = `https://edge-cache.invalid/${encodeURIComponent(key)}`;
    const nowMs = context.var.dependencies.now();
    const cache = await caches.open("public-reads");
    const known = await cache.match(address);
    if (known === undefined) await next();
    const answer = known ?? context.res;
    if (!answer.ok) return undefined;
    const body = await answer.text();
    const contentType = answer.headers.get("content-type") ?? "application/json";
    const headers = answerHeaders(contentType, seconds);
    justAnswered.set(requestKey(context.req.raw), { body, headers }, nowMs);
    const fresh = new Response(body, { headers });
    if (known === undefined) context.executionCtx.waitUntil(cache.put(address, fresh.clone()));
    context.res = undefined;
    context.res = fresh;
    return undefined;
  };
}

/** Everything the answer depends on, as it came. */
function requestKey({ url, headers }: Request): string {
  return `${url}\n${headers.get("origin")}\n${headers.get("referer")}`;
}

function answerHeaders(contentType: string, seconds: number): Record<string, string> {
  return { "Content-Type": contentType, "Cache-Control": `public, max-age=${seconds}` };
}
