// The service itself: health, the OpenAPI document, and the pages that explain both.

import { createRoute, z } from "@hono/zod-openapi";
import { jsonResponse } from "../contracts/common.ts";
import { fieldCatalog, problemCatalog } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { checkHealth } from "../services/check-health.ts";
import { renderDocsPage, renderProblemsPage } from "../templates/docs-page.ts";

const healthSchema = z
  .object({ status: z.enum(["ok", "degraded"]), database: z.enum(["ok", "down"]) })
  .openapi("Health");

export const serviceRoutes = createRouter();

serviceRoutes.openapi(
  createRoute({
    method: "get",
    path: "/health",
    tags: ["service"],
    summary: "Whether the service can do its work",
    responses: {
      200: jsonResponse("It can.", healthSchema),
      503: jsonResponse("Sales go on, but what needs the database does not.", healthSchema),
    },
  }),
  async (context) => {
    const { isHealthy } = await checkHealth(context.var.dependencies);
    return isHealthy
      ? context.json({ status: "ok" as const, database: "ok" as const }, 200)
      : context.json({ status: "degraded" as const, database: "down" as const }, 503);
  },
);

/** Only this origin's own files; Swagger UI styles its elements inline. */
const PAGE_POLICY = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:";

serviceRoutes.get("/docs", (context) => {
  context.header("Content-Security-Policy", PAGE_POLICY);
  return context.html(renderDocsPage());
});
serviceRoutes.get("/docs/problems", (context) => {
  context.header("Content-Security-Policy", PAGE_POLICY);
  return context.html(renderProblemsPage(problemCatalog(), fieldCatalog()));
});
