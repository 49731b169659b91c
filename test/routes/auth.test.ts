// Signing in, over HTTP against the running stack: from an address to a session, what nobody may learn or do on the way,
// and a member's own sessions.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import type { Answer } from "../support/api.ts";
import { ANDINO, CARIBE, type Member, openTeam, sha256 } from "../support/members.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const THIRTY_DAYS_MS = 30 * 24 * 3_600_000;

afterAll(() => shop.close());

const me = (token: string) => call("GET", "/v1/auth/me", { token });

/** All that a client is told, but for what differs between any two answers: how often it may still ask is one of that. */
function told({ status, body, headers }: Answer): unknown {
  const unlike = new Set(["x-request-id", "date", "ratelimit"]);
  const others = [...headers].filter(([name]) => !unlike.has(name));
  const { request_id: _, ...document } = z.looseObject({}).parse(body);
  return { status, document, headers: Object.fromEntries(others) };
}

async function linksOf(email: string): Promise<{ id: string; used: boolean }[]> {
  const { rows } = await database.query<{ id: string; used: boolean }>(
    "SELECT id, used_at IS NOT NULL AS used FROM magic_links WHERE email = $1 ORDER BY created_at",
    [email],
  );
  return rows;
}

/** Once another member's mail is there, a mail that was asked for before would be there too. */
async function mailsHaveGoneOut(): Promise<void> {
  await team.newLink(await team.newMember());
}

describe("a member", () => {
  test("gets from an address to a session by a mailed link", async () => {
    const member = await team.newMember(CARIBE.profileId, "finance");
    const asked = await team.requestLink(member.email);
    expect(asked).toMatchObject({ status: 202, body: { expires_in_seconds: 900 } });
    const [linkToken = ""] = await team.linkTokens(member.email);
    expect(linkToken).toMatch(/^[\w-]{43}$/);

    const opened = await team.exchange(linkToken);
    expect(opened).toMatchObject({
      status: 201,
      body: {
        token: expect.stringMatching(/^[\w-]{43}$/),
        user: { id: member.userId, email: member.email, name: "Luz Marina" },
        organizer: { id: CARIBE.profileId, name: CARIBE.name },
        role: "finance",
      },
    });
    expect(opened.headers.get("cache-control")).toBe("no-store");
    const { token, expires_at: expiresAt } = z
      .object({ token: z.string(), expires_at: z.string() })
      .parse(opened.body);
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - THIRTY_DAYS_MS)).toBeLessThan(60_000);

    expect(await me(token)).toMatchObject({
      status: 200,
      body: {
        user_id: member.userId,
        email: member.email,
        name: "Luz Marina",
        profile_id: CARIBE.profileId,
        organizer_name: CARIBE.name,
        role: "finance",
      },
    });
  });

  test("may spell the address as a telephone does", async () => {
    const member = await team.newMember();
    await database.query("UPDATE users SET email = initcap(email) WHERE id = $1", [member.userId]);
    expect((await team.requestLink(`  ${member.email.toUpperCase()} `)).status).toBe(202);
    const [linkToken = ""] = await team.linkTokens(member.email);
    expect((await team.exchange(linkToken)).status).toBe(201);
  });

  test.each(["owner", "manager", "finance", "gate"])("may be %s", async (role) => {
    const token = await team.signIn(await team.newMember(CARIBE.profileId, role));
    expect(await me(token)).toMatchObject({ status: 200, body: { role } });
    expect((await call("GET", "/v1/auth/sessions", { token })).status).toBe(200);
    expect((await call("DELETE", "/v1/auth/sessions/current", { token })).status).toBe(204);
  });

  test("of two organizers signs in to the one whose site it is", async () => {
    const member = await team.newMember();
    await team.join(member.userId, ANDINO.profileId, "gate");
    const token = await team.signIn(member, ANDINO);
    const body = { organizer_name: ANDINO.name, role: "gate" };
    expect(await me(token)).toMatchObject({ status: 200, body });
  });
});

