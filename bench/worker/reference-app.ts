// The bench's own routes: what the product is measured against, and what the bench must ask an object. A bare Hono app
// without any of the product's middleware, so that the references are as fast as they can be.

import { Hono } from "hono";
import type { BenchEnv } from "./bench-env.ts";
import { answerHoldFloor, answerScanFloor } from "./floors.ts";
import { type PostgresHold, holdInPostgres } from "./hold-in-postgres.ts";
import { type SellInput, sell } from "./sell.ts";

export const effects = { areCarriedOut: true };

export function createReferenceApp() {
  const app = new Hono<{ Bindings: BenchEnv }>();
  const area = (env: BenchEnv, id: string) => env.AREA_INVENTORY.getByName(id);

  app.get("/bench/ok", (context) => context.text("ok"));
  app.post("/bench/empty", async (context) => {
    await context.env.EMPTY_OBJECT.getByName("empty").empty();
    return context.json({ ok: true });
  });
  app.post("/bench/hold-floor", answerHoldFloor);
  app.post("/bench/scan-floor", answerScanFloor);
  app.post("/bench/hold-in-postgres", async (context) => {
    const hold = await context.req.json<PostgresHold>();
    const units = await holdInPostgres(context.env, hold);
    return units.length === hold.quantity
      ? context.json({ units }, 201)
      : context.json({ units }, 409);
  });

  app.post("/bench/sell", async (context) => {
    return context.json(await sell(context.env, await context.req.json<SellInput>()));
  });
  app.post("/bench/effects/:switch", (context) => {
    effects.areCarriedOut = context.req.param("switch") === "on";
    return context.body(null, 204);
  });
  app.get("/bench/areas/:id/outbox", async (context) => {
    return context.json({ rows: await area(context.env, context.req.param("id")).outboxRows() });
  });
  app.get("/bench/areas/:id/units", async (context) => {
    return context.json(await area(context.env, context.req.param("id")).countedUnits());
  });
  app.post("/bench/areas/:id/count/start", async (context) => {
    await area(context.env, context.req.param("id")).startCounting();
    return context.body(null, 204);
  });
  app.post("/bench/areas/:id/count/stop", async (context) => {
    return context.json(await area(context.env, context.req.param("id")).stopCounting());
  });
  return app;
}
