// Two organizers on two sites of one deployment, over HTTP: how each comes in, with whom and with what, and that neither
// ever comes to the other. What they make then is in two-organizers-catalog and -offer, how it sells in -portal and -sales.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Member, type Organizer, openTeam } from "../support/members.ts";
import { type Attempt, bothWays, expectNothingFound } from "../support/neighbours.ts";
import { expectProblem } from "../support/problems.ts";
import { newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call } = shop;
const team = openTeam(shop);

/** An organizer, their only owner, and the role in which they take in the same guest. */
interface Side extends Organizer {
  owner: Member;
  token: string;
  guestRole: string;
  invitationId: string;
  guestToken: string;
  apiTokenId: string;
  apiToken: string;
}

let sides: [Side, Side];
const guestEmail = newEmail();

beforeAll(async () => {
  const newSide = async (guestRole: string): Promise<Side> => {
    const organizer = await team.newOrganizer();
    const owner = await team.newMember(organizer.profileId, "owner");
    const later = { token: "", invitationId: "", guestToken: "", apiTokenId: "", apiToken: "" };
    return { ...organizer, owner, guestRole, ...later };
  };
  sides = [await newSide("manager"), await newSide("gate")];
});
afterAll(() => shop.close());

const withId = z.looseObject({ id: z.string() });
const withToken = z.looseObject({ token: z.string() });
const asOwner = ({ token }: Side, method: string, path: string, body?: object) =>
  call(method, path, { token, body });
const exchange = (linkToken: string, { origin }: Organizer) => team.exchange(linkToken, { origin });
const nothingFound = ({ token }: Side, { profileId }: Side, attempts: Attempt[]) =>
  expectNothingFound([token], { shop, profileId }, attempts);

async function sessionsOf(token: string) {
  const { body } = await call("GET", "/v1/auth/sessions", { token });
  return z.object({ sessions: z.array(withId) }).parse(body).sessions;
}

async function rolesOf(side: Side): Promise<[string, string][]> {
  const { body } = await asOwner(side, "GET", "/v1/team");
  const member = z.looseObject({ email: z.string(), role: z.string() });
  const { members } = z.object({ members: z.array(member) }).parse(body);
  return members.map(({ email, role }) => [email, role]);
}

async function apiTokenIdsOf(side: Side): Promise<string[]> {
  const { body } = await asOwner(side, "GET", "/v1/api-tokens");
  const { api_tokens: tokens } = z.object({ api_tokens: z.array(withId) }).parse(body);
  return tokens.map(({ id }) => id);
}

