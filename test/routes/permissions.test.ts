// Who may call what, over HTTP against the running stack: every route of the router, for every role, for an API token of every
// scope, and for nobody. A route that is missing here fails.

import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { CARIBE, type Member, openTeam } from "../support/members.ts";
import { openStackShop } from "../support/stack-shop.ts";

const roles = ["owner", "manager", "finance", "gate"] as const;
type Role = (typeof roles)[number];

const scopes = [
  "catalog.read",
  "catalog.write",
  "legal.write",
  "inventory.audit",
  "tickets.admit",
] as const;
type Scope = (typeof scopes)[number];

/** `anyone` needs no session: what such a route asks for instead is its own test's. Without a scope no API token may call it. */
type Allowed = "anyone" | { roles: readonly Role[]; scope: Scope | null };

const self: Allowed = { roles, scope: null };
const owns: Allowed = { roles: ["owner"], scope: null };
const seesTeam: Allowed = { roles: ["owner", "manager"], scope: null };
const reads: Allowed = { roles: ["owner", "manager", "finance"], scope: "catalog.read" };
const writes: Allowed = { roles: ["owner", "manager"], scope: "catalog.write" };
const writesLaw: Allowed = { roles: ["owner", "finance"], scope: "legal.write" };
const audits: Allowed = { roles: ["owner", "manager"], scope: "inventory.audit" };
const admits: Allowed = { roles: ["owner", "manager", "gate"], scope: "tickets.admit" };

const expected: Readonly<Record<string, Allowed>> = {
  "GET /": "anyone",
  "GET /openapi.json": "anyone",
  "GET /v1/openapi.json": "anyone",
  "GET /v1/docs": "anyone",
  "GET /v1/docs/problems": "anyone",
  "GET /v1/health": "anyone",

  "POST /v1/auth/magic-links": "anyone",
  "POST /v1/auth/sessions": "anyone",
  "GET /v1/auth/me": self,
  "PATCH /v1/auth/me": self,
  "GET /v1/auth/sessions": self,
  "DELETE /v1/auth/sessions/current": self,
  "DELETE /v1/auth/sessions/:id": self,

  "GET /v1/team": seesTeam,
  "POST /v1/team": owns,
  "PATCH /v1/team/:user_id": owns,
  "DELETE /v1/team/:user_id": owns,
  "GET /v1/team/invitations": seesTeam,
  "DELETE /v1/team/invitations/:id": owns,

  "GET /v1/api-tokens": owns,
  "POST /v1/api-tokens": owns,
  "DELETE /v1/api-tokens/:id": owns,

  "GET /v1/events": reads,
  "POST /v1/events": writes,
  "GET /v1/events/:id": reads,
  "PATCH /v1/events/:id": writes,
  "POST /v1/events/:id/publish": writes,
  "POST /v1/events/:id/unpublish": writes,
  "POST /v1/events/:id/postpone": writes,
  "POST /v1/events/:id/cancel": writes,
  "POST /v1/events/:id/finish": writes,
  "POST /v1/events/:id/duplicate": writes,
  "DELETE /v1/events/:id": writes,
  "GET /v1/events/:id/images": reads,
  "POST /v1/events/:id/images": writes,
  "PATCH /v1/events/:id/images/:image_id": writes,
  "DELETE /v1/events/:id/images/:image_id": writes,
  "POST /v1/events/:id/images/uploads": writes,
  "POST /v1/events/:id/images/uploads/:upload_id/complete": writes,
  "GET /v1/media/:name": "anyone",
  "GET /v1/legal-info": reads,
  "PUT /v1/legal-info": writesLaw,

  "GET /v1/events/:id/areas": reads,
  "POST /v1/events/:id/areas": writes,
  "GET /v1/areas/:id": reads,
  "PATCH /v1/areas/:id": writes,
  "DELETE /v1/areas/:id": writes,
  "POST /v1/areas/:id/audit": audits,
  "GET /v1/areas/:id/units": reads,
  "PATCH /v1/areas/:id/units": writes,
  "POST /v1/areas/:id/units/bulk": writes,
  "POST /v1/areas/:id/units/csv": writes,
  "POST /v1/areas/:id/reservations": writes,
  "DELETE /v1/areas/:id/reservations/:reservation_id": writes,

  "GET /v1/events/:id/sale-stages": reads,
  "POST /v1/events/:id/sale-stages": writes,
  "GET /v1/sale-stages/:id": reads,
  "PATCH /v1/sale-stages/:id": writes,
  "DELETE /v1/sale-stages/:id": writes,
  "GET /v1/promotions": reads,
  "POST /v1/promotions": writes,
  "GET /v1/promotions/:id": reads,
  "PATCH /v1/promotions/:id": writes,
  "DELETE /v1/promotions/:id": writes,
  "GET /v1/promotions/:id/codes": reads,
  "POST /v1/promotions/:id/codes": writes,

  "GET /v1/public/events": "anyone",
  "GET /v1/public/events/:slug": "anyone",
  "GET /v1/public/events/:slug/json-ld": "anyone",
  "GET /v1/public/events/:slug/areas": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/availability": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/live": "anyone",
  "GET /v1/public/events/:slug/areas/:area_id/units": "anyone",
  "POST /v1/public/quote": "anyone",
  "POST /v1/public/promotions/validate": "anyone",

  "POST /v1/reservations": "anyone",
  "GET /v1/reservations/:id": "anyone",
  "DELETE /v1/reservations/:id": "anyone",
  "POST /v1/payments": "anyone",
  "GET /v1/payments/:id": "anyone",
  "GET /v1/payments/:id/return": "anyone",
  "POST /v1/webhooks/wompi": "anyone",

  "POST /v1/qr/validate": admits,
  "GET /v1/qr/:reservation_unit_id": "anyone",
  "POST /v1/qr/:reservation_unit_id/regenerate": "anyone",
};

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

const shop = openStackShop();
const team = openTeam(shop);
const members = new Map<Role, Member>();

/** Tokens with this scope alone, and with every other. */
const apiTokens = new Map<Scope, { only: string; others: string }>();
let everyScope = "";

beforeAll(async () => {
  for (const scope of scopes) {
    const others = scopes.filter((other) => other !== scope);
    apiTokens.set(scope, {
      only: (await team.newApiToken(CARIBE, [scope])).token,
      others: (await team.newApiToken(CARIBE, others)).token,
    });
  }
  everyScope = (await team.newApiToken(CARIBE, scopes)).token;
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
    const may = allowed !== "anyone" && allowed.roles.includes(role);
    const verdict = verdictOf(await callRoute(route, await tokenOf(role)));
    expect(verdict).toBe(may ? "let in" : "role_not_allowed");
  });

  test.each(allowed === "anyone" ? [] : [allowed.scope])("for API tokens: %s", async (scope) => {
    const { only, others } = (scope === null ? undefined : apiTokens.get(scope)) ?? {
      only: null,
      others: everyScope,
    };
    expect(verdictOf(await callRoute(route, others))).toBe("scope_not_allowed");
    const verdicts = only === null ? [] : [verdictOf(await callRoute(route, only))];
    expect(verdicts).toEqual(only === null ? [] : ["let in"]);
  });
});
