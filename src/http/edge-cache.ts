// Keeps public answers in Cloudflare's cache of the location for a second or two. Only for what is the same for all
// readers of a site. Refusals are never kept.

import type { Context, MiddlewareHandler, Next } from "hono";
import { createExpiringCache } from "../shared/expiring-cache.ts";
import type { AppEnv } from "./app-env.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

interface KeptAnswer {
  body: string;
  headers: Record<string, string>;
}

/** In front of the location's cache: what this isolate answered a moment ago to the very same request. */
const justAnswered = createExpiringCache<KeptAnswer>({ keptMs: 1_000, entriesMax: 200 });

/** What this isolate is asking for already. A request that was cut off is forgotten after a while. */
const underWay = createExpiringCache<boolean>({ keptMs: 3_000, entriesMax: 1_000 });
const LOOK_AGAIN_MS = 5;

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
    const { now } = context.var.dependencies;
    const isFirst = underWay.get(address, now()) !== true;
    const shared = isFirst ? justAnswered.get(address, now()) : await answerOfFirst(address, now);
    if (shared !== undefined) return new Response(shared.body, { headers: shared.headers });
    if (isFirst) underWay.set(address, true, now());
    try {
      await answerAnew(context, next, { address, seconds });
      return undefined;
    } finally {
      if (isFirst) underWay.set(address, false, now());
    }
  };
}

/** What the request that asks already gets; undefined when it was refused. */
async function answerOfFirst(address: string, now: () => number): Promise<KeptAnswer | undefined> {
  // By looking again, not by waiting for its promise: when that request is cut off, it never ends.
  while (underWay.get(address, now()) === true) await scheduler.wait(LOOK_AGAIN_MS);
  return justAnswered.get(address, now());
}

/** From the location's cache, else from the route; kept in both caches. */
async function answerAnew(
  context: Context<SiteEnv>,
  next: Next,
  { address, seconds }: { address: string; seconds: number },
): Promise<void> {
  const nowMs = context.var.dependencies.now();
  const cache = await caches.open("public-reads");
  const known = await cache.match(address);
  if (known === undefined) await next();
  const answer = known ?? context.res;
  if (!answer.ok) return;
  const body = await answer.text();
  const contentType = answer.headers.get("content-type") ?? "application/json";
  const headers = answerHeaders(contentType, seconds);
  for (const keyed of [requestKey(context.req.raw), address])
    justAnswered.set(keyed, { body, headers }, nowMs);
  const fresh = new Response(body, { headers });
  if (known === undefined) context.executionCtx.waitUntil(cache.put(address, fresh.clone()));
  context.res = undefined;
  context.res = fresh;
}

/** Everything the answer depends on, as it came. */
function requestKey({ url, headers }: Request): string {
  return `${url}\n${headers.get("origin")}\n${headers.get("referer")}`;
}

function answerHeaders(contentType: string, seconds: number): Record<string, string> {
  return { "Content-Type": contentType, "Cache-Control": `public, max-age=${seconds}` };
}
