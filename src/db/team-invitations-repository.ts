// Invitations to an organizer's team, open until they are accepted, cancelled or over. What accepting one does is said where
// somebody signs in: in sessions-repository.ts.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { type MemberRole, roleColumn, timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  earliestPlace,
  exactCreatedAt,
  pageOf,
} from "./created-page.ts";
import { lockTeam } from "./team-repository.ts";

/** Neither accepted nor cancelled; it may be over, and can then be renewed. */
const UNANSWERED = "team_invitations.accepted_at IS NULL AND team_invitations.cancelled_at IS NULL";
export const OPEN_INVITATION = `${UNANSWERED} AND team_invitations.expires_at > now()`;

const COLUMNS = "id, email, full_name, role, created_at, expires_at";
const invitationRow = z
  .object({
    id: z.uuid(),
    email: z.string(),
    full_name: z.string(),
    role: roleColumn,
    created_at: timeColumn,
    expires_at: timeColumn,
  })
  .transform((row) => ({
    invitationId: row.id,
    email: row.email,
    name: row.full_name,
    role: row.role,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
  }));

export type Invitation = z.infer<typeof invitationRow>;

export interface NewInvitation {
  profileId: string;
  /** In lower case. */
  email: string;
  name: string;
  role: MemberRole;
  invitedBy: string;
  language: "es" | "en";
  site: string;
  linkId: string;
  tokenHash: string;
}

export interface InvitationLimits {
  /** How long an invitation, and the link of its mail, works. */
  seconds: number;
  /** How many new invitations an organizer may make in a day. */
  perDayMax: number;
  /** How many unused links an address may have got in an hour. */
  linksPerHourMax: number;
}

const gateRow = z.object({ is_member: z.boolean(), has_enough_mail: z.boolean() });

export type InvitationMade =
  | { invitation: Invitation }
  | { lacks: "stranger" | "room_for_mail" | "room_today" };

/** With the link for its mail. An invitation that is there is renewed, with what is asked for now. */
export async function insertInvitation(
  system: DatabaseScope,
  invitation: NewInvitation,
  limits: InvitationLimits,
): Promise<InvitationMade> {
  const [, rows = []] = await system.transaction([
    lockTeam(invitation.profileId),
    {
      text: `WITH gate AS (
               SELECT EXISTS (SELECT FROM profile_members JOIN users ON users.id = profile_members.user_id
                   WHERE profile_id = $1 AND lower(users.email) = $2 AND removed_at IS NULL) AS is_member,
                 (SELECT count(*) FROM magic_links WHERE email = $2 AND used_at IS NULL
                   AND created_at > now() - interval '1 hour') >= $12 AS has_enough_mail,
                 (SELECT count(*) FROM team_invitations WHERE profile_id = $1
                   AND created_at > now() - interval '1 day') >= $11
                 AND NOT EXISTS (SELECT FROM team_invitations WHERE profile_id = $1 AND email = $2
                   AND ${UNANSWERED}) AS has_enough_today
             ), made AS (
               INSERT INTO team_invitations (profile_id, email, full_name, role, invited_by, expires_at)
               SELECT $1::uuid, $2, $3, $4, $5::uuid, now() + make_interval(secs => $10) FROM gate
               WHERE NOT is_member AND NOT has_enough_mail AND NOT has_enough_today
               ON CONFLICT (profile_id, email) WHERE accepted_at IS NULL AND cancelled_at IS NULL DO UPDATE
                 SET full_name = excluded.full_name, role = excluded.role,
                   invited_by = excluded.invited_by, expires_at = excluded.expires_at
               RETURNING ${COLUMNS}
             ), link AS (
               INSERT INTO magic_links (id, token_hash, email, profile_id, site, language, expires_at, invitation_id)
               SELECT $8::uuid, $9, email, $1::uuid, $7, $6, expires_at, id FROM made
             )
             SELECT gate.is_member, gate.has_enough_mail, made.* FROM gate LEFT JOIN made ON true`,
      parameters: [
        invitation.profileId,
        invitation.email,
        invitation.name,
        invitation.role,
        invitation.invitedBy,
        invitation.language,
        invitation.site,
        invitation.linkId,
        invitation.tokenHash,
        limits.seconds,
        limits.perDayMax,
        limits.linksPerHourMax,
      ],
    },
  ]);
  const made = invitationRow.safeParse(rows[0]);
  if (made.success) return { invitation: made.data };
  const gate = gateRow.parse(rows[0]);
  if (gate.is_member) return { lacks: "stranger" };
  return { lacks: gate.has_enough_mail ? "room_for_mail" : "room_today" };
}

/** Unanswered ones, the oldest first; those that are over as well. */
export async function listInvitations(
  tenant: DatabaseScope,
  page: PageRequest,
): Promise<CreatedPage<Invitation>> {
  const after = page.after ?? earliestPlace;
  const rows = await tenant.query(
    `SELECT ${COLUMNS}, ${exactCreatedAt("team_invitations")} FROM team_invitations
     WHERE ${UNANSWERED} AND (created_at, id) > ($1::timestamptz, $2::uuid)
     ORDER BY created_at, id LIMIT $3`,
    [after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => invitationRow.parse(row));
}

/** False when there is no such invitation, or it is answered. */
export async function cancelInvitation(
  tenant: DatabaseScope,
  invitationId: string,
): Promise<boolean> {
  const rows = await tenant.query(
    `UPDATE team_invitations SET cancelled_at = now() WHERE id = $1 AND ${UNANSWERED} RETURNING id`,
    [invitationId],
  );
  return rows.length > 0;
}

const mailRow = z
  .object({
    email: z.string(),
    site: z.string(),
    language: z.enum(["es", "en"]),
    role: roleColumn,
    profile_name: z.string(),
  })
  .transform(({ profile_name: organizerName, ...row }) => ({ ...row, organizerName }));

/** What the mail of an invitation needs; null when its link is used or the invitation not open any more. */
export async function findInvitationMail(
  system: DatabaseScope,
  { linkId, profileId }: { linkId: string; profileId: string },
): Promise<z.infer<typeof mailRow> | null> {
  const rows = await system.query(
    `SELECT magic_links.email, magic_links.site, magic_links.language, team_invitations.role, profiles.profile_name
     FROM magic_links
     JOIN team_invitations ON team_invitations.id = magic_links.invitation_id
     JOIN profiles ON profiles.id = magic_links.profile_id
     WHERE magic_links.id = $1 AND magic_links.profile_id = $2 AND magic_links.used_at IS NULL
       AND magic_links.expires_at > now() AND ${OPEN_INVITATION}`,
    [linkId, profileId],
  );
  return z.array(mailRow).parse(rows)[0] ?? null;
}
