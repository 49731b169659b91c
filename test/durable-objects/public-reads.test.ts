// What a public read costs that is answered from the edge: counted in the Workers runtime, where every statement leaves by
// `fetch` and every question to an area's object ends in one method. A read that is not kept shows that the counters count.

import { env, exports } from "cloudflare:workers";
import { afterEach, describe, expect, inject, test, vi } from "vitest";
import * as z from "zod";
import { AreaInventory } from "../../src/index.ts";
import { type LiveArea, openArea, takePostgresAway, until } from "./live-area.ts";

declare module "vitest" {
  interface ProvidedContext {
    otherOrganizerToken: string;
  }
}

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const ORIGIN = "http://localhost";
const withSlug = z.object({ slug: z.string() });

/** By the Worker of this runtime: its isolate is the one that purges and counts. */
async function asOrganizer(method: string, path: string, body?: object): Promise<Response> {
  const answer = await exports.default.fetch(`${ORIGIN}/v1/events/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${inject("organizerToken")}`,
      "content-type": "application/json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer;
}

async function publish({ settings: { eventId } }: LiveArea): Promise<string> {
  const published = await asOrganizer("POST", `${eventId}/publish`);
  return withSlug.parse(await published.json()).slug;
}

/** What leaves this isolate from now on: statements for Postgres, and calls of areas' objects. */
function countCosts() {
  const questions = vi.spyOn(AreaInventory.prototype, "read");
  const commands = vi.spyOn(AreaInventory.prototype, "execute");
  const fetches = vi.spyOn(globalThis, "fetch");
  return () => ({
    transactions: fetches.mock.calls.filter(([to]) => isDatabase(to)).length,
    calls: questions.mock.calls.length + commands.mock.calls.length,
  });
}

function isDatabase(to: RequestInfo | URL): boolean {
  const address = to instanceof Request ? to.url : String(to);
  return address.startsWith(env.DATABASE_HTTP_ENDPOINT);
}

async function read(address: string, headers: Record<string, string> = {}): Promise<Response> {
  const answer = await exports.default.fetch(`${ORIGIN}/v1/public/events${address}`, {
    headers: { origin: ORIGIN, ...headers },
  });
  await answer.clone().text();
  return answer;
}

/** However long the machine takes, nothing grows old in this isolate. */
function standStill(): void {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() });
}

/** Every statement takes until `goOn`. */
function slowPostgres() {
  const state = { asked: 0, isSlow: true };
  const real = globalThis.fetch;
  vi.spyOn(globalThis, "fetch").mockImplementation(async (to, init) => {
    if (!isDatabase(to)) return real(to, init);
    state.asked += 1;
    while (state.isSlow) await new Promise((resolve) => setTimeout(resolve, 5));
    return real(to, init);
  });
  return {
    asked: () => state.asked,
    goOn: () => {
      state.isSlow = false;
    },
  };
}

const nothing = { transactions: 0, calls: 0 };

/** The addresses of an area on sale, each with whether its objects are asked when nothing is kept. */
const reads: [what: string, asksObject: boolean, (slug: string, areaId: string) => string][] = [
  ["the listing", false, () => "?limit=100"],
  ["a search", false, (slug) => `?q=${slug.slice(0, 8)}&city=&limit=7`],
  ["an event's page", true, (slug) => `/${slug}`],
  ["an event's areas", true, (slug) => `/${slug}/areas`],
  ["an event's JSON-LD", true, (slug) => `/${slug}/json-ld`],
  ["an area's availability", true, (slug, areaId) => `/${slug}/areas/${areaId}/availability`],
  ["an area's units", true, (slug, areaId) => `/${slug}/areas/${areaId}/units`],
];

