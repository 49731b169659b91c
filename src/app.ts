// The order a request travels in: identity, limits, dependencies, then one resource. No logic.

import type { OpenAPIHono } from "@hono/zod-openapi";
import { composeDependencies } from "./composition.ts";
import type { AppEnv } from "./http/app-env.ts";
import { admitRequests, answerError } from "./http/middleware.ts";
import { answerPreflight } from "./http/origins.ts";
import { answerProblem } from "./http/problem.ts";
import { createRouter } from "./http/router.ts";
import { describeApi } from "./http/openapi.ts";
import { apiTokenRoutes } from "./routes/api-tokens.ts";
import { areaRoutes } from "./routes/areas.ts";
import { auditRoutes } from "./routes/audit.ts";
import { authRoutes } from "./routes/auth.ts";
import { eventStatusRoutes } from "./routes/event-status.ts";
import { eventRoutes } from "./routes/events.ts";
import { imageRoutes } from "./routes/images.ts";
import { mediaRoutes } from "./routes/media.ts";
import { legalInfoRoutes } from "./routes/legal-info.ts";
import { paymentRoutes } from "./routes/payments.ts";
import { promotionRoutes } from "./routes/promotions.ts";
import { publicEventRoutes } from "./routes/public-events.ts";
import { publicRoutes } from "./routes/public.ts";
import { qrRoutes } from "./routes/qr.ts";
import { quoteRoutes } from "./routes/quotes.ts";
import { reservationRoutes } from "./routes/reservations.ts";
import { saleStageRoutes } from "./routes/sale-stages.ts";
import { serviceRoutes } from "./routes/service.ts";
import { unitLayoutRoutes } from "./routes/unit-layouts.ts";
import { teamRoutes } from "./routes/team.ts";
import { unitRoutes } from "./routes/units.ts";
import { webhookRoutes } from "./routes/webhooks.ts";

export function createApp(): OpenAPIHono<AppEnv> {
  const app = createRouter();
  app.use(admitRequests(composeDependencies));
  app.options("/v1/*", answerPreflight);

  app.route("/v1", serviceRoutes);
  app.route("/v1", authRoutes);
  app.route("/v1", teamRoutes);
  app.route("/v1", apiTokenRoutes);
  app.route("/v1", eventRoutes);
  app.route("/v1", eventStatusRoutes);
  app.route("/v1", legalInfoRoutes);
  app.route("/v1", areaRoutes);
  app.route("/v1", unitRoutes);
  app.route("/v1", unitLayoutRoutes);
  app.route("/v1", imageRoutes);
  app.route("/v1", mediaRoutes);
  app.route("/v1", saleStageRoutes);
  app.route("/v1", promotionRoutes);
  app.route("/v1", auditRoutes);
  app.route("/v1", publicEventRoutes);
  app.route("/v1", publicRoutes);
  app.route("/v1", quoteRoutes);
  app.route("/v1", reservationRoutes);
  app.route("/v1", paymentRoutes);
  app.route("/v1", webhookRoutes);
  app.route("/v1", qrRoutes);
  describeApi(app);
  app.get("/", (context) => context.redirect("/v1/docs"));
  app.get("/openapi.json", (context) => context.redirect("/v1/openapi.json"));

  app.onError(answerError);
  app.notFound((context) => answerProblem(context, { code: "route_not_found" }));
  return app;
}