describe("two organizers and their people", () => {
  it("sign in by a link that is mailed from their own site, and is nothing on the other", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      // Answered alike, but no mail goes to who is nobody there.
      const elsewhere = await team.requestLink(mine.owner.email, { origin: theirs.origin });
      expect(elsewhere.status).toBe(202);
      const linkToken = await team.newLink(mine.owner, { origin: mine.origin });
      const mails = await shop.mails(mine.owner.email);
      expect(mails).toHaveLength(1);
      expect(mails[0]?.body.text).toContain(`${mine.origin}/auth?token=${linkToken}`);

      expectProblem(await exchange(linkToken, theirs), 401, "magic_link_invalid");
      const opened = await exchange(linkToken, mine);
      expect(opened).toMatchObject({
        status: 201,
        body: { organizer: { id: mine.profileId, name: mine.name }, role: "owner" },
      });
      expectProblem(await exchange(linkToken, mine), 401, "magic_link_invalid");
      mine.token = withToken.parse(opened.body).token;
    }
  });

  it("see whom they act for, and only their own sessions", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      expect(await asOwner(mine, "GET", "/v1/auth/me")).toMatchObject({
        status: 200,
        body: { email: mine.owner.email, profile_id: mine.profileId, organizer_name: mine.name },
      });
      expect(await sessionsOf(mine.token)).toMatchObject([{ current: true }]);
      const [session] = await sessionsOf(theirs.token);
      await nothingFound(mine, theirs, [
        ["session_not_found", "DELETE", `/v1/auth/sessions/${session?.id ?? ""}`],
      ]);
      expect((await asOwner(theirs, "GET", "/v1/auth/me")).status).toBe(200);
    }
  });

  it("say of themselves what the law wants to know, each their own", async () => {
    const [first, second] = sides;
    const info = (side: Side, nit: string) => {
      return { nit, legal_name: side.name, address: "Calle 10 # 20-30", city: "Cali" };
    };
    const saved = await asOwner(first, "PUT", "/v1/legal-info", info(first, "860034313-7"));
    expect(saved.status).toBe(200);
    const none = await asOwner(second, "GET", "/v1/legal-info");
    expectProblem(none, 404, "legal_info_not_found");
    await asOwner(second, "PUT", "/v1/legal-info", info(second, "900123456-8"));
    const kept = await asOwner(first, "GET", "/v1/legal-info");
    expect(kept.body).toMatchObject({ nit: "860034313-7", legal_name: first.name });
  });

  it("invite the same person, and take back no invitation of the other", async () => {
    for (const mine of sides) {
      const body = { email: guestEmail, role: mine.guestRole };
      const answer = await asOwner(mine, "POST", "/v1/team", body);
      expect(answer).toMatchObject({ status: 201, body });
      mine.invitationId = withId.parse(answer.body).id;
    }
    // What is still written of a mail must not look like the other's doing.
    await team.linkTokens(guestEmail, 2);
    for (const [mine, theirs] of bothWays(sides)) {
      const { body } = await asOwner(mine, "GET", "/v1/team/invitations");
      expect(body).toMatchObject({ invitations: [{ id: mine.invitationId }] });
      expect(JSON.stringify(body)).not.toContain(theirs.invitationId);
      await nothingFound(mine, theirs, [
        ["invitation_not_found", "DELETE", `/v1/team/invitations/${theirs.invitationId}`],
      ]);
    }
  });

  it("have the guest in the role that was given on each site, by the link of that site", async () => {
    const linkTokens = await team.linkTokens(guestEmail, 2);
    const mails = await shop.mails(guestEmail);
    for (const [mine, theirs] of bothWays(sides)) {
      const linkToken = linkTokens[mails.findIndex(({ subject }) => subject.includes(mine.name))];
      expectProblem(await exchange(linkToken ?? "", theirs), 401, "magic_link_invalid");
      const opened = await exchange(linkToken ?? "", mine);
      const body = { organizer: { id: mine.profileId }, role: mine.guestRole };
      expect(opened).toMatchObject({ status: 201, body });
      mine.guestToken = withToken.parse(opened.body).token;
    }
    for (const mine of sides)
      expect(await rolesOf(mine)).toEqual([
        [mine.owner.email, "owner"],
        [guestEmail, mine.guestRole],
      ]);
    const [{ guestToken: asManager }, { guestToken: asGate }] = sides;
    expect((await call("GET", "/v1/events", { token: asManager })).status).toBe(200);
    const refused = await call("GET", "/v1/events", { token: asGate });
    expectProblem(refused, 403, "role_not_allowed");
    // One person, and yet the session of one site is not to be seen from the other.
    for (const token of [asManager, asGate]) expect(await sessionsOf(token)).toHaveLength(1);
  });

  it("change and remove members of their own team only, even who is in both", async () => {
    const [first, second] = sides;
    for (const [mine, theirs] of bothWays(sides)) {
      const path = `/v1/team/${theirs.owner.userId}`;
      await nothingFound(mine, theirs, [
        ["member_not_found", "PATCH", path, { body: { role: "gate" } }],
        ["member_not_found", "DELETE", path],
      ]);
    }
    const { body } = await call("GET", "/v1/auth/me", { token: first.guestToken });
    const guest = `/v1/team/${z.looseObject({ user_id: z.string() }).parse(body).user_id}`;
    expect((await asOwner(first, "PATCH", guest, { role: "finance" })).status).toBe(200);
    expect(await rolesOf(first)).toContainEqual([guestEmail, "finance"]);
    expect(await rolesOf(second)).toContainEqual([guestEmail, "gate"]);

    expect((await asOwner(first, "DELETE", guest)).status).toBe(204);
    const left = await call("GET", "/v1/auth/me", { token: first.guestToken });
    expectProblem(left, 401, "session_invalid");
    expect(await rolesOf(first)).toEqual([[first.owner.email, "owner"]]);
    const still = await call("GET", "/v1/auth/me", { token: second.guestToken });
    expect(still).toMatchObject({ status: 200, body: { role: "gate" } });
  });

  it("keep their last owner", async () => {
    for (const mine of sides) {
      const before = await rolesOf(mine);
      const path = `/v1/team/${mine.owner.userId}`;
      expectProblem(await asOwner(mine, "DELETE", path), 409, "last_owner");
      expectProblem(await asOwner(mine, "PATCH", path, { role: "manager" }), 409, "last_owner");
      expect(await rolesOf(mine)).toEqual(before);
    }
  });

  it("make an API token of the same name that acts for one of them", async () => {
    const times = { starts_at: "2031-03-19T20:00:00Z", ends_at: "2031-03-20T02:00:00Z" };
    for (const mine of sides) {
      const body = { name: "Taquilla", scopes: ["catalog.read", "catalog.write"] };
      const answer = await asOwner(mine, "POST", "/v1/api-tokens", body);
      expect(answer).toMatchObject({ status: 201, body });
      mine.apiTokenId = withId.parse(answer.body).id;
      mine.apiToken = withToken.parse(answer.body).token;
      const draft = { body: { name: "Función", ...times } };
      const made = await call("POST", "/v1/events", { token: mine.apiToken, ...draft });
      expect(made.status).toBe(201);
      const { body: page } = await call("GET", "/v1/events", { token: mine.apiToken });
      expect(page).toMatchObject({ events: [{ id: withId.parse(made.body).id }] });
      expect(z.object({ events: z.array(withId) }).parse(page).events).toHaveLength(1);
    }
    for (const [mine, theirs] of bothWays(sides)) {
      expect(await apiTokenIdsOf(mine)).toEqual([mine.apiTokenId]);
      await nothingFound(mine, theirs, [
        ["api_token_not_found", "DELETE", `/v1/api-tokens/${theirs.apiTokenId}`],
      ]);
    }
  });

  it("revoke it for themselves alone", async () => {
    const [first, second] = sides;
    const revoked = await asOwner(first, "DELETE", `/v1/api-tokens/${first.apiTokenId}`);
    expect(revoked.status).toBe(204);
    const refused = await call("GET", "/v1/events", { token: first.apiToken });
    expectProblem(refused, 401, "session_invalid");
    expect(await apiTokenIdsOf(first)).toEqual([]);
    expect((await call("GET", "/v1/events", { token: second.apiToken })).status).toBe(200);
    expect(await apiTokenIdsOf(second)).toEqual([second.apiTokenId]);
  });

  it("change nothing by a cookie that a page of the other site sends", async () => {
    for (const [mine, theirs] of bothWays(sides)) {
      const invite = (origin: string) =>
        team.asCookie(mine.token, "POST", "/v1/team", {
          body: { email: newEmail(), role: "gate" },
          headers: { origin },
        });
      const invitations = async () => (await asOwner(mine, "GET", "/v1/team/invitations")).body;
      const before = await invitations();
      expectProblem(await invite(theirs.origin), 403, "origin_not_allowed");
      expect(await invitations()).toEqual(before);
      expect((await invite(mine.origin)).status).toBe(201);
    }
  });

  it("sign out for themselves alone", async () => {
    const [first, second] = sides;
    expect((await asOwner(first, "DELETE", "/v1/auth/sessions/current")).status).toBe(204);
    const out = await asOwner(first, "GET", "/v1/auth/me");
    expectProblem(out, 401, "session_invalid");
    expect((await asOwner(second, "GET", "/v1/auth/me")).status).toBe(200);
  });
});