describe.each(reads)("%s", (_what, asksObject, addressOf) => {
  async function opened(): Promise<{ address: string; area: LiveArea }> {
    const area = await openArea(3);
    return { area, address: addressOf(await publish(area), area.areaId) };
  }

  test("costs statements, and where it must a call, once; from then on neither", async () => {
    const { address } = await opened();
    const costs = countCosts();
    const first = await read(address);
    expect(first.status).toBe(200);
    const { transactions, calls } = costs();
    expect(transactions).toBeGreaterThan(0);
    expect(calls > 0).toBe(asksObject);
    vi.restoreAllMocks();

    standStill();
    const costsSince = countCosts();
    const etag = first.headers.get("etag") ?? "";
    for (let time = 0; time < 20; time += 1) {
      expect((await read(address)).status).toBe(200);
      expect((await read(address, { "if-none-match": etag })).status).toBe(304);
      expect((await read(`${address}${address.includes("?") ? "&" : "?"}made=up`)).status).toBe(
        200,
      );
    }
    expect(costsSince()).toEqual(nothing);
  });

  test("costs neither for an isolate that has just started, where its location has it", async () => {
    const { address } = await opened();
    const readAfresh = async () => {
      await read(address);
      // What the isolate remembers is too old by then.
      vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 600_000 });
      const costs = countCosts();
      const { status } = await read(address);
      vi.useRealTimers();
      return { status, ...costs() };
    };
    // What the location keeps goes by its own clock, and a second may pass on a busy machine: then once more.
    let cost = await readAfresh();
    for (let attempt = 1; attempt < 5 && cost.transactions > 0; attempt += 1) {
      vi.restoreAllMocks();
      cost = await readAfresh();
    }
    expect(cost).toEqual({ status: 200, ...nothing });
  });

  test("is asked for once by many at the same time", async () => {
    const { address } = await opened();
    await read("?limit=1");
    const costs = countCosts();
    await read(address);
    const one = costs();
    vi.restoreAllMocks();
    const next = await opened();
    await read("?limit=1");
    const costsOfMany = countCosts();
    await Promise.all(Array.from({ length: 40 }, () => read(next.address)));
    expect(costsOfMany()).toEqual(one);
  });

  test("that fails is asked for once by many at the same time, and again a second later", async () => {
    vi.spyOn(console, "error").mockImplementation(() => undefined);
    standStill();
    const readWithoutPostgres = async (readers: number) => {
      const { address } = await opened();
      await read("?limit=1");
      const questions = vi.spyOn(AreaInventory.prototype, "read");
      const postgres = takePostgresAway();
      const answers = await Promise.all(Array.from({ length: readers }, () => read(address)));
      answers.push(await read(address));
      postgres.back();
      const cost = { attempts: postgres.attempts(), calls: questions.mock.calls.length };
      questions.mockRestore();
      return { address, answers, cost };
    };
    const alone = await readWithoutPostgres(1);
    expect(alone.cost.attempts).toBeGreaterThan(0);
    const { address, answers, cost } = await readWithoutPostgres(40);
    expect(cost).toEqual(alone.cost);

    const ids = answers.map(({ headers }) => headers.get("x-request-id"));
    expect(new Set(ids).size).toBe(answers.length);
    for (const answer of answers) {
      expect(answer.status).toBe(503);
      expect(answer.headers.get("retry-after")).toBe("2");
      expect(answer.headers.get("cache-control")).toBe("no-store");
      expect(await answer.json()).toMatchObject({
        code: "database_unavailable",
        may_retry: true,
        request_id: answer.headers.get("x-request-id"),
      });
    }
    vi.setSystemTime(Date.now() + 1_000);
    expect((await read(address)).status).toBe(200);
  });

  test("that takes as long as Postgres may is asked for once by many meanwhile", async () => {
    const { address: known } = await opened();
    await read("?limit=1");
    const costs = countCosts();
    await read(known);
    const one = costs();
    vi.restoreAllMocks();

    const { address } = await opened();
    await read("?limit=1");
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: Date.now() });
    const slow = slowPostgres();
    const costsOfMany = countCosts();
    const looks = vi.spyOn(scheduler, "wait");
    const answers = Array.from({ length: 40 }, () => read(address));
    for (let second = 0; second < 14; second += 1) {
      const before = looks.mock.calls.length;
      await until("all who wait to look again", () => looks.mock.calls.length >= before + 80);
      vi.advanceTimersByTime(1_000);
    }
    expect(slow.asked()).toBe(1);
    slow.goOn();
    expect(new Set((await Promise.all(answers)).map(({ status }) => status))).toEqual(
      new Set([200]),
    );
    expect(costsOfMany()).toEqual(one);
  });

  test("is answered from memory with the same headers as from its route, under an id of its own", async () => {
    const { address } = await opened();
    standStill();
    const headersOf = async (headers: Record<string, string> = {}) => {
      const answer = await read(address, headers);
      const { "x-request-id": id, ...others } = Object.fromEntries(answer.headers);
      return { id, status: answer.status, headers: others };
    };
    const fromRoute = await headersOf();
    const fromMemory = await headersOf();
    expect({ ...fromMemory, id: "" }).toEqual({ ...fromRoute, id: "" });
    expect(fromMemory.id).toMatch(/^[0-9a-f-]{36}$/);
    expect(fromMemory.id).not.toBe(fromRoute.id);
    const unchanged = await headersOf({ "if-none-match": fromRoute.headers["etag"] ?? "" });
    expect(unchanged).toMatchObject({ status: 304, headers: { etag: fromRoute.headers["etag"] } });
  });

  test("with a cookie is answered for the page that asks, from memory or not", async () => {
    const { address } = await opened();
    standStill();
    for (let time = 0; time < 2; time += 1) {
      const answer = await read(address, { cookie: "session=anything" });
      expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(answer.headers.get("access-control-allow-credentials")).toBe("true");
    }
    expect((await read(address)).headers.get("access-control-allow-origin")).toBe("*");
  });

  test("costs again after the organizer's next change, and not after another organizer's", async () => {
    const { address, area } = await opened();
    standStill();
    await read(address);
    const other = await exports.default.fetch(`${ORIGIN}/v1/events`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${inject("otherOrganizerToken")}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        name: "Ajeno",
        slug: crypto.randomUUID(),
        starts_at: "2031-03-19T20:00:00-05:00",
        ends_at: "2031-03-20T02:00:00-05:00",
      }),
    });
    expect(other.status).toBe(201);
    const costs = countCosts();
    await read(address);
    expect(costs()).toEqual(nothing);
    vi.restoreAllMocks();

    await asOrganizer("PATCH", area.settings.eventId, { description: "Otra" });
    const costsAfterwards = countCosts();
    await read(address);
    expect(costsAfterwards().transactions).toBeGreaterThan(0);
  });
});

