// Who may call what, over HTTP against the running stack: every route of the router, for every role, for an API token of every
// scope, and for nobody. A route that is missing here fails.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { CARIBE, type Member, openTeam } from "../support/members.ts";
import { openStackShop } from "../support/stack-shop.ts";

const roles = ["owner", "manager", "finance", "gate"] as const;
type Role = (typeof roles)[number];

/** `anyone` needs no session: what such a route asks for instead is its own test's. */
type Allowed = "anyone" | readonly Role[];

const all: Allowed = roles;
const owner: Allowed = ["owner"];
const desk: Allowed = ["owner", "manager"];
const readers: Allowed = ["owner", "manager", "finance"];
const law: Allowed = ["owner", "finance"];
const gate: Allowed = ["owner", "manager", "gate"];

const expected: Readonly<Record<string, Allowed>> = {
  "GET /": "anyone",
  "GET /openapi.json": "anyone",
  "GET /v1/openapi.json": "anyone",
  "GET /v1/docs": "anyone",
  "GET /v1/docs/problems": "anyone",
  "GET /v1/health": "anyone",

  "POST /v1/auth/magic-links": "anyone",
  "POST /v1/auth/sessions": "anyone",
  "GET /v1/auth/me": all,
  "GET /v1/auth/sessions": all,
  "DELETE /v1/auth/sessions/current": all,
  "DELETE /v1/auth/sessions/:id": all,

  "GET /v1/team": desk,
  "POST /v1/team": owner,
  "PATCH /v1/team/:user_id": owner,
  "DELETE /v1/team/:user_id": owner,
  "GET /v1/team/invitations": desk,
  "DELETE /v1/team/invitations/:id": owner,

  "GET /v1/events": readers,
  "POST /v1/events": desk,
  "GET /v1/events/:id": readers,
  "PATCH /v1/events/:id": desk,
  "POST /v1/events/:id/publish": desk,
  "POST /v1/events/:id/unpublish": desk,
  "POST /v1/events/:id/postpone": desk,
  "POST /v1/events/:id/cancel": desk,
  "POST /v1/events/:id/finish": desk,
  "POST /v1/events/:id/duplicate": desk,
  "DELETE /v1/events/:id": desk,
  "GET /v1/events/:id/images": readers,
  "POST /v1/events/:id/images": desk,
  "PATCH /v1/events/:id/images/:image_id": desk,
  "DELETE /v1/events/:id/images/:image_id": desk,
  "POST /v1/events/:id/images/uploads": desk,
  "POST /v1/events/:id/images/uploads/:upload_id/complete": desk,
  "GET /v1/media/:name": "anyone",
  "GET /v1/legal-info": readers,
  "PUT /v1/legal-info": law,

  "GET /v1/events/:id/areas": readers,
  "POST /v1/events/:id/areas": desk,
  "GET /v1/areas/:id": readers,
  "PATCH /v1/areas/:id": desk,
  "DELETE /v1/areas/:id": desk,
  "POST /v1/areas/:id/audit": desk,
  "GET /v1/areas/:id/units": readers,
  "PATCH /v1/areas/:id/units": desk,
  "POST /v1/areas/:id/units/bulk": desk,
  "POST /v1/areas/:id/units/csv": desk,
  "POST /v1/areas/:id/reservations": desk,
  "DELETE /v1/areas/:id/reservations/:reservation_id": desk,

  "GET /v1/events/:id/sale-stages": readers,
  "POST /v1/events/:id/sale-stages": desk,
  "GET /v1/sale-stages/:id": readers,
  "PATCH /v1/sale-stages/:id": desk,
  "DELETE /v1/sale-stages/:id": desk,
  "GET /v1/promotions": readers,
  "POST /v1/promotions": desk,
  "GET /v1/promotions/:id": readers,
  "PATCH /v1/promotions/:id": desk,
  "DELETE /v1/promotions/:id": desk,
  "GET /v1/promotions/:id/codes": readers,
  "POST /v1/promotions/:id/codes": desk,

  "GET /v1/public/events": "anyone",
  "GET /v1/public/events/:slug": "anyone",
  "GET /v1/public/events/:slug/areas": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/availability": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/live": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/units": "anyone",

  "POST /v1/reservations": "anyone",
  "GET /v1/reservations/:id": "anyone",
  "DELETE /v1/reservations/:id": "anyone",
  "POST /v1/payments": "anyone",
  "GET /v1/payments/:id": "anyone",
  "GET /v1/payments/:id/return": "anyone",
  "POST /v1/webhooks/wompi": "anyone",

  "POST /v1/qr/validate": gate,
  "GET /v1/qr/:reservation_unit_id": "anyone",
  "POST /v1/qr/:reservation_unit_id/regenerate": "anyone",
};

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

const shop = openStackShop();
const team = openTeam(shop);
const members = new Map<Role, Member>();

beforeAll(async () => {
  for (const role of roles) members.set(role, await team.newMember(CARIBE.profileId, role));
});
afterAll(() => shop.close());

/** A session of its own for each call: some calls end it. */
async function tokenOf(role: Role): Promise<string> {
  const member = members.get(role);
  if (member === undefined) throw new Error(`nobody is ${role}`);
  return (await team.newSession(member)).token;
}

function callRoute(route: string, token?: string) {
  const [method = "", path = ""] = route.split(" ");
  const address = path.replaceAll(/:\w+/g, UNKNOWN_ID);
  return shop.call(method, address, token === undefined ? {} : { token });
}

const routerShape = z.object({
  routes: z.array(z.object({ method: z.string(), path: z.string() })),
});

// The router is only looked at here; what answers is the stack.
vi.mock("cloudflare:workers", () => ({}));

/** The router's own list, which has what the OpenAPI document leaves out too. */
async function readRoutes(): Promise<string[]> {
  // Not by its name: the types of the Workers runtime are not those of the tests.
  const path = "../../src/app.ts";
  const app: Record<string, unknown> = await import(path);
  const { createApp } = app;
  if (typeof createApp !== "function") throw new Error("the app is made elsewhere");
  const routes = routerShape
    .parse(createApp())
    .routes.filter(({ method }) => method !== "ALL" && method !== "OPTIONS");
  return [...new Set(routes.map((route) => `${route.method} ${route.path}`))];
}

test("every route of the router is here, and nothing else", async () => {
  expect(Object.keys(expected).toSorted()).toEqual((await readRoutes()).toSorted());
});

/** How it went, as far as it is a matter of who asks. */
function verdictOf({ status, body }: Answer): string {
  const code = String(Reflect.get(Object(body), "code"));
  if (status === 401 || status === 403) return code;
  return status < 500 ? "let in" : `failed with ${status}`;
}

/** A buyer's or a gateway's own proof is missing: who asks is nobody of a team. */
const isOther = (code: string) => /^(?:reservation_token|notice|magic_link)_/.test(code);

describe.each(Object.entries(expected))("%s", (route, allowed) => {
  test("without a session", async () => {
    const verdict = verdictOf(await callRoute(route));
    const outcome = isOther(verdict) ? "let in" : verdict;
    expect(outcome).toBe(allowed === "anyone" ? "let in" : "session_required");
  });

  test.each(allowed === "anyone" ? [] : roles)("for %s", async (role) => {
    const verdict = verdictOf(await callRoute(route, await tokenOf(role)));
    expect(verdict).toBe(allowed.includes(role) ? "let in" : "role_not_allowed");
  });
});
