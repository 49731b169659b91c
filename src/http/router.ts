// An empty router whose validation failures are problem documents. Every resource starts from one.

import { OpenAPIHono, type z } from "@hono/zod-openapi";
import type { Refusal } from "../shared/refusals.ts";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const part = result.target === "json" ? "body" : result.target;
      return answerProblem(context, invalid(part, result.error.issues));
    },
  });
}

/** What is wrong with which part of a request. */
export function invalid(part: string, issues: readonly z.core.$ZodIssue[]): Refusal {
  const errors = issues.map((issue) => ({
    path: [
      part,
      ...issue.path.map(String),
      ...(issue.code === "unrecognized_keys" ? [issue.keys.join(",")] : []),
    ].join("."),
    message: issue.message,
  }));
  return { code: "validation_failed", errors };
}