describe("a member's own name", () => {
  const rename = (token: string, body: unknown) => call("PATCH", "/v1/auth/me", { token, body });

  test.each(["owner", "manager", "finance", "gate"])(
    "is changed by whoever has it, as %s, and seen wherever they are",
    async (role) => {
      const member = await team.newSignedIn(CARIBE, role);
      const before = (await me(member.token)).body;
      const bystander = await team.newSignedIn(CARIBE, role);
      const renamed = await rename(member.token, { name: "  Luz Marina Rojas Ñáñez " });
      const expected = { ...z.looseObject({}).parse(before), name: "Luz Marina Rojas Ñáñez" };
      expect(renamed).toMatchObject({ status: 200, body: expected });
      expect(renamed.headers.get("cache-control")).toBe("no-store");
      expect((await me(member.token)).body).toEqual(expected);
      expect((await me(bystander.token)).body).toMatchObject({ name: "Luz Marina" });
      // In the team of another organizer it is the same person.
      await team.join(member.userId, ANDINO.profileId, role);
      const there = await team.newSession(member, { profileId: ANDINO.profileId });
      expect((await me(there.token)).body).toMatchObject({
        name: "Luz Marina Rojas Ñáñez",
        profile_id: ANDINO.profileId,
      });
    },
  );

  test.each([
    [{}, "body.name"],
    [{ name: "" }, "body.name"],
    [{ name: "  " }, "body.name"],
    [{ name: "a".repeat(201) }, "body.name"],
    [{ name: "Luz\nMarina" }, "body.name"],
    [{ name: null }, "body.name"],
    [{ name: "Luz", email: "other@example.com" }, "body.email"],
    [{ name: "Luz", role: "owner" }, "body.role"],
    [{ name: "Luz", user_id: UNKNOWN_ID }, "body.user_id"],
  ])("is not changed by %j", async (body, path) => {
    const member = await team.newSignedIn(CARIBE, "gate");
    const before = (await me(member.token)).body;
    expectInvalid(await rename(member.token, body), path);
    expect((await me(member.token)).body).toEqual(before);
  });

  test("is not changed without a session", async () => {
    expectProblem(
      await call("PATCH", "/v1/auth/me", { body: { name: "Luz" } }),
      401,
      "session_required",
    );
  });
});

