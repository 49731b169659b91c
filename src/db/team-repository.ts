// The members of an organizer's team. Their names and addresses are of the system scope, as people may work for several
// organizers, so every statement here names the organizer. Changes to a team come one after the other, or two owners could
// each take the other for the one who stays.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";
import { type MemberRole, roleColumn, timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  earliestPlace,
  exactCreatedAt,
  pageOf,
} from "./created-page.ts";

const teamMemberRow = z
  .object({
    user_id: z.uuid(),
    email: z.string().nullable(),
    full_name: z.string(),
    role: roleColumn,
    created_at: timeColumn,
  })
  .transform((row) => ({
    userId: row.user_id,
    email: row.email,
    name: row.full_name,
    role: row.role,
    joinedAt: row.created_at,
  }));

export type TeamMember = z.infer<typeof teamMemberRow>;

/** In the order they joined. */
export async function listMembers(
  system: DatabaseScope,
  profileId: string,
  page: PageRequest,
): Promise<CreatedPage<TeamMember>> {
  const after = page.after ?? earliestPlace;
  const rows = await system.query(
    `SELECT profile_members.id, user_id, email, full_name, role, profile_members.created_at,
       ${exactCreatedAt("profile_members")}
     FROM profile_members JOIN users ON users.id = profile_members.user_id
     WHERE profile_id = $1 AND removed_at IS NULL
       AND (profile_members.created_at, profile_members.id) > ($2::timestamptz, $3::uuid)
     ORDER BY profile_members.created_at, profile_members.id LIMIT $4`,
    [profileId, after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => teamMemberRow.parse(row));
}

/** Null when they are not of the team. */
export async function findMember(
  system: DatabaseScope,
  { profileId, userId }: MemberId,
): Promise<TeamMember | null> {
  const rows = await system.query(
    `SELECT user_id, email, full_name, role, profile_members.created_at
     FROM profile_members JOIN users ON users.id = profile_members.user_id
     WHERE profile_id = $1 AND user_id = $2 AND removed_at IS NULL`,
    [profileId, userId],
  );
  return z.array(teamMemberRow).parse(rows)[0] ?? null;
}

/** Somebody of somebody's team. */
export interface MemberId {
  profileId: string;
  userId: string;
}

export type TeamChange = "changed" | "not_a_member" | "last_owner";

const OTHER_OWNERS = `EXISTS (SELECT FROM profile_members AS other WHERE other.profile_id = $1
  AND other.user_id <> $2 AND other.role = 'owner' AND other.removed_at IS NULL)`;

export async function changeRole(
  system: DatabaseScope,
  member: MemberId,
  role: MemberRole,
): Promise<TeamChange> {
  return change(system, member, [
    {
      text: `UPDATE profile_members SET role = $3
             WHERE profile_id = $1 AND user_id = $2 AND removed_at IS NULL
               AND (role <> 'owner' OR $3 = 'owner' OR ${OTHER_OWNERS})
             RETURNING user_id`,
      parameters: [member.profileId, member.userId, role],
    },
  ]);
}

/** Ends the member's sessions with this organizer too. */
export async function removeMember(system: DatabaseScope, member: MemberId): Promise<TeamChange> {
  const parameters = [member.profileId, member.userId];
  return change(system, member, [
    {
      text: `UPDATE profile_members SET removed_at = now()
             WHERE profile_id = $1 AND user_id = $2 AND removed_at IS NULL
               AND (role <> 'owner' OR ${OTHER_OWNERS})
             RETURNING user_id`,
      parameters,
    },
    {
      text: `UPDATE sessions SET revoked_at = now()
             WHERE profile_id = $1 AND user_id = $2 AND revoked_at IS NULL
               AND NOT EXISTS (SELECT FROM profile_members
                 WHERE profile_id = $1 AND user_id = $2 AND removed_at IS NULL)`,
      parameters,
    },
  ]);
}

/** The first of the statements says whether anything was changed. */
async function change(
  system: DatabaseScope,
  { profileId, userId }: MemberId,
  statements: readonly Statement[],
): Promise<TeamChange> {
  const [, changed = [], ...others] = await system.transaction([
    lockTeam(profileId),
    ...statements,
    {
      text: "SELECT FROM profile_members WHERE profile_id = $1 AND user_id = $2 AND removed_at IS NULL",
      parameters: [profileId, userId],
    },
  ]);
  if (changed.length > 0) return "changed";
  return others.at(-1)?.length === 0 ? "not_a_member" : "last_owner";
}

/** Whoever changes the same team waits here, and then sees what the one before left. */
export function lockTeam(profileId: string): Statement {
  return { text: "SELECT FROM profiles WHERE id = $1 FOR UPDATE", parameters: [profileId] };
}
