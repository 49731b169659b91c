// Who works for which organizer, and who they are.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { OPEN_INVITATION } from "./team-invitations-repository.ts";

/** Whether this address, in lower case, is of somebody in the organizer's team or invited to it. */
export async function maySignIn(
  system: DatabaseScope,
  { profileId, email }: { profileId: string; email: string },
): Promise<boolean> {
  // Through the team, which is small: under row-level security no index over lower(email) can serve. It also takes as long
  // for an address that nobody has.
  const rows = await system.query(
    `SELECT FROM profile_members JOIN users ON users.id = profile_members.user_id
     WHERE profile_members.profile_id = $1 AND profile_members.removed_at IS NULL AND lower(users.email) = $2
     UNION ALL
     SELECT FROM team_invitations
     WHERE team_invitations.profile_id = $1 AND team_invitations.email = $2 AND ${OPEN_INVITATION}`,
    [profileId, email],
  );
  return rows.length > 0;
}

const personRow = z
  .object({ email: z.string().nullable(), full_name: z.string(), profile_name: z.string() })
  .transform((row) => ({
    email: row.email,
    name: row.full_name,
    organizerName: row.profile_name,
  }));

export type Person = z.infer<typeof personRow>;

/** Names behind the ids of a session; null when they are gone. */
export async function findPerson(
  system: DatabaseScope,
  { userId, profileId }: { userId: string; profileId: string },
): Promise<Person | null> {
  const rows = await system.query(
    `SELECT users.email, users.full_name, profiles.profile_name
     FROM users, profiles WHERE users.id = $1 AND profiles.id = $2`,
    [userId, profileId],
  );
  return z.array(personRow).parse(rows)[0] ?? null;
}

/** In every organizer's team: it is one person. False when they are gone. */
export async function renamePerson(
  system: DatabaseScope,
  { userId, name }: { userId: string; name: string },
): Promise<boolean> {
  const rows = await system.query("UPDATE users SET full_name = $2 WHERE id = $1 RETURNING id", [
    userId,
    name,
  ]);
  return rows.length > 0;
}
