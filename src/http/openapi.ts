// The OpenAPI 3.1 document, generated from the routes.

import type { OpenAPIHono } from "@hono/zod-openapi";
import type { AppEnv } from "./app-env.ts";

export function describeApi(app: OpenAPIHono<AppEnv>): void {
  app.openAPIRegistry.registerComponent("securitySchemes", "session", {
    type: "http",
    scheme: "bearer",
    description:
      "The session token of a member of the organizer's team, or an API token of the organizer's with the scope that the route needs (`waro_api_…`; never for the team or for tokens). Browsers may send it as the cookie `waro_session` instead; what changes something then needs an `Origin` of this API or of the organizer's site.",
  });
  app.doc31("/v1/openapi.json", (context) => ({
    openapi: "3.1.0",
    info: {
      title: "WaRo Tickets",
      version: "1",
      description:
        "Event ticketing for Colombia. Errors are problem documents (RFC 9457) with a stable `code`, listed at /v1/docs/problems. " +
        "What is below /v1/public/ belongs to a site: that of the request's `Origin`, else `Referer`, else `Host`. " +
        "Signing in, quotes, holding and scanning are limited per minute: `RateLimit` says what is left, and 429 comes with `Retry-After`.",
    },
    servers: [{ url: context.var.publicBaseUrl }],
  }));
}
