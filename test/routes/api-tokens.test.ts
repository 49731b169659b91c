// API tokens over HTTP against the running stack: made, shown once, used where sessions are, and revoked.

import { readFileSync } from "node:fs";
import { afterAll, beforeEach, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { ANDINO, type Member, type Organizer, openTeam, sha256 } from "../support/members.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const HOUR_MS = 3_600_000;

let organizer: Organizer;
let owner: Member & { token: string };

beforeEach(async () => {
  organizer = await team.newOrganizer();
  owner = await team.newSignedIn(organizer, "owner");
});
afterAll(() => shop.close());

const tokenShape = z.strictObject({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(z.string()),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().nullable(),
  last_used_at: z.iso.datetime().nullable(),
});
const createdShape = tokenShape.extend({ token: z.string() });
const pageShape = z.object({ api_tokens: z.array(tokenShape), next_cursor: z.string().nullable() });

const make = (body: object, token = owner.token) =>
  call("POST", "/v1/api-tokens", { token, body: { name: "Taquilla", ...body } });
const revoke = (id: string, token = owner.token) =>
  call("DELETE", `/v1/api-tokens/${id}`, { token });
const events = (token: string) => call("GET", "/v1/events", { token });

async function made(body: object = { scopes: ["catalog.read"] }) {
  return createdShape.parse((await make(body)).body);
}
async function list(query = "", token = owner.token) {
  const answer = await call("GET", `/v1/api-tokens${query}`, { token });
  expect(answer.status).toBe(200);
  return pageShape.parse(answer.body);
}
async function lastUse(tokenId: string): Promise<number | null> {
  const { rows } = await database.query<{ at: Date | null }>(
    "SELECT last_used_at AS at FROM api_tokens WHERE id = $1",
    [tokenId],
  );
  return rows[0]?.at?.getTime() ?? null;
}

describe("an API token", () => {
  test("is made with a name and scopes, shown once, and called with like a session", async () => {
    const answer = await make({
      name: "Taquilla norte",
      scopes: ["catalog.read", "tickets.admit"],
    });
    expect(answer.status).toBe(201);
    expect(answer.headers.get("cache-control")).toBe("no-store");
    const { token, ...shown } = createdShape.parse(answer.body);
    expect(token).toMatch(/^waro_api_[\w-]{43}$/);
    expect(shown).toMatchObject({
      name: "Taquilla norte",
      scopes: ["catalog.read", "tickets.admit"],
      expires_at: null,
      last_used_at: null,
    });
    expect((await list()).api_tokens).toEqual([shown]);
    expect(await events(token)).toMatchObject({ status: 200, body: { events: [] } });
  });

  test("acts for its own organizer alone", async () => {
    const { token } = await made({ scopes: ["catalog.read", "catalog.write"] });
    const body = {
      name: "Función",
      starts_at: "2031-03-19T20:00:00-05:00",
      ends_at: "2031-03-20T02:00:00-05:00",
    };
    const answer = await call("POST", "/v1/events", { token, body });
    expect(answer.status).toBe(201);
    const { id } = z.looseObject({ id: z.string() }).parse(answer.body);
    expect((await call("GET", `/v1/events/${id}`, { token: owner.token })).status).toBe(200);

    const stranger = await team.newApiToken(ANDINO, ["catalog.read", "catalog.write"]);
    for (const method of ["GET", "PATCH"]) {
      const changes = method === "PATCH" ? { body: { name: "Ajena" } } : {};
      const other = await call(method, `/v1/events/${id}`, { token: stranger.token, ...changes });
      expectProblem(other, 404, "event_not_found");
    }
  });

  test("may do what its scopes say, and is told which one it lacks", async () => {
    const { token } = await made({ scopes: ["catalog.read"] });
    const answer = await call("POST", "/v1/events", { token, body: {} });
    expectProblem(answer, 403, "scope_not_allowed");
    expect(answer.body).toMatchObject({ permission: "catalog.write" });
  });

  test("with every scope manages neither team nor tokens nor sessions", async () => {
    const scopes = ["catalog.read", "catalog.write", "inventory.audit", "tickets.admit"];
    const { id, token } = await made({ scopes });
    const answers = [
      await make({ scopes }, token),
      await call("GET", "/v1/api-tokens", { token }),
      await revoke(id, token),
      await call("GET", "/v1/team", { token }),
      await call("POST", "/v1/team", { token, body: { email: "a@example.com", role: "owner" } }),
      await call("DELETE", `/v1/team/${owner.userId}`, { token }),
      await call("GET", "/v1/auth/me", { token }),
      await call("DELETE", "/v1/auth/sessions/current", { token }),
    ];
    for (const answer of answers) expectProblem(answer, 403, "scope_not_allowed");
    expect((await list()).api_tokens).toHaveLength(1);
  });

  test("is no cookie", async () => {
    const { token } = await made();
    const answer = await team.asCookie(token, "GET", "/v1/events");
    expectProblem(answer, 401, "session_required");
  });

  test("works until its end", async () => {
    const expiresAt = new Date(Date.now() + HOUR_MS).toISOString();
    const { token, expires_at: shown } = await made({
      scopes: ["catalog.read"],
      expires_at: expiresAt,
    });
    expect(shown).toBe(expiresAt);
    expect((await events(token)).status).toBe(200);

    const over = await team.newApiToken(organizer, ["catalog.read"], { expiresIn: "-1 s" });
    expectProblem(await events(over.token), 401, "session_invalid");
    expect((await list()).api_tokens).toHaveLength(2);
  });

  test("that is revoked works no more, at once", async () => {
    const { id, token } = await made();
    expect((await events(token)).status).toBe(200);
    expect((await revoke(id)).status).toBe(204);
    expectProblem(await events(token), 401, "session_invalid");
    expect((await list()).api_tokens).toEqual([]);
    expectProblem(await revoke(id), 404, "api_token_not_found");
  });

  test("outlives the member who made it, and their session", async () => {
    const other = await team.newSignedIn(organizer, "owner");
    const { token } = createdShape.parse(
      (await make({ scopes: ["catalog.read"] }, other.token)).body,
    );
    const removed = await call("DELETE", `/v1/team/${other.userId}`, { token: owner.token });
    expect(removed.status).toBe(204);
    expect((await events(token)).status).toBe(200);
  });

  test("of another organizer is not found and stays", async () => {
    const { id, token } = await made();
    const stranger = await team.newSignedIn(await team.newOrganizer(), "owner");
    expectProblem(await revoke(id, stranger.token), 404, "api_token_not_found");
    expect((await list("", stranger.token)).api_tokens).toEqual([]);
    expect((await events(token)).status).toBe(200);
    expectProblem(await revoke(UNKNOWN_ID), 404, "api_token_not_found");
    expectInvalid(await revoke("mine"), "param.id");
  });

  test.each([`waro_api_${"A".repeat(43)}`, "waro_api_", "waro_api_a b", `x${"A".repeat(43)}`])(
    "nobody made is nobody's: %s",
    async (token) => {
      expect((await events(token)).status).toBe(401);
    },
  );

  test("with a scope that this version does not know has the others", async () => {
    const { token } = await team.newApiToken(organizer, ["catalog.read", "future.thing"]);
    expect((await events(token)).status).toBe(200);
  });
});

describe("the last use", () => {
  test("is recorded once an hour, not for each request", async () => {
    const { id, token } = await made();
    await events(token);
    const first = await lastUse(id);
    expect(Math.abs((first ?? 0) - Date.now())).toBeLessThan(60_000);
    expect((await list()).api_tokens[0]?.last_used_at).toBe(new Date(first ?? 0).toISOString());
    await events(token);
    expect(await lastUse(id)).toBe(first);

    const recent = await team.newApiToken(organizer, ["catalog.read"], { lastUsed: "59 minutes" });
    const before = await lastUse(recent.tokenId);
    expect((await events(recent.token)).status).toBe(200);
    expect(await lastUse(recent.tokenId)).toBe(before);

    const old = await team.newApiToken(organizer, ["catalog.read"], { lastUsed: "61 minutes" });
    expect((await events(old.token)).status).toBe(200);
    expect(Math.abs(((await lastUse(old.tokenId)) ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  test("is not recorded of a token that is over", async () => {
    const over = await team.newApiToken(organizer, ["catalog.read"], { expiresIn: "-1 s" });
    await events(over.token);
    expect(await lastUse(over.tokenId)).toBeNull();
  });
});

describe("the secret", () => {
  test("is in no table but as its digest, and in no log", async () => {
    const { token } = await made();
    expect((await events(token)).status).toBe(200);
    const { rows } = await database.query<{ row: string }>(
      "SELECT to_jsonb(each)::text AS row FROM api_tokens AS each WHERE profile_id = $1",
      [organizer.profileId],
    );
    expect(rows[0]?.row).toContain(sha256(token));
    expect(rows[0]?.row).not.toContain(token.slice("waro_api_".length));
    const log = readFileSync(inject("workerLog"), "utf8");
    expect(log).toContain("/v1/api-tokens");
    expect(log).not.toContain(token);
  });
});

describe("a list of API tokens", () => {
  test("comes in pages", async () => {
    const ids = [];
    for (let count = 0; count < 5; count += 1) ids.push((await made()).id);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await list(`?limit=2${more}`);
      found.push(...page.api_tokens.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(ids);
    const wrong = await call("GET", "/v1/api-tokens?cursor=made-up", { token: owner.token });
    expectInvalid(wrong, "query.cursor");
  });

  test("has a hundred living ones at most, however many are made at once", async () => {
    await database.query(
      `INSERT INTO api_tokens (token_hash, profile_id, token_name, scopes, revoked_at)
       SELECT gen_random_uuid()::text, $1, 'Sistema', '{catalog.read}', CASE WHEN number > 98 THEN now() END
       FROM generate_series(1, 120) AS number`,
      [organizer.profileId],
    );
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => make({ scopes: ["catalog.read"] })),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(2);
    const refused = answers.find(({ status }) => status !== 201);
    expect(refused).toMatchObject({ status: 409, body: { code: "api_tokens_too_many", max: 100 } });
  });
});

describe("a body nobody may send", () => {
  test.each(badBodies)("$what", async ({ body, headers = {}, status, code }) => {
    const answer = await call("POST", "/v1/api-tokens", { token: owner.token, body, headers });
    expectProblem(answer, status, code);
  });

  test.each([
    ["body.name", { name: "", scopes: ["catalog.read"] }],
    ["body.name", { name: "a\u0000b", scopes: ["catalog.read"] }],
    ["body.name", { name: "a".repeat(101), scopes: ["catalog.read"] }],
    ["body.scopes", { scopes: [] }],
    ["body.scopes.0", { scopes: ["team.manage"] }],
    ["body.scopes.0", { scopes: ["tokens.manage"] }],
    ["body.scopes", { scopes: ["catalog.read", "catalog.read"] }],
    ["body.scopes", { scopes: "catalog.read" }],
    ["body.expires_at", { scopes: ["catalog.read"], expires_at: "2020-01-01T00:00:00Z" }],
    ["body.expires_at", { scopes: ["catalog.read"], expires_at: "mañana" }],
    ["body.profile_id", { scopes: ["catalog.read"], profile_id: ANDINO.profileId }],
  ])("wrong in %s: %j", async (field, body) => {
    expectInvalid(await make(body), field);
    expect((await list()).api_tokens).toEqual([]);
  });
});
