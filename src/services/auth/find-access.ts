// Asks Postgres who is behind a token: a member's session, or an API token. That they are used is recorded on the way: a
// session's end moves once a day at most, an API token's last use is kept to the hour.

import { useApiToken } from "../../db/api-tokens-repository.ts";
import { extendSession, findSession } from "../../db/sessions-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import { isApiToken } from "../../shared/api-token.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { Actor, scopes } from "../actor.ts";
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
  const find = isApiToken(token) ? findClient : findMember;
  return find(database.asSystem(), await sha256Hex(token));
}

async function findMember(system: DatabaseScope, tokenHash: string): Promise<Access | null> {
  const session = await findSession(system, tokenHash);
  if (session === null) return null;
  const { sessionId, userId, profileId, role, isUntouched } = session;
  return {
    actor: new Actor({ kind: "member", userId, profileId, role, sessionId }),
    profileId,
    concerns: [sessionId, memberKey({ profileId, userId })],
    isExtended: isUntouched && (await extendSession(system, sessionId, SESSION_SECONDS)),
  };
}

async function findClient(system: DatabaseScope, tokenHash: string): Promise<Access | null> {
  const token = await useApiToken(system, tokenHash);
  if (token === null) return null;
  const { tokenId, profileId } = token;
  // A scope that this version does not know gives nothing.
  const known = scopes.filter((scope) => token.scopes.includes(scope));
  return {
    actor: new Actor({ kind: "api-client", tokenId, profileId, scopes: known }),
    profileId,
    concerns: [tokenId],
    isExtended: false,
  };
}
