// Which pages' scripts may read answers, over HTTP against the running stack: public ones any page's, everything else those of
// organizers' sites, and what a session was accepted for those of its own organizer.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "../support/api.ts";
import { ANDINO, CARIBE, type Member, openTeam } from "../support/members.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);

/** Sites made for this run: the first organizer's, the second's, one that was closed, and a stranger. */
const SITE = `https://consola-${crypto.randomUUID().slice(0, 8)}.example`;
const OTHER_SITE = SITE.replace("consola", "vecina");
const CLOSED_SITE = SITE.replace("consola", "cerrada");
const STRANGER = SITE.replace("consola", "ajena");

const strangers = [
  STRANGER,
  CLOSED_SITE,
  SITE.replace("https:", "http:"),
  `${SITE}:8443`,
  `${SITE}.evil.test`,
  "null",
  "not an origin",
];

let member: Member;
let token = "";

beforeAll(async () => {
  await database.query(
    `INSERT INTO tenant_sites (site, profile_id, is_active)
     VALUES ($3, $1, true), ($4, $1, false), ($5, $2, true)`,
    [
      CARIBE.profileId,
      ANDINO.profileId,
      new URL(SITE).host,
      new URL(CLOSED_SITE).host,
      new URL(OTHER_SITE).host,
    ],
  );
  member = await team.newMember();
  ({ token } = await team.newSession(member));
});
afterAll(() => shop.close());

function cors({ headers }: Answer) {
  return {
    origin: headers.get("access-control-allow-origin"),
    credentials: headers.get("access-control-allow-credentials"),
    varies: (headers.get("vary") ?? "").toLowerCase().split(/, */).includes("origin"),
  };
}
const forAnyPage = { origin: "*", credentials: null };
const forNoPage = { origin: null, credentials: null, varies: true };
const forPagesOf = (origin: string) => ({ origin, credentials: "true", varies: true });

const ask = (origin: string, path: string, method = "PATCH") =>
  call("OPTIONS", path, {
    headers: {
      origin,
      "access-control-request-method": method,
      "access-control-request-headers": "content-type,idempotency-key,reservation-token",
    },
  });

/** Routes that answer somebody in particular, and what they are asked with. */
const privateAnswers = (headers: Record<string, string>) => [
  call("POST", "/v1/reservations", { headers, body: {} }),
  call("GET", `/v1/reservations/${CARIBE.profileId}`, { headers }),
  call("POST", "/v1/payments", { headers, body: {} }),
  call("POST", "/v1/qr/validate", { headers, body: {} }),
  call("GET", "/v1/events", { headers, token }),
  call("GET", "/v1/events", { headers }),
  team.asCookie(token, "GET", "/v1/auth/me", { headers }),
  team.asCookie("A".repeat(43), "GET", "/v1/events", { headers }),
  call("POST", "/v1/auth/sessions", { headers, body: { token: "A".repeat(43) } }),
  call("GET", "/v1/no", { headers }),
];

describe("what everybody may read", () => {
  test.each(["/v1/public/events", "/v1/public/events/no", "/v1/health", "/v1/openapi.json"])(
    "at %s any page may read, without cookies, and so may one that says no origin",
    async (path) => {
      for (const origin of [SITE, ...strangers])
        expect(cors(await call("GET", path, { headers: { origin } })), origin).toMatchObject(
          forAnyPage,
        );
      expect(cors(await call("GET", path))).toMatchObject(forAnyPage);
    },
  );

  test("is told apart by page where it depends on its site", async () => {
    const answer = await call("GET", "/v1/public/events", { headers: { origin: STRANGER } });
    expect(answer.headers.get("vary")).toMatch(/Origin, *Referer/);
  });

  test("may be read with a cookie by pages of organizers' sites only", async () => {
    const read = (origin: string) =>
      team.asCookie(token, "GET", "/v1/public/events", { headers: { origin } });
    for (const origin of [SITE, OTHER_SITE])
      expect(cors(await read(origin))).toEqual(forPagesOf(origin));
    for (const origin of strangers)
      expect(cors(await read(origin)), origin).toMatchObject(forAnyPage);
  });

  test("is open to a browser that asks first", async () => {
    const answer = await ask(STRANGER, "/v1/public/events", "GET");
    expect(answer.status).toBe(204);
    expect(cors(answer)).toMatchObject(forAnyPage);
  });
});

describe("everything else", () => {
  test("may be read by pages of the organizer's sites, with cookies", async () => {
    for (const answer of await Promise.all(privateAnswers({ origin: SITE })))
      expect(cors(answer)).toEqual(forPagesOf(SITE));
  });

  test.each(strangers)("may not be read by a page of %s", async (origin) => {
    for (const answer of await Promise.all(privateAnswers({ origin })))
      expect(cors(answer)).toEqual(forNoPage);
  });

  test("is refused to pages of another organizer's site once a session was accepted", async () => {
    const headers = { origin: OTHER_SITE };
    for (const answer of [
      await call("GET", "/v1/events", { headers, token }),
      await team.asCookie(token, "GET", "/v1/auth/me", { headers }),
      await team.asCookie(token, "GET", `/v1/events/${CARIBE.profileId}`, { headers }),
    ])
      expect(cors(answer)).toEqual(forNoPage);
    // That nobody is signed in, a page of any site may learn.
    expect(cors(await call("GET", "/v1/auth/me", { headers }))).toEqual(forPagesOf(OTHER_SITE));
  });

  test("says no page where none asked", async () => {
    expect(cors(await call("GET", "/v1/events", { token }))).toEqual(forNoPage);
  });

  test("lets a storefront that is being developed on this machine read, though it has no site", async () => {
    const origin = "http://localhost:5173";
    for (const answer of await Promise.all(privateAnswers({ origin })))
      expect(cors(answer)).toEqual(forPagesOf(origin));
  });

  test("tells a browser that asks first which methods and headers there are, for pages of sites", async () => {
    for (const path of ["/v1/events", "/v1/reservations", "/v1/auth/magic-links"]) {
      const allowed = await ask(SITE, path);
      expect(allowed.status).toBe(204);
      expect(cors(allowed)).toEqual(forPagesOf(SITE));
      for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE"])
        expect(allowed.headers.get("access-control-allow-methods")).toContain(method);
      expect(allowed.headers.get("access-control-allow-headers")).toContain("reservation-token");
      expect(allowed.headers.get("access-control-max-age")).toBe("600");
      for (const origin of strangers) expect(cors(await ask(origin, path))).toEqual(forNoPage);
    }
  });

  test("names the headers a script may see", async () => {
    const answer = await call("GET", "/v1/events", { token, headers: { origin: SITE } });
    expect(answer.headers.get("access-control-expose-headers")?.split(",")).toEqual(
      expect.arrayContaining(["X-Request-Id", "Retry-After", "ETag"]),
    );
  });
});
