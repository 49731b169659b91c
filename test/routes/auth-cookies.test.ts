// The session as a cookie, over HTTP against the running stack: what it is like, which pages may use it, and that tokens in
// headers are not concerned.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { ANDINO, CARIBE, type Member, openTeam } from "../support/members.ts";
import { expectProblem } from "../support/problems.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);
const api = inject("apiUrl");

/** Sites made for this run: the first organizer's, one that was closed, and a stranger. */
const SITE = `https://consola-${crypto.randomUUID().slice(0, 8)}.example`;
const CLOSED_SITE = SITE.replace("consola", "cerrada");
const STRANGER = SITE.replace("consola", "ajena");

let member: Member;
let token = "";

beforeAll(async () => {
  await database.query(
    "INSERT INTO tenant_sites (site, profile_id, is_active) VALUES ($2, $1, true), ($3, $1, false)",
    [CARIBE.profileId, new URL(SITE).host, new URL(CLOSED_SITE).host],
  );
  member = await team.newMember();
  ({ token } = await team.newSession(member));
});
afterAll(() => shop.close());

describe("the cookie", () => {
  test("is out of reach of scripts, for TLS only, and lasts as long as the session", async () => {
    const answer = await team.exchange(await team.givenLink(member));
    const [value = "", ...attributes] = (answer.headers.get("set-cookie") ?? "").split("; ");
    expect(answer.body).toMatchObject({ token: value.replace(/^waro_session=/, "") });
    expect(attributes.toSorted()).toEqual(
      ["HttpOnly", "Max-Age=2592000", "Path=/", "SameSite=Lax", "Secure"].toSorted(),
    );
  });

  test("signs in like the token does", async () => {
    const answer = await team.asCookie(token, "GET", "/v1/auth/me");
    expect(answer).toMatchObject({ status: 200, body: { user_id: member.userId } });
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test.each(["", "short", "A".repeat(43), "%00", "a b c d e f g h i j"])(
    "with %j in it is nobody's",
    async (value) => {
      const answer = await team.asCookie(value, "GET", "/v1/auth/me");
      expect(answer.status).toBe(401);
      expect(answer.headers.get("set-cookie")).toBeNull();
    },
  );

  test("gives way to a token in the header, whatever that is worth", async () => {
    const withBoth = (authorization: string) =>
      team.asCookie(token, "GET", "/v1/auth/me", { headers: { authorization } });
    const other = await team.newSession(await team.newMember(ANDINO.profileId), {
      profileId: ANDINO.profileId,
    });
    const body = { profile_id: ANDINO.profileId };
    expect(await withBoth(`Bearer ${other.token}`)).toMatchObject({ status: 200, body });
    expectProblem(await withBoth(`Bearer ${"A".repeat(43)}`), 401, "session_invalid");
    expectProblem(await withBoth("Basic YTpi"), 401, "session_required");
  });

  test("is renewed when the session's end moves, and a token in the header brings none", async () => {
    const old = { lastUsed: "2 days", expiresIn: "3 days" };
    const { token: aged } = await team.newSession(member, old);
    const renewed = await team.asCookie(aged, "GET", "/v1/auth/me");
    expect(renewed.headers.get("set-cookie")).toContain(`waro_session=${aged}; Max-Age=2592000`);
    const again = await team.asCookie(aged, "GET", "/v1/auth/me");
    expect(again.headers.get("set-cookie")).toBeNull();

    const { token: other } = await team.newSession(member, old);
    const answer = await call("GET", "/v1/auth/me", { token: other });
    expect(answer.status).toBe(200);
    expect(answer.headers.get("set-cookie")).toBeNull();
  });

  test("goes when its member signs out", async () => {
    const { token: mine } = await team.newSession(member, { lastUsed: "2 days" });
    const options = { headers: { origin: CARIBE.origin } };
    const answer = await team.asCookie(mine, "DELETE", "/v1/auth/sessions/current", options);
    expect(answer.status).toBe(204);
    const last = answer.headers.getSetCookie().at(-1) ?? "";
    expect(last).toContain("waro_session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax");
    expectProblem(await team.asCookie(mine, "GET", "/v1/auth/me"), 401, "session_invalid");
  });
});

describe("with the cookie, a change", () => {
  const change = (headers: Record<string, string>, cookie = token) =>
    team.asCookie(cookie, "POST", "/v1/events", {
      headers,
      body: {
        name: `Por cookie ${crypto.randomUUID().slice(0, 8)}`,
        starts_at: "2031-03-19T20:00:00-05:00",
        ends_at: "2031-03-20T02:00:00-05:00",
      },
    });
  const events = async () =>
    (await database.query("SELECT FROM clusters WHERE cluster_name LIKE 'Por cookie %'")).rowCount;

  test("may come from the organizer's sites and from the API's own pages", async () => {
    for (const origin of [CARIBE.origin, SITE, api])
      expect((await change({ origin })).status, origin).toBe(201);
  });

  test.each([
    ["nowhere", {}],
    ["a stranger's page", { origin: STRANGER }],
    ["a page of another organizer", { origin: ANDINO.origin }],
    ["a closed site", { origin: CLOSED_SITE }],
    ["a site reached without TLS", { origin: SITE.replace("https:", "http:") }],
    ["a port that is no site", { origin: `${SITE}:8443` }],
    ["a name that only begins with a site's", { origin: `${SITE}.evil.test` }],
    ["a page without origin", { origin: "null" }],
    ["an address instead of an origin", { origin: `${SITE}/` }],
    ["no origin, but a site as its referer", { referer: `${SITE}/panel` }],
    ["two origins", { origin: `${SITE}, ${STRANGER}` }],
  ])("may not come from %s", async (_, headers: Record<string, string>) => {
    const before = await events();
    expectProblem(await change(headers), 403, "origin_not_allowed");
    expect(await events()).toBe(before);
  });

  test.each(["PATCH", "DELETE"])("by %s is one too", async (method) => {
    const { sessionId } = await team.newSession(member);
    const path = method === "PATCH" ? `/v1/events/${sessionId}` : `/v1/auth/sessions/${sessionId}`;
    const body = method === "PATCH" ? { body: { name: "Otra noche" } } : {};
    const stranger = { headers: { origin: STRANGER }, ...body };
    expectProblem(await team.asCookie(token, method, path, stranger), 403, "origin_not_allowed");
    const own = await team.asCookie(token, method, path, { headers: { origin: SITE }, ...body });
    expect(own.status).toBe(method === "PATCH" ? 404 : 204);
  });

  test("may come from anywhere when the token is in the header", async () => {
    for (const headers of [{}, { origin: STRANGER }, { origin: ANDINO.origin }]) {
      const authorization = { authorization: `Bearer ${token}` };
      expect((await change({ ...headers, ...authorization })).status).toBe(201);
    }
  });

  test("is needed for it: reading takes no origin", async () => {
    for (const headers of [{}, { origin: STRANGER }]) {
      const answer = await team.asCookie(token, "GET", "/v1/events", { headers });
      expect(answer.status).toBe(200);
    }
  });
});
