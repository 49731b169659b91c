// Sessions: opened with a sign-in link, found by the digest of their token, extended while they are used, and ended. A
// session counts only while its user is of the organizer's team.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { roleColumn, timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  exactCreatedAt,
  latestPlace,
  pageOf,
} from "./created-page.ts";
import { OPEN_INVITATION } from "./team-invitations-repository.ts";

const LIVING = "sessions.revoked_at IS NULL AND sessions.expires_at > now()";
/** A session's end moves once a day at most, so that being used costs no writes. */
const UNTOUCHED_FOR_A_DAY = "sessions.last_used_at < now() - interval '1 day'";

const sessionRow = z
  .object({
    id: z.uuid(),
    user_id: z.uuid(),
    profile_id: z.uuid(),
    role: roleColumn,
    is_untouched: z.boolean(),
  })
  .transform((row) => ({
    sessionId: row.id,
    userId: row.user_id,
    profileId: row.profile_id,
    role: row.role,
    isUntouched: row.is_untouched,
  }));

/** The living session with this token's hash; null when there is none or its user left the organizer's team. */
export async function findSession(
  system: DatabaseScope,
  tokenHash: string,
): Promise<z.infer<typeof sessionRow> | null> {
  const rows = await system.query(
    `SELECT sessions.id, sessions.user_id, sessions.profile_id, profile_members.role,
       ${UNTOUCHED_FOR_A_DAY} AS is_untouched
     FROM sessions
     JOIN profile_members USING (user_id, profile_id)
     WHERE sessions.token_hash = $1 AND ${LIVING} AND profile_members.removed_at IS NULL`,
    [tokenHash],
  );
  return z.array(sessionRow).parse(rows)[0] ?? null;
}

export interface NewSession {
  sessionId: string;
  tokenHash: string;
  seconds: number;
  /** What signed in, in a few words. */
  userAgent: string | null;
}

const openedRow = z
  .object({
    user_id: z.uuid(),
    email: z.string(),
    full_name: z.string(),
    profile_id: z.uuid(),
    profile_name: z.string(),
    role: roleColumn,
    expires_at: timeColumn,
  })
  .transform((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.full_name,
    profileId: row.profile_id,
    organizerName: row.profile_name,
    role: row.role,
    expiresAt: row.expires_at,
  }));

export type OpenedSession = z.infer<typeof openedRow>;

export interface LinkUse {
  tokenHash: string;
  /** Where it is used: a link works on the site it was made for. */
  profileId: string;
  site: string;
}

/**
 * Uses a link up and opens a session with it, in one statement: of many at once one gets it. Whoever was invited to the team
 * is a member from then on. Null for a link that is used, over, unknown or another site's, for the link of an invitation that
 * is answered, and when its address left the team.
 */
export async function exchangeMagicLink(
  system: DatabaseScope,
  link: LinkUse,
  session: NewSession,
): Promise<OpenedSession | null> {
  const rows = await system.query(
    `WITH used AS (
       UPDATE magic_links SET used_at = now()
       WHERE token_hash = $1 AND profile_id = $2 AND site = $3 AND used_at IS NULL AND expires_at > now()
         AND (invitation_id IS NULL OR EXISTS (
           SELECT FROM team_invitations WHERE team_invitations.id = invitation_id AND ${OPEN_INVITATION}))
       RETURNING email, profile_id
     ), accepted AS (
       UPDATE team_invitations SET accepted_at = now() FROM used
       WHERE team_invitations.profile_id = used.profile_id AND team_invitations.email = used.email
         AND ${OPEN_INVITATION}
       RETURNING team_invitations.email, full_name, role, team_invitations.profile_id
     ), person AS (
       INSERT INTO users (email, full_name) SELECT email, full_name FROM accepted
       ON CONFLICT (lower(email)) DO UPDATE SET email = users.email
       RETURNING id AS user_id, email, full_name
     ), joined AS (
       INSERT INTO profile_members (profile_id, user_id, role)
       SELECT accepted.profile_id, person.user_id, accepted.role FROM accepted, person
       ON CONFLICT (profile_id, user_id) DO UPDATE SET role = excluded.role, removed_at = NULL
         WHERE profile_members.removed_at IS NOT NULL
       RETURNING user_id, role
     ), member AS (
       SELECT person.*, joined.role FROM joined JOIN person USING (user_id)
       UNION ALL
       SELECT users.id, users.email, users.full_name, profile_members.role
       FROM used
       JOIN profile_members ON profile_members.profile_id = used.profile_id AND removed_at IS NULL
       JOIN users ON users.id = profile_members.user_id AND lower(users.email) = used.email
     ), opened AS (
       INSERT INTO sessions (id, token_hash, user_id, profile_id, expires_at, user_agent)
       SELECT $4::uuid, $5, user_id, $2, now() + make_interval(secs => $6), $7 FROM member
       RETURNING expires_at
     )
     SELECT member.*, profiles.id AS profile_id, profiles.profile_name, opened.expires_at
     FROM member, opened, profiles WHERE profiles.id = $2`,
    [
      link.tokenHash,
      link.profileId,
      link.site,
      session.sessionId,
      session.tokenHash,
      session.seconds,
      session.userAgent,
    ],
  );
  return z.array(openedRow).parse(rows)[0] ?? null;
}

/** Moves the session's end, never nearer; false when another request of the day did. */
export async function extendSession(
  system: DatabaseScope,
  sessionId: string,
  seconds: number,
): Promise<boolean> {
  const rows = await system.query(
    `UPDATE sessions SET last_used_at = now(),
       expires_at = greatest(expires_at, now() + make_interval(secs => $2))
     WHERE id = $1 AND ${LIVING} AND ${UNTOUCHED_FOR_A_DAY} RETURNING id`,
    [sessionId, seconds],
  );
  return rows.length > 0;
}

/** Whose sessions: a user's with one organizer. */
export interface SessionOwner {
  userId: string;
  profileId: string;
}

const listedRow = z
  .object({
    id: z.uuid(),
    created_at: timeColumn,
    last_used_at: timeColumn,
    user_agent: z.string().nullable(),
  })
  .transform((row) => ({
    sessionId: row.id,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    userAgent: row.user_agent,
  }));

export type ListedSession = z.infer<typeof listedRow>;

/** Living sessions, newest first. */
export async function listSessions(
  system: DatabaseScope,
  { userId, profileId }: SessionOwner,
  page: PageRequest,
): Promise<CreatedPage<ListedSession>> {
  const after = page.after ?? latestPlace;
  const rows = await system.query(
    `SELECT id, created_at, last_used_at, user_agent, ${exactCreatedAt("sessions")} FROM sessions
     WHERE user_id = $1 AND profile_id = $2 AND ${LIVING}
       AND (created_at, id) < ($3::timestamptz, $4::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $5`,
    [userId, profileId, after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => listedRow.parse(row));
}

/** False when they have no such living session. */
export async function revokeSession(
  system: DatabaseScope,
  { userId, profileId }: SessionOwner,
  sessionId: string,
): Promise<boolean> {
  const rows = await system.query(
    `UPDATE sessions SET revoked_at = now()
     WHERE id = $1 AND user_id = $2 AND profile_id = $3 AND ${LIVING} RETURNING id`,
    [sessionId, userId, profileId],
  );
  return rows.length > 0;
}
