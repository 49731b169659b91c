import { Hono } from "hono";
export function createReferenceApp() {
  const app = new Hono();
  app.get("/bench/ok", (c) => c.text("ok"));
  app.post("/bench/empty", async (c) => { await (c.env as any).EMPTY_OBJECT.getByName("empty").empty(); return c.json({ ok: true }); });
  return app;
}
