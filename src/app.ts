// The order a request travels in: identity, limits, dependencies, then one resource. No logic.

import type { OpenAPIHono } from "@hono/zod-openapi";
import { cors } from "hono/cors";
import { secureHeaders } from "hono/secure-headers";
import { composeDependencies } from "./composition.ts";
import type { AppEnv } from "./http/app-env.ts";
import { answerError, limitBody } from "./http/middleware.ts";
import { answerProblem } from "./http/problem.ts";
import { createRouter } from "./http/router.ts";
import { eventRoutes } from "./routes/events.ts";

export function createApp(): OpenAPIHono<AppEnv> {
  const app = createRouter();
  app.use(async (context, next) => {
    const requestId = crypto.randomUUID();
    context.set("requestId", requestId);
    context.set("publicBaseUrl", context.env.PUBLIC_BASE_URL);
    await next();
    context.header("X-Request-Id", requestId);
  });
  app.use(secureHeaders());
  app.use("/v1/*", cors({ origin: "*", exposeHeaders: ["X-Request-Id", "Retry-After"], maxAge: 600 }));
  app.use(limitBody);
  app.use("/v1/*", async (context, next) => {
    context.set("dependencies", composeDependencies(context.env));
    await next();
  });

  app.route("/v1", eventRoutes);

  app.onError(answerError);
  app.notFound((context) => answerProblem(context, { code: "route_not_found" }));
  return app;
}
