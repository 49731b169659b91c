// Keeps public answers in Cloudflare's cache of the location for some seconds, and in this isolate's memory for one. Only for
// what is the same for all readers of a site. Whatever is kept has an ETag, and stands below /v1/public/, where any page may
// read. Of refusals only failures are kept, in memory alone: what is down already is not asked again by everybody.

import type { Context, MiddlewareHandler, Next } from "hono";
import { sha256Hex } from "../shared/digest.ts";
import { createExpiringCache } from "../shared/expiring-cache.ts";
import type { Refusal } from "../shared/refusals.ts";
import type { AppEnv } from "./app-env.ts";
import { hasTag } from "./byte-ranges.ts";
import { fixedHeaders } from "./fixed-headers.ts";
import { generationOf, isOver } from "./generations.ts";
import { keepInLocation, readFromLocation } from "./location-cache.ts";
import { answerProblem } from "./problem.ts";

type SiteEnv = AppEnv & { Variables: { profileId: string } };

interface KeptAnswer {
  profileId: string;
  generation: string;
  body: string;
  etag: string;
  headers: Headers;
}

interface Keeping {
  /** In the location. */
  seconds: number;
  /** What a client is told about keeping it. */
  cacheControl: string;
  /** The only ones of the query that count: a made-up one must not be a way past the cache to Postgres or an object. */
  parameters: readonly string[];
}

/** Elsewhere than in the location of a change, an event's pages may be this old. */
const PAGE_SECONDS = 5;

/** In front of the location's cache: what this isolate answered a moment ago. */
const justAnswered = createExpiringCache<KeptAnswer>({ keptMs: 1_000, entriesMax: 400 });

/** What failed a moment ago, and is not asked for before this is over. */
const justFailed = createExpiringCache<Refusal>({ keptMs: 1_000, entriesMax: 400 });
const RETRY_AFTER_SECONDS = "2";

/** A request that asks for what others wait for. */
interface Asker {
  isDone: boolean;
}

/** Who asks for what in this isolate. A request that was cut off stays for as long as this, and says no more that it goes on. */
const underWay = createExpiringCache<Asker>({ keptMs: 3_000, entriesMax: 1_000 });
const STILL_ASKING_MS = 1_000;
const LOOK_AGAIN_MS = 5;

const ID = /^[0-9a-f-]{36}$/i;

/**
 * What this isolate answered to the same request within the last second; null for every other request. Goes before the router,
 * which costs more than all of this. The same address asked for by the same page is the same site.
 */
export function answerFromMemory(request: Request, nowMs: number): Response | null {
  if (request.method !== "GET") return null;
  // With a cookie, CORS depends on who reads; a body is refused or not by its kind.
  const { headers } = request;
  if (headers.has("cookie") || headers.has("content-type")) return null;
  const kept = justAnswered.get(requestKey(request), nowMs);
  if (kept === undefined || isOver(kept.profileId, kept.generation, nowMs)) return null;
  const answer = answerWith(headers, kept);
  answer.headers.set("X-Request-Id", crypto.randomUUID());
  return answer;
}

/** Goes after `requireSite`: answers of two sites are told apart. Clients may keep them for as long as the location does. */
export function keepAtEdge(
  seconds: number,
  parameters: readonly string[] = [],
): MiddlewareHandler<SiteEnv> {
  return keep({ seconds, parameters, cacheControl: `public, max-age=${seconds}` });
}

/** The same for what only its organizer changes. Clients ask each time whether theirs still holds, and are answered 304. */
export function keepUntilChanged(parameters: readonly string[] = []): MiddlewareHandler<SiteEnv> {
  const cacheControl = "public, max-age=0, must-revalidate";
  return keep({ seconds: PAGE_SECONDS, parameters, cacheControl });
}

function keep(keeping: Keeping): MiddlewareHandler<SiteEnv> {
  return async (context, next) => {
    const { profileId } = context.var;
    const generation = await generationOf(profileId);
    const name = nameOf(context, generation, keeping);
    const { now } = context.var.dependencies;
    for (;;) {
      const shared = justAnswered.get(name, now());
      if (shared !== undefined) return answerWith(context.req.raw.headers, shared);
      const failure = justFailed.get(name, now());
      if (failure !== undefined) return answerFailure(context, failure);
      const asker = underWay.get(name, now());
      if (asker === undefined || asker.isDone) break;
      await untilDone(name, asker, now);
      // A refusal that is kept for nobody: were those who waited to ask one after the other, the last would wait for ever.
      if (asker.isDone && !isKnown(name, now())) {
        await answerAnew(context, next, { name, generation, keeping });
        return undefined;
      }
    }
    await askForOthers(name, now, () => answerAnew(context, next, { name, generation, keeping }));
    return undefined;
  };
}

