// An organizer's team over HTTP against the running stack: inviting, accepting, changing roles, leaving, and that somebody is
// always left who may do all of it.

import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { z } from "zod";
import { CARIBE, type Member, type Organizer, openTeam } from "../support/members.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, database } = shop;
const team = openTeam(shop);

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const WEEK_MS = 7 * 24 * 3_600_000;

let organizer: Organizer;
let owner: Member & { token: string };

beforeEach(async () => {
  organizer = await team.newOrganizer();
  owner = await team.newSignedIn(organizer, "owner");
});
afterAll(() => shop.close());

const invitationShape = z.strictObject({
  id: z.uuid(),
  email: z.string(),
  name: z.string(),
  role: z.string(),
  invited_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
});
const invitationsShape = z.object({
  invitations: z.array(invitationShape),
  next_cursor: z.string().nullable(),
});
const membersShape = z.object({
  members: z.array(
    z.strictObject({
      user_id: z.uuid(),
      email: z.string(),
      name: z.string(),
      role: z.string(),
      joined_at: z.iso.datetime(),
    }),
  ),
  next_cursor: z.string().nullable(),
});

const invite = (body: object, token = owner.token, headers: Record<string, string> = {}) =>
  call("POST", "/v1/team", { token, body, headers });
const cancel = (id: string, token = owner.token) =>
  call("DELETE", `/v1/team/invitations/${id}`, { token });
const change = (userId: string, role: string, token = owner.token) =>
  call("PATCH", `/v1/team/${userId}`, { token, body: { role } });
const remove = (userId: string, token = owner.token) =>
  call("DELETE", `/v1/team/${userId}`, { token });
const me = (token: string) => call("GET", "/v1/auth/me", { token });

async function members(query = "", token = owner.token) {
  const answer = await call("GET", `/v1/team${query}`, { token });
  return membersShape.parse(answer.body);
}
async function roles(): Promise<string[]> {
  return (await members("?limit=100")).members.map(({ role }) => role).toSorted();
}
async function invitations(token = owner.token) {
  return invitationsShape.parse((await call("GET", "/v1/team/invitations", { token })).body)
    .invitations;
}
async function invited(body: object): Promise<{ id: string; linkToken: string }> {
  const { id, email } = invitationShape.parse((await invite(body)).body);
  const linkToken = (await team.linkTokens(email)).at(-1) ?? "";
  return { id, linkToken };
}
const accept = (linkToken: string, { origin } = organizer) => team.exchange(linkToken, { origin });

/** Once somebody else's mail is there, one that was asked for before would be there too. */
async function mailsHaveGoneOut(): Promise<void> {
  await team.newLink(await team.newMember());
}

