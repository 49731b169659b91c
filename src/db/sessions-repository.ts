// Sessions and the memberships behind them.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { timeColumn } from "./columns.ts";

const sessionRow = z.object({
  user_id: z.uuid(),
  profile_id: z.uuid(),
  role: z.enum(["owner", "manager", "finance", "gate"]),
  expires_at: timeColumn,
});

/** The living session with this token's hash; null when there is none or its user left the organizer's team. */
export async function findSession(system: DatabaseScope, tokenHash: string) {
  const rows = await system.query(
    `SELECT sessions.user_id, sessions.profile_id, profile_members.role, sessions.expires_at
     FROM sessions
     JOIN profile_members USING (user_id, profile_id)
     WHERE sessions.token_hash = $1 AND sessions.revoked_at IS NULL`,
    [tokenHash],
  );
  const [row] = z.array(sessionRow).parse(rows);
  if (row === undefined) return null;
  const { user_id: userId, profile_id: profileId, role } = row;
  return { actor: { userId, profileId, role }, expiresAtMs: row.expires_at.getTime() };
}