/** By looking again, not by waiting for its promise: when that request is cut off, it never ends. */
async function untilDone(name: string, asker: Asker, now: () => number): Promise<void> {
  while (!asker.isDone && underWay.get(name, now()) === asker) await scheduler.wait(LOOK_AGAIN_MS);
}

function isKnown(name: string, nowMs: number): boolean {
  return justAnswered.get(name, nowMs) !== undefined || justFailed.get(name, nowMs) !== undefined;
}

/** However long it takes, nobody else asks meanwhile, unless this request is cut off. */
async function askForOthers(
  name: string,
  now: () => number,
  ask: () => Promise<void>,
): Promise<void> {
  const asker: Asker = { isDone: false };
  const stay = () => underWay.set(name, asker, now());
  stay();
  const staying = setInterval(stay, STILL_ASKING_MS);
  try {
    await ask();
  } finally {
    clearInterval(staying);
    asker.isDone = true;
  }
}

/** Decoded, and ids in lower case: what means the same is kept as the same. */
function nameOf(
  { req, var: { profileId } }: Context<SiteEnv>,
  generation: string,
  { parameters }: Keeping,
): string {
  const { searchParams } = new URL(req.url);
  return JSON.stringify([
    profileId,
    generation,
    req.routePath,
    Object.values(req.param()).map((value) => (ID.test(value) ? value.toLowerCase() : value)),
    parameters.map((parameter) => searchParams.getAll(parameter)),
  ]);
}

/** From the location's cache, else from the route; kept in both caches. */
async function answerAnew(
  context: Context<SiteEnv>,
  next: Next,
  { name, generation, keeping }: { name: string; generation: string; keeping: Keeping },
): Promise<void> {
  const nowMs = context.var.dependencies.now();
  const known = await readFromLocation(name);
  if (known === undefined) await next();
  const answer = known ?? context.res;
  if (!answer.ok) {
    const { refused, dependencies } = context.var;
    if (answer.status >= 500 && refused !== undefined)
      justFailed.set(name, refused, dependencies.now());
    return;
  }
  const body = await answer.text();
  const contentType = answer.headers.get("content-type") ?? "application/json";
  const etag = answer.headers.get("etag") ?? `"${(await sha256Hex(body)).slice(0, 32)}"`;
  const headers = new Headers([
    ...fixedHeaders,
    ["Access-Control-Allow-Origin", "*"],
    ["Content-Type", contentType],
    ["Cache-Control", keeping.cacheControl],
    ["ETag", etag],
    // Another page's site may have another answer under the same address.
    ["Vary", "Origin, Referer"],
  ]);
  const kept = { profileId: context.var.profileId, generation, body, etag, headers };
  for (const key of [requestKey(context.req.raw), name]) justAnswered.set(key, kept, nowMs);
  if (known === undefined)
    context.executionCtx.waitUntil(
      keepInLocation(name, body, {
        seconds: keeping.seconds,
        headers: { "Content-Type": contentType, ETag: etag },
      }),
    );
  context.res = undefined;
  context.res = answerWith(context.req.raw.headers, kept);
}

/** As the request that asked was answered, under this one's id and in its language. */
function answerFailure(context: Context<SiteEnv>, failure: Refusal): Response {
  const answer = answerProblem(context, failure);
  answer.headers.set("Retry-After", RETRY_AFTER_SECONDS);
  return answer;
}

function answerWith(asked: Headers, { body, etag, headers }: KeptAnswer): Response {
  const known = asked.get("if-none-match");
  if (known !== null && hasTag(known, etag)) return new Response(null, { status: 304, headers });
  return new Response(body, { headers });
}

/** Everything the answer depends on, as it came. */
function requestKey({ url, headers }: Request): string {
  return `${url}\n${headers.get("origin")}\n${headers.get("referer")}`;
}