describe("an invitation", () => {
  test("makes its address a member once they sign in with the mail's link", async () => {
    const email = newEmail();
    const answer = await invite({ email, role: "finance", name: "Luis Ángel" });
    expect(answer).toMatchObject({ status: 201, body: { email, role: "finance" } });
    const { expires_at: expiresAt } = z.looseObject({ expires_at: z.string() }).parse(answer.body);
    expect(Math.abs(Date.parse(expiresAt) - Date.now() - WEEK_MS)).toBeLessThan(60_000);
    expect(await invitations()).toMatchObject([{ email, role: "finance", name: "Luis Ángel" }]);
    expect(await roles()).toEqual(["owner"]);

    const [linkToken = ""] = await team.linkTokens(email);
    const opened = await accept(linkToken);
    expect(opened).toMatchObject({
      status: 201,
      body: {
        user: { email, name: "Luis Ángel" },
        organizer: { id: organizer.profileId, name: organizer.name },
        role: "finance",
      },
    });
    const { token } = z.looseObject({ token: z.string() }).parse(opened.body);
    expect(await me(token)).toMatchObject({ status: 200, body: { role: "finance" } });
    expect(await invitations()).toEqual([]);
    expect((await members()).members).toMatchObject([
      { email: owner.email },
      { email, name: "Luis Ángel", role: "finance" },
    ]);
    expectProblem(await accept(linkToken), 401, "magic_link_invalid");
  });

  test("is accepted by a link of their own as well", async () => {
    const email = newEmail();
    const { linkToken } = await invited({ email: email.toUpperCase(), role: "gate" });
    await team.requestLink(email, { origin: organizer.origin });
    const own = (await team.linkTokens(email, 2)).find((each) => each !== linkToken) ?? "";
    expect(await accept(own)).toMatchObject({ status: 201, body: { role: "gate" } });
    expectProblem(await accept(linkToken), 401, "magic_link_invalid");
    expect(await roles()).toEqual(["gate", "owner"]);
  });

  test("makes one member, however many links of it are used at once", async () => {
    const email = newEmail();
    await invited({ email, role: "gate" });
    await invite({ email, role: "gate" });
    const links = await team.linkTokens(email, 2);
    const answers = await Promise.all([...links, ...links, ...links].map((link) => accept(link)));
    expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThan(0);
    expect(await roles()).toEqual(["gate", "owner"]);
  });

  test("tells nothing of whom it is for, who keeps their name", async () => {
    const elsewhere = await team.newMember();
    await database.query("UPDATE users SET full_name = 'Sol Secreta' WHERE id = $1", [
      elsewhere.userId,
    ]);
    const { linkToken } = await invited({ email: elsewhere.email, role: "manager", name: "Otra" });
    const seen = JSON.stringify([await invitations(), await members()]);
    expect(seen).not.toContain("Sol Secreta");
    expect(await accept(linkToken)).toMatchObject({
      status: 201,
      body: { user: { id: elsewhere.userId, name: "Sol Secreta" }, role: "manager" },
    });
    const token = await team.signIn(elsewhere);
    expect(await me(token)).toMatchObject({ body: { organizer_name: CARIBE.name } });
  });

  test("may be made again: the same one, with what is asked for now", async () => {
    const email = newEmail();
    const first = await invited({ email, role: "owner" });
    const again = await invite({ email, role: "gate", name: "Ana" });
    expect(again).toMatchObject({ status: 201, body: { id: first.id, role: "gate", name: "Ana" } });
    const links = await team.linkTokens(email, 2);
    expect(await invitations()).toHaveLength(1);
    const second = links.find((link) => link !== first.linkToken) ?? "";
    expect(await accept(second)).toMatchObject({ status: 201, body: { role: "gate" } });
    expectProblem(await accept(first.linkToken), 401, "magic_link_invalid");
  });

  test("is one, however often it is made at once", async () => {
    const email = newEmail();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => invite({ email, role: "gate" })),
    );
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201, 201]);
    expect(await invitations()).toHaveLength(1);
  });

  test("that is taken back is worth nothing", async () => {
    const email = newEmail();
    const { id, linkToken } = await invited({ email, role: "owner" });
    expect((await cancel(id)).status).toBe(204);
    expectProblem(await accept(linkToken), 401, "magic_link_invalid");
    expect(await invitations()).toEqual([]);
    expectProblem(await cancel(id), 404, "invitation_not_found");

    await team.requestLink(email, { origin: organizer.origin });
    await mailsHaveGoneOut();
    expect(await shop.mails(email)).toHaveLength(1);
    expect(await roles()).toEqual(["owner"]);
  });

  test("that is over is worth nothing until it is made again", async () => {
    const email = newEmail();
    const { id, linkToken } = await invited({ email, role: "gate" });
    await database.query("UPDATE team_invitations SET expires_at = now() WHERE id = $1", [id]);
    expectProblem(await accept(linkToken), 401, "magic_link_invalid");
    const member: Member = { userId: "", email };
    expectProblem(await accept(await team.givenLink(member, organizer)), 401, "magic_link_invalid");
    expect(await invitations()).toMatchObject([{ id }]);

    expect(await invite({ email, role: "gate" })).toMatchObject({ status: 201, body: { id } });
    const fresh = (await team.linkTokens(email, 2)).find((link) => link !== linkToken) ?? "";
    expect((await accept(fresh)).status).toBe(201);
  });

  test("of one organizer is nothing on another's site", async () => {
    const { linkToken } = await invited({ email: newEmail(), role: "owner" });
    expectProblem(await accept(linkToken, CARIBE), 401, "magic_link_invalid");
    expect((await accept(linkToken)).status).toBe(201);
  });

  test("needs somebody who is not a member", async () => {
    expectProblem(await invite({ email: owner.email, role: "gate" }), 409, "already_member");
    const email = owner.email.toUpperCase();
    expectProblem(await invite({ email, role: "gate" }), 409, "already_member");
    expect(await invitations()).toEqual([]);
  });

  test("is mailed five times an hour at most, and says when to try again", async () => {
    const email = newEmail();
    for (let count = 0; count < 5; count += 1)
      expect((await invite({ email, role: "gate" })).status).toBe(201);
    const refused = await invite({ email, role: "owner" });
    expectProblem(refused, 429, "rate_limited");
    expect(refused.headers.get("retry-after")).toBe("3600");
    expect(await invitations()).toMatchObject([{ role: "gate" }]);
  });

  test("is one of two hundred a day, and those that are there may be made again", async () => {
    const email = newEmail();
    await database.query(
      `INSERT INTO team_invitations (profile_id, email, role, expires_at, cancelled_at)
       SELECT $1, 'invited.' || number || '@example.com', 'gate', now(), now() FROM generate_series(1, 199) AS number`,
      [organizer.profileId],
    );
    expect((await invite({ email, role: "gate" })).status).toBe(201);
    const refused = await invite({ email: newEmail(), role: "gate" });
    expectProblem(refused, 409, "invitations_too_many");
    expect(refused.body).toMatchObject({ max: 200 });
    expect((await invite({ email, role: "gate" })).status).toBe(201);
  });

  test("needs a site to sign in on", async () => {
    await database.query("UPDATE tenant_sites SET is_active = false WHERE profile_id = $1", [
      organizer.profileId,
    ]);
    const answer = await invite({ email: newEmail(), role: "gate" });
    expectProblem(answer, 409, "organizer_without_site");
  });

  test("of another organizer is not found and stays", async () => {
    const { id } = await invited({ email: newEmail(), role: "gate" });
    const stranger = await team.newSignedIn(await team.newOrganizer(), "owner");
    expectProblem(await cancel(id, stranger.token), 404, "invitation_not_found");
    expect(await invitations(stranger.token)).toEqual([]);
    expect(await invitations()).toMatchObject([{ id }]);
    expectProblem(await cancel(UNKNOWN_ID), 404, "invitation_not_found");
    expectInvalid(await cancel("mine"), "param.id");
  });
});

