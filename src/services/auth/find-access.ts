// Asks Postgres who is behind a token: a member's session. That a session is used moves its end, once a day at most.

import { extendSession, findSession } from "../../db/sessions-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { SESSION_SECONDS } from "./lifetimes.ts";

export interface Access {
  actor: Actor;
  profileId: string;
  /** Whose changes end or change it; see `forgetAccess`. */
  concerns: readonly string[];
  /** Whether this very request moved a session's end. */
  isExtended: boolean;
}

/** What a member's sessions with one organizer have in common. */
export function memberKey(member: { profileId: string; userId: string }): string {
  return `${member.profileId}/${member.userId}`;
}

/** Null for a token that is unknown, expired or revoked. */
export async function findAccess(
  { database }: Pick<Dependencies, "database">,
  token: string,
): Promise<Access | null> {
  const system = database.asSystem();
  const session = await findSession(system, await sha256Hex(token));
  if (session === null) return null;
  const { sessionId, userId, profileId, role, isUntouched } = session;
  return {
    actor: new Actor({ kind: "member", userId, profileId, role, sessionId }),
    profileId,
    concerns: [sessionId, memberKey({ profileId, userId })],
    isExtended: isUntouched && (await extendSession(system, sessionId, SESSION_SECONDS)),
  };
}