describe("whoever asks for a link", () => {
  test("is told the same for every address, and only a member gets a mail", async () => {
    const member = await team.newMember();
    const elsewhere = await team.newMember(ANDINO.profileId);
    const nobody = newEmail();
    const answers = [
      await team.requestLink(nobody),
      await team.requestLink(elsewhere.email),
      await team.requestLink(member.email),
      await team.requestLink(nobody),
    ].map(told);
    for (const answer of answers) expect(answer).toEqual(answers[0]);
    expect(answers[0]).toMatchObject({ status: 202 });

    await team.linkTokens(member.email);
    await mailsHaveGoneOut();
    for (const email of [nobody, elsewhere.email]) {
      expect(await shop.mails(email)).toEqual([]);
      expect(await linksOf(email)).toEqual([]);
    }
    expect(await shop.mails(member.email)).toHaveLength(1);
  });

  test("does not wait for what only a member's address causes", async () => {
    const member = await team.newMember();
    const client = await database.connect();
    try {
      await client.query("BEGIN; LOCK TABLE magic_links IN ACCESS EXCLUSIVE MODE");
      for (const email of [member.email, newEmail()])
        expect((await team.requestLink(email)).status).toBe(202);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
    await team.linkTokens(member.email);
  });

  test("gets five unused links an hour, however many ask at once", async () => {
    const member = await team.newMember();
    const asked = await Promise.all(
      Array.from({ length: 12 }, () => team.requestLink(member.email)),
    );
    expect(new Set(asked.map(({ status }) => status))).toEqual(new Set([202]));
    const tokens = await team.linkTokens(member.email, 5);
    await mailsHaveGoneOut();
    expect(new Set(tokens).size).toBe(5);
    expect(await linksOf(member.email)).toHaveLength(5);
    expect(await shop.mails(member.email)).toHaveLength(5);

    // The oldest still works, and makes room for another.
    expect((await team.exchange(tokens[0] ?? "")).status).toBe(201);
    await team.newLink(member);
    expect(told(await team.requestLink(member.email))).toEqual(
      told(await team.requestLink(newEmail())),
    );
    await mailsHaveGoneOut();
    expect(await linksOf(member.email)).toHaveLength(6);

    // Those of an hour ago do not count, whatever became of them.
    await database.query(
      "UPDATE magic_links SET created_at = created_at - interval '61 minutes' WHERE email = $1",
      [member.email],
    );
    await team.newLink(member);
  });
});

describe("the mail", () => {
  test.each([
    { accepts: undefined, language: "es", subject: `Tu enlace para entrar a ${CARIBE.name}` },
    {
      accepts: "es-CO,en;q=0.5",
      language: "es",
      subject: `Tu enlace para entrar a ${CARIBE.name}`,
    },
    { accepts: "en-GB", language: "en", subject: `Your link to sign in to ${CARIBE.name}` },
  ])("speaks $language to who accepts $accepts", async ({ accepts, language, subject }) => {
    const member = await team.newMember();
    await team.newLink(member, accepts === undefined ? {} : { "accept-language": accepts });
    const [mail] = await shop.mails(member.email);
    expect(mail?.subject).toBe(subject);
    expect(mail?.body.html).toContain(`<html lang="${language}">`);
  });

  test.each([CARIBE, ANDINO])(
    "leads to the site it was asked for on: $origin",
    async (organizer) => {
      const member = await team.newMember(organizer.profileId);
      const token = await team.newLink(member, { origin: organizer.origin });
      const [mail] = await shop.mails(member.email);
      const address = `${organizer.origin}/auth?token=${token}`;
      expect(mail?.body.text).toContain(address);
      expect(mail?.body.html).toContain(`href="${address}"`);
      expect(mail?.subject).toContain(organizer.name);
    },
  );
});

describe("a link", () => {
  test("opens one session, however many use it at once", async () => {
    const member = await team.newMember();
    const linkToken = await team.givenLink(member);
    const answers = await Promise.all(Array.from({ length: 20 }, () => team.exchange(linkToken)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    for (const answer of answers.filter(({ status }) => status !== 201))
      expectProblem(answer, 401, "magic_link_invalid");
    const { rows } = await database.query("SELECT FROM sessions WHERE user_id = $1", [
      member.userId,
    ]);
    expect(rows).toHaveLength(1);
  });

  /** Each leaves a link that must not work. */
  const spoilt: [what: string, spoil: (member: Member, linkToken: string) => Promise<unknown>][] = [
    ["used before", async (_, linkToken) => team.exchange(linkToken)],
    [
      "a quarter of an hour old",
      async ({ email }) =>
        database.query("UPDATE magic_links SET expires_at = now() WHERE email = $1", [email]),
    ],
    [
      "of somebody who left the team",
      async ({ userId }) =>
        database.query("DELETE FROM profile_members WHERE user_id = $1", [userId]),
    ],
    [
      "of somebody with another address now",
      async ({ userId }) =>
        database.query("UPDATE users SET email = $2 WHERE id = $1", [userId, newEmail()]),
    ],
  ];
  test.each(spoilt)("%s does not work, and it is not told why", async (_, spoil) => {
    const member = await team.newMember();
    const linkToken = await team.givenLink(member);
    await spoil(member, linkToken);
    const sessions = async () =>
      (await database.query("SELECT FROM sessions WHERE user_id = $1", [member.userId])).rowCount;
    const before = await sessions();
    const answer = await team.exchange(linkToken);
    expectProblem(answer, 401, "magic_link_invalid");
    expect(answer.headers.get("set-cookie")).toBeNull();
    expect(told(answer)).toEqual(told(await team.exchange("A".repeat(43))));
    expect(await sessions()).toBe(before);
  });

  test("works for a quarter of an hour", async () => {
    const member = await team.newMember();
    await team.newLink(member);
    const { rows } = await database.query<{ seconds: number }>(
      "SELECT extract(epoch FROM expires_at - created_at)::int AS seconds FROM magic_links WHERE email = $1",
      [member.email],
    );
    expect(rows).toEqual([{ seconds: 900 }]);
  });

  test("of one organizer is nothing on another's site, and stays good on its own", async () => {
    const member = await team.newMember();
    await team.join(member.userId, ANDINO.profileId, "owner");
    const linkToken = await team.givenLink(member);
    const elsewhere = await team.exchange(linkToken, { origin: ANDINO.origin });
    expectProblem(elsewhere, 401, "magic_link_invalid");
    expect((await team.exchange(linkToken)).status).toBe(201);
  });

  test("works on the site it was asked for on, not on the organizer's others", async () => {
    const organizer = await team.newOrganizer();
    const other = `otra.${new URL(organizer.origin).host}`;
    await database.query("INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [
      other,
      organizer.profileId,
    ]);
    const member = await team.newMember(organizer.profileId);
    const linkToken = await team.givenLink(member, organizer);
    const elsewhere = await team.exchange(linkToken, { origin: `https://${other}` });
    expectProblem(elsewhere, 401, "magic_link_invalid");
    expect((await team.exchange(linkToken, { origin: organizer.origin })).status).toBe(201);
  });

  test.each(["x", "A".repeat(43), "a\u0000b", "ñ", "' or ''='", "A".repeat(200)])(
    "nobody made does not work: %j",
    async (linkToken) => {
      expectProblem(await team.exchange(linkToken), 401, "magic_link_invalid");
    },
  );

  test("is refused in English to who reads English", async () => {
    const answer = await team.exchange("A".repeat(43), { "accept-language": "en" });
    expect(answer.body).toMatchObject({ title: expect.stringContaining("Ask for a new one") });
  });
});

describe("secrets", () => {
  test("are in no table and no log", async () => {
    const member = await team.newMember();
    const linkToken = await team.newLink(member);
    const token = z
      .looseObject({ token: z.string() })
      .parse((await team.exchange(linkToken)).body).token;
    expect((await me(token)).status).toBe(200);

    const tables = await database.query<{ name: string }>(
      "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'",
    );
    const holding = async (text: string) => {
      const found: string[] = [];
      for (const { name } of tables.rows) {
        const { rowCount } = await database.query(
          `SELECT FROM "${name}" AS each WHERE strpos(to_jsonb(each)::text, $1) > 0 LIMIT 1`,
          [text],
        );
        if (rowCount === 1) found.push(name);
      }
      return found;
    };
    expect(await holding(sha256(linkToken))).toEqual(["magic_links"]);
    expect(await holding(sha256(token))).toEqual(["sessions"]);
    expect(await holding(linkToken)).toEqual([]);
    expect(await holding(token)).toEqual([]);

    const log = readFileSync(inject("workerLog"), "utf8");
    expect(log).toContain("/v1/auth/sessions");
    for (const secret of [linkToken, token, member.email]) expect(log).not.toContain(secret);
  });

  test("are out of reach for the application itself, but for signing in", async () => {
    const member = await team.newMember();
    await team.signIn(member);
    const client = await database.connect();
    try {
      await client.query("BEGIN; SET LOCAL ROLE waro_app");
      const rows = async (scope: string) => {
        await client.query(
          "SELECT set_config('waro.scope', $1, true), set_config('waro.profile_id', $2, true)",
          [scope, CARIBE.profileId],
        );
        const { rowCount } = await client.query(
          `SELECT FROM users WHERE id = $1 UNION ALL SELECT FROM sessions WHERE user_id = $1
           UNION ALL SELECT FROM magic_links WHERE email = $2`,
          [member.userId, member.email],
        );
        return rowCount;
      };
      expect([await rows("tenant"), await rows("public"), await rows("system")]).toEqual([0, 0, 3]);
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
  });
});

describe("a session", () => {
  const storedEnd = async (sessionId: string) => {
    const { rows } = await database.query<{ days: number; idle: number }>(
      `SELECT extract(epoch FROM expires_at - now())::float8 / 86400 AS days,
         extract(epoch FROM now() - last_used_at)::float8 / 86400 AS idle FROM sessions WHERE id = $1`,
      [sessionId],
    );
    return rows[0];
  };

  test("that was not used for a day ends thirty days from now", async () => {
    const member = await team.newMember();
    const lastUsed = "25 hours";
    const { sessionId, token } = await team.newSession(member, { lastUsed, expiresIn: "2 days" });
    expect((await me(token)).status).toBe(200);
    const stored = await storedEnd(sessionId);
    expect(stored?.days).toBeCloseTo(30, 1);
    expect(stored?.idle).toBeCloseTo(0, 1);
  });

  test("that was used today is not written", async () => {
    const member = await team.newMember();
    const lastUsed = "23 hours";
    const { sessionId, token } = await team.newSession(member, { lastUsed, expiresIn: "2 days" });
    expect((await me(token)).status).toBe(200);
    const stored = await storedEnd(sessionId);
    expect(stored?.days).toBeCloseTo(2, 1);
    expect(stored?.idle).toBeCloseTo(23 / 24, 1);
  });

  test("that lasts longer is not cut short", async () => {
    const member = await team.newMember();
    const lastUsed = "2 days";
    const { sessionId, token } = await team.newSession(member, { lastUsed, expiresIn: "90 days" });
    expect((await me(token)).status).toBe(200);
    expect((await storedEnd(sessionId))?.days).toBeCloseTo(90, 1);
  });

  test.each([
    ["is over", { expiresIn: "-1 s" }],
    ["is over and was not used for a day", { expiresIn: "-1 s", lastUsed: "2 days" }],
    ["was revoked", { isRevoked: true }],
    ["is of another organizer's team", { profileId: ANDINO.profileId }],
  ])("that %s is refused", async (_, changes) => {
    const { token } = await team.newSession(await team.newMember(), changes);
    expectProblem(await me(token), 401, "session_invalid");
  });

  test("ends at once when its member signs out", async () => {
    const member = await team.newMember();
    const token = await team.signIn(member);
    const other = await team.signIn(member);
    expect((await me(token)).status).toBe(200);
    expect((await me(other)).status).toBe(200);
    expect((await call("DELETE", "/v1/auth/sessions/current", { token })).status).toBe(204);
    expectProblem(await me(token), 401, "session_invalid");
    const again = await call("DELETE", "/v1/auth/sessions/current", { token });
    expectProblem(again, 401, "session_invalid");
    expect((await me(other)).status).toBe(200);
  });
});

describe("a member's sessions", () => {
  const pageShape = z.object({
    sessions: z.array(
      z.strictObject({
        id: z.uuid(),
        created_at: z.iso.datetime(),
        last_used_at: z.iso.datetime(),
        user_agent: z.string().nullable(),
        current: z.boolean(),
      }),
    ),
    next_cursor: z.string().nullable(),
  });
  const list = async (token: string, query = "") => {
    const answer = await call("GET", `/v1/auth/sessions${query}`, { token });
    expect(answer.status).toBe(200);
    return pageShape.parse(answer.body);
  };
  const end = (token: string, sessionId: string) =>
    call("DELETE", `/v1/auth/sessions/${sessionId}`, { token });

  test("are listed newest first, living ones of this organizer only", async () => {
    const member = await team.newMember();
    await team.join(member.userId, ANDINO.profileId);
    const first = await team.newSession(member, { lastUsed: "3 hours" });
    const second = await team.newSession(member);
    await team.newSession(member, { isRevoked: true });
    await team.newSession(member, { expiresIn: "-1 s" });
    await team.newSession(member, { profileId: ANDINO.profileId });
    await team.newSession(await team.newMember());

    const { sessions, next_cursor: next } = await list(first.token);
    expect(sessions).toMatchObject([
      { id: second.sessionId, current: false },
      { id: first.sessionId, current: true },
    ]);
    expect(next).toBeNull();
    const [latest, earlier] = sessions.map((session) => Date.parse(session.last_used_at));
    expect((latest ?? 0) - (earlier ?? 0)).toBeGreaterThan(3 * 3_600_000 - 60_000);
  });

  test("come in pages", async () => {
    const member = await team.newMember();
    const made = [];
    for (let count = 0; count < 5; count += 1) made.push(await team.newSession(member));
    const token = made[0]?.token ?? "";
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await list(token, `?limit=2${more}`);
      found.push(...page.sessions.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(made.map(({ sessionId }) => sessionId).toReversed());
    expectInvalid(await call("GET", "/v1/auth/sessions?cursor=made-up", { token }), "query.cursor");
    expectInvalid(await call("GET", "/v1/auth/sessions?limit=0", { token }), "query.limit");
  });

  test.each([
    [
      "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:130.0) Gecko/20100101 Firefox/130.0",
      "Firefox · Windows",
    ],
    [
      "Mozilla/5.0 (Linux; Android 14; SM-A546B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36",
      "Samsung Internet · Android",
    ],
    [
      "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
      "Safari · iOS",
    ],
    [
      "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36 Edg/129.0.0.0",
      "Edge · macOS",
    ],
    [
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
      "Chrome · Linux",
    ],
    ["curl/8.5.0", null],
  ])("say what signed in: %s", async (userAgent, shown) => {
    const token = await team.signIn(await team.newMember(), CARIBE, { "user-agent": userAgent });
    expect((await list(token)).sessions).toMatchObject([{ user_agent: shown, current: true }]);
  });

  test("are ended one by one, at once", async () => {
    const member = await team.newMember();
    const mine = await team.newSession(member);
    const left = await team.newSession(member);
    expect((await me(left.token)).status).toBe(200);
    expect((await end(mine.token, left.sessionId)).status).toBe(204);
    expectProblem(await me(left.token), 401, "session_invalid");
    expect((await list(mine.token)).sessions).toMatchObject([{ id: mine.sessionId }]);
    expectProblem(await end(mine.token, left.sessionId), 404, "session_not_found");
  });

  test("are nobody else's to see or to end", async () => {
    const member = await team.newMember();
    await team.join(member.userId, ANDINO.profileId);
    const mine = await team.newSession(member);
    const others = [
      await team.newSession(await team.newMember(CARIBE.profileId, "owner")),
      await team.newSession(await team.newMember(ANDINO.profileId), {
        profileId: ANDINO.profileId,
      }),
      await team.newSession(member, { profileId: ANDINO.profileId }),
    ];
    for (const other of others) {
      expectProblem(await end(mine.token, other.sessionId), 404, "session_not_found");
      expect((await me(other.token)).status).toBe(200);
    }
    expectProblem(await end(mine.token, UNKNOWN_ID), 404, "session_not_found");
    expectInvalid(await end(mine.token, "mine"), "param.id");
    expectProblem(await call("GET", "/v1/auth/sessions"), 401, "session_required");
    for (const path of ["current", mine.sessionId])
      expectProblem(await call("DELETE", `/v1/auth/sessions/${path}`), 401, "session_required");
  });
});

describe("a body nobody may send", () => {
  const routes = ["/v1/auth/magic-links", "/v1/auth/sessions"];
  const wrong = routes.flatMap((path) => badBodies.map((bad) => ({ path, ...bad })));
  test.each(wrong)("to $path: $what", async ({ path, body, headers = {}, status, code }) => {
    expectProblem(await call("POST", path, { body, headers }), status, code);
  });

  test.each([
    ["/v1/auth/magic-links", "body.email", { email: "" }],
    ["/v1/auth/magic-links", "body.email", { email: "ana" }],
    ["/v1/auth/magic-links", "body.email", { email: "ana@example.com\r\nBcc: b@example.com" }],
    ["/v1/auth/magic-links", "body.email", { email: "ana@example.com,b@example.com" }],
    ["/v1/auth/magic-links", "body.email", { email: `${"a".repeat(250)}@example.com` }],
    ["/v1/auth/magic-links", "body.email", { email: ["ana@example.com"] }],
    ["/v1/auth/magic-links", "body.site", { email: "ana@example.com", site: "evil.example" }],
    ["/v1/auth/sessions", "body.token", { token: "" }],
    ["/v1/auth/sessions", "body.token", { token: 7 }],
    ["/v1/auth/sessions", "body.token", { token: "A".repeat(201) }],
    ["/v1/auth/sessions", "body.profile_id", { token: "A", profile_id: ANDINO.profileId }],
  ])("to %s with %s wrong in %j", async (path, field, body) => {
    expectInvalid(await call("POST", path, { body }), field);
  });
});