describe("the mail of an invitation", () => {
  test.each([
    { language: undefined, says: "te invita a su equipo" },
    { language: "en", says: "invites you to their team" },
  ])("in $language $says", async ({ language, says }) => {
    const email = newEmail();
    const { linkToken } = await invited({ email, role: "gate", language });
    const [mail] = await shop.mails(email);
    expect(mail?.subject).toBe(`${organizer.name} ${says}`);
    expect(mail?.body.html).toContain(`<html lang="${language ?? "es"}">`);
    expect(mail?.body.text).toContain(`${organizer.origin}/auth?token=${linkToken}`);
  });

  test("leads to the site it was sent from, if that is the organizer's", async () => {
    const host = `otra-${organizer.profileId}.example`;
    await database.query("INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [
      host,
      organizer.profileId,
    ]);
    const links = async (origin: string) => {
      const email = newEmail();
      await invite({ email, role: "gate" }, owner.token, { origin });
      await team.linkTokens(email);
      return (await shop.mails(email))[0]?.body.text;
    };
    expect(await links(`https://${host}`)).toContain(`https://${host}/auth?token=`);
    expect(await links(CARIBE.origin)).toContain(`${organizer.origin}/auth?token=`);
  });
});

describe("a role", () => {
  test("that is changed counts at once", async () => {
    const member = await team.newSignedIn(organizer, "gate");
    expectProblem(
      await call("GET", "/v1/events", { token: member.token }),
      403,
      "role_not_allowed",
    );
    const answer = await change(member.userId, "finance");
    expect(answer).toMatchObject({
      status: 200,
      body: { user_id: member.userId, email: member.email, role: "finance" },
    });
    expect((await call("GET", "/v1/events", { token: member.token })).status).toBe(200);
    expect((await change(member.userId, "gate")).status).toBe(200);
    expectProblem(
      await call("GET", "/v1/events", { token: member.token }),
      403,
      "role_not_allowed",
    );
  });

  test("of another organizer's member, of nobody, or that is none, is not changed", async () => {
    const elsewhere = await team.newMember(CARIBE.profileId, "gate");
    expectProblem(await change(elsewhere.userId, "owner"), 404, "member_not_found");
    expectProblem(await change(UNKNOWN_ID, "owner"), 404, "member_not_found");
    expect(await me(await team.signIn(elsewhere))).toMatchObject({ body: { role: "gate" } });
    expectInvalid(await change(owner.userId, "admin"), "body.role");
    expectInvalid(await change("me", "gate"), "param.user_id");
  });

  test("of one organizer is none of another's", async () => {
    const other = await team.newOrganizer();
    const member = await team.newSignedIn(organizer, "gate");
    await team.join(member.userId, other.profileId, "gate");
    const there = await team.newSession(member, { profileId: other.profileId });
    expect((await change(member.userId, "manager")).status).toBe(200);
    expect(await me(there.token)).toMatchObject({ body: { role: "gate" } });
  });
});

