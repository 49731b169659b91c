// Answers a long call in lines of JSON while it is under way: what it has done so far, and at last its result or a problem
// document. Without a status to say how it ended, the last line says it; and since the change is made after the answer began,
// what is kept of public answers is purged before that line, not with the answer's beginning.

import type { Context } from "hono";
import type { Refusal } from "../shared/refusals.ts";
import type { Result } from "../shared/result.ts";
import type { AppEnv } from "./app-env.ts";
import { beginGeneration } from "./generations.ts";
import { refusalOfFailure } from "./middleware.ts";
import { answerProblem } from "./problem.ts";

const MEDIA_TYPE = "application/x-ndjson";
/** Nothing between here and the client takes a silent connection for a dead one. */
const REPEAT_MS = 1_000;

export function wantsProgress({ req }: Context): boolean {
  return req.header("accept")?.includes(MEDIA_TYPE) ?? false;
}

/** The work goes on when nobody listens any more. */
export function answerWithProgress<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  work: (tell: (progress: object) => void) => Promise<Result<object, Refusal>>,
) {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const encoder = new TextEncoder();
  const send = (line: object): void => {
    // Refused once the client has gone.
    writer.write(encoder.encode(`${JSON.stringify(line)}\n`)).catch(() => undefined);
  };
  let last: object | null = null;
  const tell = (progress: object): void => {
    last = { progress };
    send(last);
  };
  const timer = setInterval(() => last !== null && send(last), REPEAT_MS);
  const run = async (): Promise<void> => {
    try {
      const line = await lastLine(context, work, tell);
      // However it ended: a failure may have come after the change.
      const profileId = context.get("sessionProfileId");
      if (profileId !== undefined)
        await beginGeneration(profileId, context.get("dependencies").now());
      send(line);
    } finally {
      clearInterval(timer);
      await writer.close().catch(() => undefined);
    }
  };
  context.executionCtx.waitUntil(run());
  return context.body(readable, 202, {
    "Content-Type": `${MEDIA_TYPE}; charset=utf-8`,
    "Cache-Control": "no-store",
  });
}

async function lastLine<RouteEnv extends AppEnv>(
  context: Context<RouteEnv>,
  work: (tell: (progress: object) => void) => Promise<Result<object, Refusal>>,
  tell: (progress: object) => void,
): Promise<object> {
  try {
    const result = await work(tell);
    if (result.ok) return { result: result.value };
    return { problem: await answerProblem(context, result.refusal).json() };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const answer = answerProblem(context, refusalOfFailure(error, context));
    return { problem: await answer.json() };
  }
}
