// Members of organizers' teams on a running stack, and how they sign in. Asserts nothing, but throws when one of its own
// steps does not work.

import { createHash, randomBytes } from "node:crypto";
import { z } from "zod";
import type { Answer, CallOptions } from "./api.ts";
import { type Shop, until } from "./shop.ts";

/** The two seeded organizers. */
export const CARIBE = {
  profileId: "00000000-0000-4000-8000-000000000001",
  name: "Salón Caribe",
  origin: "http://localhost",
};
export const ANDINO = {
  profileId: "00000000-0000-4000-8000-000000000002",
  name: "Teatro Andino",
  origin: "http://andino.localhost",
};

export type Organizer = typeof CARIBE;

export interface Member {
  userId: string;
  email: string;
}

const openedShape = z.looseObject({ token: z.string(), expires_at: z.string() });

export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

export type Team = ReturnType<typeof openTeam>;

export function openTeam(shop: Shop) {
  const { call, database } = shop;
  return {
    async newMember(profileId = CARIBE.profileId, role = "manager"): Promise<Member> {
      const userId = crypto.randomUUID();
      const email = `member.${userId}@example.com`;
      await database.query(
        "INSERT INTO users (id, email, full_name) VALUES ($1, $2, 'Luz Marina')",
        [userId, email],
      );
      await this.join(userId, profileId, role);
      return { userId, email };
    },

    /** With a site, and nobody in the team. */
    async newOrganizer(): Promise<Organizer> {
      const profileId = crypto.randomUUID();
      const name = `Teatro ${profileId.slice(0, 8)}`;
      const host = `${profileId}.example`;
      await database.query("INSERT INTO profiles (id, profile_name) VALUES ($1, $2)", [
        profileId,
        name,
      ]);
      await database.query("INSERT INTO tenant_sites (site, profile_id) VALUES ($1, $2)", [
        host,
        profileId,
      ]);
      return { profileId, name, origin: `https://${host}` };
    },

    /** Somebody new in this organizer's team, signed in. */
    async newSignedIn(
      { profileId }: Organizer,
      role: string,
    ): Promise<Member & { sessionId: string; token: string }> {
      const member = await this.newMember(profileId, role);
      return { ...member, ...(await this.newSession(member, { profileId })) };
    },

    async join(userId: string, profileId: string, role = "manager"): Promise<void> {
      await database.query(
        "INSERT INTO profile_members (profile_id, user_id, role) VALUES ($1, $2, $3)",
        [profileId, userId, role],
      );
    },

    requestLink(email: string, headers: Record<string, string> = {}): Promise<Answer> {
      const from = { origin: CARIBE.origin, ...headers };
      return call("POST", "/v1/auth/magic-links", { body: { email }, headers: from });
    },

    exchange(token: string, headers: Record<string, string> = {}): Promise<Answer> {
      const from = { origin: CARIBE.origin, ...headers };
      return call("POST", "/v1/auth/sessions", { body: { token }, headers: from });
    },

    /** The tokens this address was mailed, once there are so many of them, the oldest first. */
    linkTokens(email: string, count = 1): Promise<string[]> {
      return until(`${count} links for ${email}`, async () => {
        const tokens = (await shop.mails(email)).map(({ body }) => tokenIn(body.text ?? ""));
        return tokens.length >= count ? tokens : undefined;
      });
    },

    async newLink(member: Member, headers: Record<string, string> = {}): Promise<string> {
      const before = (await shop.mails(member.email)).length;
      await this.requestLink(member.email, headers);
      return (await this.linkTokens(member.email, before + 1)).at(-1) ?? "";
    },

    /** As if it had been mailed: its token, straight into Postgres. */
    async givenLink({ email }: Member, { profileId, origin } = CARIBE): Promise<string> {
      const token = randomBytes(32).toString("base64url");
      await database.query(
        `INSERT INTO magic_links (token_hash, email, profile_id, site, expires_at)
         VALUES ($1, $2, $3, $4, now() + interval '15 minutes')`,
        [sha256(token), email, profileId, new URL(origin).host],
      );
      return token;
    },

    /** Exchanges such a link; the session's token. */
    async signIn(
      member: Member,
      organizer = CARIBE,
      headers: Record<string, string> = {},
    ): Promise<string> {
      const linkToken = await this.givenLink(member, organizer);
      const answer = await this.exchange(linkToken, { origin: organizer.origin, ...headers });
      return openedShape.parse(answer.body).token;
    },

    /** A session of any age, straight into Postgres; its token. Intervals as Postgres writes them. */
    async newSession(
      { userId }: Member,
      {
        profileId = CARIBE.profileId,
        lastUsed = "0 s",
        expiresIn = "30 days",
        isRevoked = false,
      } = {},
    ): Promise<{ sessionId: string; token: string }> {
      const sessionId = crypto.randomUUID();
      const token = randomBytes(32).toString("base64url");
      await database.query(
        `INSERT INTO sessions (id, token_hash, user_id, profile_id, last_used_at, expires_at, revoked_at)
         VALUES ($1, $2, $3, $4, now() - $5::interval, now() + $6::interval, CASE WHEN $7 THEN now() END)`,
        [sessionId, sha256(token), userId, profileId, lastUsed, expiresIn, isRevoked],
      );
      return { sessionId, token };
    },

    /** An API token of this organizer's, straight into Postgres. Intervals as Postgres writes them. */
    async newApiToken(
      { profileId }: Organizer,
      scopes: readonly string[],
      {
        expiresIn = null,
        lastUsed = null,
      }: { expiresIn?: string | null; lastUsed?: string | null } = {},
    ): Promise<{ tokenId: string; token: string }> {
      const tokenId = crypto.randomUUID();
      const token = `waro_api_${randomBytes(32).toString("base64url")}`;
      await database.query(
        `INSERT INTO api_tokens (id, token_hash, profile_id, token_name, scopes, expires_at, last_used_at)
         VALUES ($1, $2, $3, 'Sistema', $4, now() + $5::interval, now() - $6::interval)`,
        [tokenId, sha256(token), profileId, scopes, expiresIn, lastUsed],
      );
      return { tokenId, token };
    },

    asCookie: (token: string, method: string, path: string, options: CallOptions = {}) =>
      call(method, path, {
        ...options,
        headers: { cookie: `theme=dark; waro_session=${token}`, ...options.headers },
      }),
  };
}

function tokenIn(text: string): string {
  const [, token = ""] = /\?token=([\w-]+)/.exec(text) ?? [];
  return token;
}