describe("a member who is removed", () => {
  test("is out at once, with every session, and cannot come back by a link", async () => {
    const member = await team.newSignedIn(organizer, "manager");
    const { token: other } = await team.newSession(member, { profileId: organizer.profileId });
    for (const token of [member.token, other]) expect((await me(token)).status).toBe(200);
    const link = await team.givenLink(member, organizer);
    expect((await remove(member.userId)).status).toBe(204);
    for (const token of [member.token, other])
      expectProblem(await me(token), 401, "session_invalid");
    expectProblem(await accept(link), 401, "magic_link_invalid");
    await team.requestLink(member.email, { origin: organizer.origin });
    await mailsHaveGoneOut();
    expect(await shop.mails(member.email)).toEqual([]);
    expect(await roles()).toEqual(["owner"]);
    expectProblem(await remove(member.userId), 404, "member_not_found");
    expectProblem(await change(member.userId, "gate"), 404, "member_not_found");
  });

  test("keeps their place in other teams", async () => {
    const member = await team.newSignedIn(organizer, "manager");
    await team.join(member.userId, CARIBE.profileId, "gate");
    const there = await team.newSession(member);
    expect((await remove(member.userId)).status).toBe(204);
    expect(await me(there.token)).toMatchObject({ status: 200, body: { role: "gate" } });
  });

  test("may be invited again, and old sessions stay ended", async () => {
    const member = await team.newSignedIn(organizer, "manager");
    expect((await remove(member.userId)).status).toBe(204);
    const { linkToken } = await invited({ email: member.email, role: "gate" });
    expect(await accept(linkToken)).toMatchObject({
      status: 201,
      body: { user: { id: member.userId }, role: "gate" },
    });
    expect(await roles()).toEqual(["gate", "owner"]);
    expectProblem(await me(member.token), 401, "session_invalid");
  });

  test("is never another organizer's", async () => {
    const elsewhere = await team.newSignedIn(await team.newOrganizer(), "gate");
    expectProblem(await remove(elsewhere.userId), 404, "member_not_found");
    expect((await me(elsewhere.token)).status).toBe(200);
    expectProblem(await remove(UNKNOWN_ID), 404, "member_not_found");
    expectInvalid(await remove("me"), "param.user_id");
  });
});