describe("those who wait for another's read", () => {
  const availabilityOf = async () => {
    const area = await openArea(3);
    return `/${await publish(area)}/areas/${area.areaId}/availability`;
  };

  test("send one of them after it when that was cut off", async () => {
    const address = await availabilityOf();
    await read("?limit=1");
    // Its interval never comes again, as that of a request that is no more.
    vi.useFakeTimers({ toFake: ["Date", "setInterval", "clearInterval"], now: Date.now() });
    const slow = slowPostgres();
    const looks = vi.spyOn(scheduler, "wait");
    const answers = Array.from({ length: 20 }, () => read(address));
    for (const asked of [1, 2, 3]) {
      const before = looks.mock.calls.length;
      await until("all who wait to look again", () => looks.mock.calls.length >= before + 60);
      expect(slow.asked()).toBe(asked);
      vi.setSystemTime(Date.now() + 3_000);
    }
    slow.goOn();
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  });

  test("are refused each by themselves where it was refused, and no refusal is kept", async () => {
    const area = await openArea(3);
    const slug = await publish(area);
    const address = `/${slug}-b/areas/${area.areaId}/availability`;
    standStill();
    const answers = await Promise.all(Array.from({ length: 20 }, () => read(address)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
    await asOrganizer("PATCH", area.settings.eventId, { slug: `${slug}-b` });
    expect((await read(address)).status).toBe(200);
  });
});
