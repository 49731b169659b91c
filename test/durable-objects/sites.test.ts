// Which site a public request is for, as a deployment without a stand-in for unknown sites decides it, in the Workers runtime.

import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { createApp } from "../../src/app.ts";

declare module "vitest" {
  interface ProvidedContext {
    organizerToken: string;
    otherOrganizerToken: string;
  }
}

/** As in production: unknown sites are unknown. */
const deployed = { ...env, DEVELOPMENT_SITE: "" };
const app = createApp();

const CARIBE = "localhost";
const ANDINO = "andino.localhost";
const MINUTE_MS = 60_000;

let nowMs: number;
beforeEach(() => {
  nowMs = Date.now();
  vi.useFakeTimers({ toFake: ["Date"], now: nowMs });
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const later = (ms: number) => vi.setSystemTime((nowMs += ms));
const problem = z.looseObject({ code: z.string(), status: z.number() });

async function ask(
  host: string,
  headers: Record<string, string> = {},
  path = "/v1/public/events?limit=1",
): Promise<Response> {
  const context = createExecutionContext();
  const request = new Request(`http://${host}${path}`, { headers });
  const answer = await app.fetch(request, deployed, context);
  const body = await answer.text();
  await waitOnExecutionContext(context);
  return new Response(answer.status === 304 ? null : body, answer);
}

const databaseCalls = () => {
  const fetches = vi.spyOn(globalThis, "fetch");
  return () => fetches.mock.calls.length;
};

/** An organizer's own events are created under a slug that tells whose site answered. */
async function slugOf(token: string): Promise<string> {
  const slug = `de-${crypto.randomUUID()}`;
  const post = async (path: string, body: object) => {
    const answer = await fetch(`${env.PUBLIC_BASE_URL}/v1${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    return z.looseObject({ id: z.string().optional() }).parse(await answer.json()).id ?? "";
  };
  const event = await post("/events", {
    name: "De quién",
    slug,
    starts_at: "2031-03-19T20:00:00-05:00",
    ends_at: "2031-03-20T02:00:00-05:00",
  });
  const area = await post(`/events/${event}/areas`, { name: "Platea", price_in_cents: 1_000_000 });
  await post(`/areas/${area}/units/bulk`, { quantity: 1 });
  await post(`/events/${event}/publish`, {});
  return slug;
}

describe("a site", () => {
  test("is that of the origin, else of the referring page, else of the host", async () => {
    const caribe = await slugOf(inject("organizerToken"));
    const andino = await slugOf(inject("otherOrganizerToken"));
    const origin = { origin: `http://${ANDINO}` };
    const referer = { referer: `http://${ANDINO}/eventos?pagina=2` };
    const asked: [host: string, headers: Record<string, string>, slug: string][] = [
      [CARIBE, {}, caribe],
      [ANDINO, {}, andino],
      [CARIBE, origin, andino],
      [CARIBE, referer, andino],
      [CARIBE, { ...referer, origin: `http://${CARIBE}` }, caribe],
      ["api.example", origin, andino],
      ["api.example", referer, andino],
      // An origin that is no site's says nothing.
      [CARIBE, { origin: "https://ajena.example" }, caribe],
      [CARIBE, { origin: "null", ...referer }, andino],
      ["api.example", { origin: "https://ajena.example", ...referer }, andino],
    ];
    for (const [host, headers, slug] of asked) {
      const other = slug === caribe ? andino : caribe;
      const what = `${host} ${JSON.stringify(headers)}`;
      expect((await ask(host, headers, `/v1/public/events/${slug}`)).status, what).toBe(200);
      expect((await ask(host, headers, `/v1/public/events/${other}`)).status, what).toBe(404);
    }
  });

  test.each([
    ["an unknown host", {}],
    ["an unknown origin", { origin: "https://ajena.example" }],
    ["a port that is no site", { origin: `http://${CARIBE}:8443` }],
    ["a name that ends with a site's", { origin: `http://evil-${CARIBE}` }],
    ["a forwarded host", { "x-forwarded-host": CARIBE, forwarded: `host=${CARIBE}` }],
    ["a query", {}],
  ])("is not made up by %s", async (what, headers: Record<string, string>) => {
    const query = what === "a query" ? `?site=${CARIBE}&host=${CARIBE}` : "";
    for (const path of ["/v1/public/events", "/v1/public/events/x", "/v1/public/events/x/areas"]) {
      const answer = await ask("api.example", headers, `${path}${query}`);
      expect(answer.status).toBe(404);
      expect(problem.parse(await answer.json())).toMatchObject({ code: "site_unknown" });
    }
  });

  test("is looked up once a minute, and so is a stranger's", async () => {
    later(10 * MINUTE_MS);
    const stranger = `https://${crypto.randomUUID()}.example`;
    await ask(CARIBE, { origin: stranger });
    const calls = databaseCalls();
    for (let time = 0; time < 5; time += 1) await ask(CARIBE, { origin: stranger });
    await ask(CARIBE);
    expect(calls()).toBe(0);
    expect((await ask("api.example", { origin: stranger })).status).toBe(404);
    expect(calls()).toBe(1);
    expect((await ask("api.example", { origin: stranger })).status).toBe(404);
    expect(calls()).toBe(1);
  });

  test("does not come from the location's memory of another one", async () => {
    await ask(CARIBE);
    later(10 * MINUTE_MS);
    const calls = databaseCalls();
    expect((await ask(CARIBE)).status).toBe(200);
    expect(calls()).toBe(0);
    expect((await ask("api.example", { referer: "https://site localhost/" })).status).toBe(404);
    expect((await ask(`${CARIBE}.example`)).status).toBe(404);
  });
});