describe("the last owner", () => {
  test("can neither leave nor be less than owner", async () => {
    await team.newSignedIn(organizer, "manager");
    expectProblem(await remove(owner.userId), 409, "last_owner");
    for (const role of ["manager", "finance", "gate"])
      expectProblem(await change(owner.userId, role), 409, "last_owner");
    expect((await change(owner.userId, "owner")).status).toBe(200);
    expect(await roles()).toEqual(["manager", "owner"]);
  });

  test("may go once there is another, not merely one who is invited", async () => {
    const { linkToken } = await invited({ email: newEmail(), role: "owner" });
    expectProblem(await remove(owner.userId), 409, "last_owner");
    expect((await accept(linkToken)).status).toBe(201);
    expect((await remove(owner.userId)).status).toBe(204);
    expectProblem(await me(owner.token), 401, "session_invalid");
  });

  test.each([
    ["remove", (userId: string, token: string) => remove(userId, token)],
    ["demote", (userId: string, token: string) => change(userId, "gate", token)],
  ])("stays when owners %s one another all at once", async (_, act) => {
    for (let round = 0; round < 5; round += 1) {
      organizer = await team.newOrganizer();
      const owners = await Promise.all(
        Array.from({ length: 4 }, () => team.newSignedIn(organizer, "owner")),
      );
      // Each is known to the isolate, so that no request is refused for who sends it.
      await Promise.all(owners.map(({ token }) => me(token)));
      await Promise.all(
        owners.flatMap(({ token }) => owners.map(({ userId }) => act(userId, token))),
      );
      const { rows } = await database.query(
        "SELECT FROM profile_members WHERE profile_id = $1 AND role = 'owner' AND removed_at IS NULL",
        [organizer.profileId],
      );
      expect(rows).toHaveLength(1);
    }
  });
});

describe("the list of a team", () => {
  test("comes in pages, in the order they joined", async () => {
    const added = [owner.email];
    for (let count = 0; count < 4; count += 1)
      added.push((await team.newSignedIn(organizer, "gate")).email);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const more: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await members(`?limit=2${more}`);
      found.push(...page.members.map(({ email }) => email));
      cursor = page.next_cursor;
    }
    expect(found).toEqual(added);
    const wrong = await call("GET", "/v1/team?cursor=made-up", { token: owner.token });
    expectInvalid(wrong, "query.cursor");
  });

  test("has nobody of another organizer", async () => {
    const other = await team.newSignedIn(await team.newOrganizer(), "owner");
    expect((await members("", other.token)).members).toMatchObject([{ email: other.email }]);
    expect((await members()).members).toMatchObject([{ email: owner.email }]);
  });
});

describe("a body nobody may send", () => {
  test.each(badBodies)("to invite: $what", async ({ body, headers = {}, status, code }) => {
    const answer = await call("POST", "/v1/team", { token: owner.token, body, headers });
    expectProblem(answer, status, code);
  });

  test.each([
    ["body.email", { email: "ana", role: "gate" }],
    ["body.role", { email: "ana@example.com", role: "admin" }],
    ["body.name", { email: "ana@example.com", role: "gate", name: "a\r\nBcc: b@example.com" }],
    ["body.language", { email: "ana@example.com", role: "gate", language: "fr" }],
    ["body.profile_id", { email: "ana@example.com", role: "gate", profile_id: CARIBE.profileId }],
  ])("to invite, wrong in %s", async (field, body) => {
    expectInvalid(await invite(body), field);
    expect(await invitations()).toEqual([]);
  });
});
