// An empty router whose validation failures are problem documents. Every resource starts from one.

import { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./app-env.ts";
import { invalid } from "./invalid.ts";
import { answerProblem } from "./problem.ts";

export function createRouter(): OpenAPIHono<AppEnv> {
  return new OpenAPIHono<AppEnv>({
    defaultHook: (result, context) => {
      if (result.success) return undefined;
      const part = result.target === "json" ? "body" : result.target;
      const { issues } = result.error;
      return answerProblem(context, invalid(part, { issues, input: inputOf(result) }));
    },
  });
}

/** The validator hands it over, and does not say so in its types. */
function inputOf(result: object): unknown {
  return "data" in result ? result.data : undefined;
}
