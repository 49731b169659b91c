// How a file is answered that never changes: whole, in part, or not again; as what it is and nothing else. Whole ones are kept
// in the edge cache for a day.

import type { Context } from "hono";
import type { Refusal } from "../shared/refusals.ts";
import type { Result } from "../shared/result.ts";
import type { OpenedMedia } from "../services/media/open-media.ts";
import type { AppEnv } from "./app-env.ts";
import { hasTag, rangeOf } from "./byte-ranges.ts";
import { answerProblem } from "./problem.ts";

const FOR_EVER = "public, max-age=31536000, immutable";
/** A deleted image is gone from every edge after this. */
const AT_THE_EDGE = "public, max-age=86400";

type Open = () => Promise<Result<OpenedMedia, Refusal>>;

/** `address` names the file and its width, whatever else was asked. */
export async function answerMedia<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  address: string,
  open: Open,
): Promise<Response> {
  const asked = context.req.header("range") ?? context.req.header("if-none-match");
  if (asked !== undefined) return answerOpened(context, await open());
  const cache = await caches.open("media");
  const known = await cache.match(address);
  if (known !== undefined) return fresh(known.body, known.headers, FOR_EVER);
  const answer = await answerOpened(context, await open());
  if (answer.status !== 200 || answer.body === null) return answer;
  const [now, kept] = answer.body.tee();
  context.executionCtx.waitUntil(cache.put(address, fresh(kept, answer.headers, AT_THE_EDGE)));
  return fresh(now, answer.headers, FOR_EVER);
}

function fresh(body: ReadableStream | null, headers: Headers, cacheControl: string): Response {
  const copied = new Headers(headers);
  copied.set("Cache-Control", cacheControl);
  return new Response(body, { headers: copied });
}

async function answerOpened<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  opened: Result<OpenedMedia, Refusal>,
): Promise<Response> {
  if (!opened.ok) return answerProblem(context, opened.refusal);
  const { etag, contentType, sizeBytes, read } = opened.value;
  const headers = headersOf(etag, contentType);
  if (hasTag(context.req.header("if-none-match"), etag))
    return new Response(null, { status: 304, headers });

  // A part of another version would be put together with what the client has of this one.
  const isCurrent = (context.req.header("if-range") ?? etag) === etag;
  const range = isCurrent ? rangeOf(context.req.header("range"), sizeBytes) : null;
  if (range === "unsatisfiable") {
    const answer = answerProblem(context, { code: "range_not_satisfiable" });
    answer.headers.set("Content-Range", `bytes */${sizeBytes}`);
    return answer;
  }
  const body = await read(range);
  if (body === null) return answerProblem(context, { code: "media_not_found" });
  const { offset, length } = range ?? { offset: 0, length: sizeBytes };
  headers.set("Content-Length", String(length));
  if (range === null) return new Response(body, { headers });
  headers.set("Content-Range", `bytes ${offset}-${offset + length - 1}/${sizeBytes}`);
  return new Response(body, { status: 206, headers });
}

function headersOf(etag: string, contentType: string): Headers {
  return new Headers({
    "Content-Type": contentType,
    "Cache-Control": FOR_EVER,
    "Accept-Ranges": "bytes",
    // Opened by itself it is a document: it may run nothing and load nothing.
    "Content-Security-Policy": "default-src 'none'; sandbox",
    ETag: etag,
  });
}
