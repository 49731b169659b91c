// Limits over HTTP, on a stack of its own with small quotas: whom they refuse, whom they must not, and what clients are told.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePorts } from "../../dev/ports.ts";
import { freshSettings } from "../../dev/settings.ts";
import { type Stack, startStack } from "../../dev/stack.ts";
import type { Answer } from "../support/api.ts";
import { CARIBE, openTeam } from "../support/members.ts";
import { expectProblem } from "../support/problems.ts";
import { type Shop, newEmail, openShop } from "../support/shop.ts";

/** Of the location, for one identity that signs in; see wrangler.toml. */
const LOCATION_QUOTA = 10;

let dataDirectory = "";
let stack: Stack;
let shop: Shop;
let team: ReturnType<typeof openTeam>;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "waro-tickets-limits-"));
  stack = await startStack({
    dataDirectory,
    ports: freePorts,
    settings: freshSettings(),
    fast: true,
    log: () => undefined,
    workerVariables: {
      SIGN_IN_PER_ADDRESS: "8",
      // Above what the location lets through: what is refused here, the location refuses.
      SIGN_IN_PER_IDENTITY: "1000",
      HOLDS_PER_ADDRESS: "5",
      HOLDS_PER_IDENTITY: "7",
      SCANS_PER_ADDRESS: "6",
      SCANS_PER_IDENTITY: "4",
      QUOTES_PER_ADDRESS: "6",
      RATE_LIMITS_BY_LOCATION: "on",
    },
  });
  const { addresses, tokens } = stack;
  shop = openShop({ ...addresses, organizerToken: tokens.organizerToken });
  team = openTeam(shop);
});
afterAll(async () => {
  await shop.close();
  await stack.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

let addresses = 0;
/** An address that nobody had before. The platform sets the header; locally nobody is in front. */
function newAddress(): string {
  addresses += 1;
  return `190.85.${Math.floor(addresses / 250)}.${(addresses % 250) + 1}`;
}
const from = (address: string, others: Record<string, string> = {}) => ({
  headers: { "cf-connecting-ip": address, origin: CARIBE.origin, ...others },
});

const hold = (address: string, others: Record<string, string> = {}) =>
  shop.call("POST", "/v1/reservations", { body: {}, ...from(address, others) });
const scan = (address: string, token: string) =>
  shop.call("POST", "/v1/qr/validate", { body: {}, token, ...from(address) });
const ask = (address: string, email: string) =>
  shop.call("POST", "/v1/auth/magic-links", { body: { email }, ...from(address) });
const exchange = (address: string, token: string) =>
  shop.call("POST", "/v1/auth/sessions", { body: { token }, ...from(address) });

async function repeat(times: number, call: () => Promise<Answer>): Promise<number[]> {
  const statuses: number[] = [];
  for (let count = 0; count < times; count += 1) statuses.push((await call()).status);
  return statuses;
}
const isRefused = ({ status }: Answer) => status === 429;

describe("an address", () => {
  test("holds as often as its quota says, and is told before and when it is used up", async () => {
    const address = newAddress();
    for (const left of [4, 3, 2, 1, 0]) {
      const { status, headers } = await hold(address);
      expect(status).toBe(422);
      expect(headers.get("ratelimit-policy")).toBe('"holds-per-address";q=5;w=60');
      const [, r, t] = /^"holds-per-address";r=(\d+);t=(\d+)$/.exec(
        headers.get("ratelimit") ?? "",
      ) ?? ["", "", ""];
      expect(Number(r)).toBe(left);
      expect(Number(t)).toBeGreaterThan(0);
      expect(Number(t)).toBeLessThanOrEqual(60);
    }
    const refused = await hold(address);
    expectProblem(refused, 429, "rate_limited");
    const wait = Number(refused.headers.get("retry-after"));
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(60);
    expect(refused.body).toMatchObject({
      may_retry: true,
      retry_after_seconds: wait,
      title: expect.stringContaining("Demasiadas"),
    });
    expect(refused.headers.get("ratelimit")).toMatch(/^"holds-per-address";r=0;t=\d+$/);
    const exposed = refused.headers.get("access-control-expose-headers") ?? "";
    for (const name of ["RateLimit", "RateLimit-Policy", "Retry-After"])
      expect(exposed.split(",")).toContain(name);
  });

  test("is refused in English to who reads English", async () => {
    const address = newAddress();
    await repeat(5, () => hold(address));
    const refused = await hold(address, { "accept-language": "en" });
    expect(refused.body).toMatchObject({ title: expect.stringContaining("Too many requests") });
  });

  test("lets as many through, of many at once", async () => {
    const address = newAddress();
    const answers = await Promise.all(Array.from({ length: 25 }, () => hold(address)));
    expect(answers.filter((answer) => !isRefused(answer))).toHaveLength(5);
  });

  test("of another, and other requests, are not concerned", async () => {
    const address = newAddress();
    await repeat(6, () => hold(address));
    expect((await hold(newAddress())).status).toBe(422);
    const others = [
      await shop.call("GET", "/v1/public/events", from(address)),
      await shop.call("GET", "/v1/reservations/none", from(address)),
      await scan(address, stack.tokens.organizerToken),
      await ask(address, newEmail()),
    ];
    for (const { status } of others) expect(status).not.toBe(429);
    expect(others[0]?.headers.get("ratelimit")).toBeNull();
    expect(others[1]?.headers.get("ratelimit-policy")).toBeNull();
  });

  test("of IPv6 is its network of 64 bits", async () => {
    await repeat(5, () => hold("2800:484:aa:1::1"));
    expect((await hold("2800:484:aa:1:9:8:7:6")).status).toBe(429);
    expect((await hold("2800:484:aa:2::1")).status).toBe(422);
  });

  test("that is refused changes nothing", async () => {
    const event = await shop.publishEvent([{ units: 2 }]);
    const areaId = event.areaIds[0] ?? "";
    const address = newAddress();
    await repeat(5, () => hold(address));
    const body = { event_id: event.eventId, items: [{ area_id: areaId, quantity: 1 }] };
    const refused = await shop.call("POST", "/v1/reservations", { body, ...from(address) });
    expect(refused.status).toBe(429);
    const reserved = await shop.call("POST", "/v1/reservations", { body, ...from(newAddress()) });
    expect(reserved.status).toBe(201);
    await shop.unitsBecome(areaId, "ra");
  });

  test("signs in as often as its quota says, whatever it sends", async () => {
    const address = newAddress();
    expect(await repeat(4, () => ask(address, newEmail()))).toEqual([202, 202, 202, 202]);
    expect(await repeat(4, () => exchange(address, crypto.randomUUID()))).toEqual([
      401, 401, 401, 401,
    ]);
    expectProblem(await ask(address, newEmail()), 429, "rate_limited");
    expectProblem(await exchange(address, crypto.randomUUID()), 429, "rate_limited");
  });

  test("scans as often as its quota says, whoever it says it is", async () => {
    const address = newAddress();
    const statuses = await repeat(7, () => scan(address, crypto.randomUUID()));
    expect(statuses).toEqual([401, 401, 401, 401, 401, 401, 429]);
  });
});

describe("asking for a price", () => {
  const quote = (address: string, body: object = {}) =>
    shop.call("POST", "/v1/public/quote", { body, ...from(address) });
  const validate = (address: string, body: object = {}) =>
    shop.call("POST", "/v1/public/promotions/validate", { body, ...from(address) });

  test("goes as often as an address's quota says, quotes and codes together, and is told so", async () => {
    const address = newAddress();
    expect(await repeat(3, () => quote(address))).toEqual([422, 422, 422]);
    expect(await repeat(2, () => validate(address))).toEqual([422, 422]);
    const { headers } = await validate(address);
    expect(headers.get("ratelimit-policy")).toBe('"quotes-per-address";q=6;w=60');
    expect(headers.get("ratelimit")).toMatch(/^"quotes-per-address";r=0;t=\d+$/);
    for (const refused of [await quote(address), await validate(address)]) {
      expectProblem(refused, 429, "rate_limited");
      const wait = Number(refused.headers.get("retry-after"));
      expect(wait).toBeGreaterThan(0);
      expect(refused.body).toMatchObject({ may_retry: true, retry_after_seconds: wait });
      expect(refused.headers.get("ratelimit")).toMatch(/^"quotes-per-address";r=0;t=\d+$/);
    }
    expect((await quote(newAddress())).status).toBe(422);
  });

  test("that is refused keeps nobody from holding", async () => {
    const address = newAddress();
    await repeat(7, () => quote(address));
    expect((await quote(address)).status).toBe(429);
    expect((await hold(address)).status).toBe(422);
    expect(await repeat(5, () => hold(address))).toContain(429);
    const other = newAddress();
    await repeat(6, () => hold(other));
    expect((await quote(other)).status).toBe(422);
  });
});

describe("an identity", () => {
  test("scans as often as its quota says, from wherever it is", async () => {
    const { token } = await team.newApiToken(CARIBE, ["tickets.admit"]);
    expect(await repeat(4, () => scan(newAddress(), token))).toEqual([422, 422, 422, 422]);
    const refused = await scan(newAddress(), token);
    expectProblem(refused, 429, "rate_limited");
    expect(refused.headers.get("ratelimit-policy")).toBe(
      '"scans-per-address";q=6;w=60, "scans-per-identity";q=4;w=60',
    );
    expect(refused.headers.get("ratelimit")).toMatch(
      /^"scans-per-address";r=5;t=60, "scans-per-identity";r=0;t=\d+$/,
    );
    const other = await team.newApiToken(CARIBE, ["tickets.admit"]);
    expect((await scan(newAddress(), other.token)).status).toBe(422);
  });

  test("that is a cookie's counts as well", async () => {
    const { token } = await team.newSession(await team.newMember());
    const send = () =>
      team.asCookie(token, "POST", "/v1/qr/validate", { body: {}, ...from(newAddress()) });
    expect(await repeat(5, send)).toEqual([422, 422, 422, 422, 429]);
  });

  test("holds as often as its quota says, for a system that says who it is", async () => {
    const { token } = await team.newApiToken(CARIBE, ["catalog.read"]);
    const send = () => hold(newAddress(), { authorization: `Bearer ${token}` });
    expect(await repeat(8, send)).toEqual([422, 422, 422, 422, 422, 422, 422, 429]);
  });

  test.each(["a member's", "a stranger's"])(
    "signs in as often as the location says, at %s address",
    async (whose) => {
      const member = await team.newMember();
      const email = whose === "a member's" ? member.email : newEmail();
      let answer = await ask(newAddress(), email);
      let asked = 1;
      // The location's minute may begin anew while this goes on.
      while (!isRefused(answer) && asked <= 2 * LOCATION_QUOTA + 2) {
        expect(answer.status).toBe(202);
        answer = await ask(newAddress(), asked % 2 === 0 ? email : email.toUpperCase());
        asked += 1;
      }
      expectProblem(answer, 429, "rate_limited");
      expect(asked).toBeGreaterThan(LOCATION_QUOTA + 1);
      expect(answer.headers.get("ratelimit")).toMatch(/, "sign-in-per-identity";r=0;t=\d+$/);
      expect((await ask(newAddress(), newEmail())).status).toBe(202);
    },
  );
});
