// An empty router whose validation failures are problem documents. Every resource starts from one.

import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./app-env.ts";
import { answerProblem } from "./problem.ts";

export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const part = result.target === "json" ? "body" : result.target;
      const errors = result.error.issues.map((issue) => ({
        path: [
          part,
          ...issue.path.map(String),
          ...(issue.code === "unrecognized_keys" ? [issue.keys.join(",")] : []),
        ].join("."),
        message: issue.message,
      }));
      return answerProblem(context, { code: "validation_failed", errors });
    },
  });
}
