// Who is asking, once the session or the API token is known, and what each may do. One table for the whole product. A verb
// learns whose organizer's data it may touch from `authorize` alone, so that one that does not ask does not compile.

import type { Refusal } from "../shared/refusals.ts";

export type Role = "owner" | "manager" | "finance" | "gate";

/** What only a member in person may do. */
export type MemberPermission = "session.read" | "team.read" | "team.manage" | "tokens.manage";

/** What an organizer's own systems may be given too: the scopes of API tokens. */
export const scopes = [
  "catalog.read",
  "catalog.write",
  "legal.write",
  "inventory.audit",
  "tickets.admit",
] as const;
export type Scope = (typeof scopes)[number];

export type Permission = MemberPermission | Scope;

const permissions: Record<Role, readonly Permission[]> = {
  owner: [
    "session.read",
    "team.read",
    "team.manage",
    "tokens.manage",
    "catalog.read",
    "catalog.write",
    "legal.write",
    "inventory.audit",
    "tickets.admit",
  ],
  manager: [
    "session.read",
    "team.read",
    "catalog.read",
    "catalog.write",
    "inventory.audit",
    "tickets.admit",
  ],
  finance: ["session.read", "catalog.read", "legal.write"],
  gate: ["session.read", "tickets.admit"],
};

/** A signed-in member of an organizer's team. */
export interface Member {
  kind: "member";
  userId: string;
  profileId: string;
  role: Role;
  sessionId: string;
}

/** A program of the organizer's. */
export interface ApiClient {
  kind: "api-client";
  tokenId: string;
  profileId: string;
  scopes: readonly Scope[];
}

type AccessRefusal = Extract<Refusal, { code: "role_not_allowed" | "scope_not_allowed" }>;

/** A verb was called for somebody who may not have it done. The edge refuses first, so this is a route's mistake. */
export class NotAllowed extends Error {
  readonly refusal: AccessRefusal;

  constructor(refusal: AccessRefusal) {
    super(refusal.code);
    this.name = "NotAllowed";
    this.refusal = refusal;
  }
}

export class Actor {
  readonly #identity: Member | ApiClient;

  constructor(identity: Member | ApiClient) {
    this.#identity = identity;
  }

  /** Null for what they may do. */
  refusalOf(permission: Permission): AccessRefusal | null {
    const identity = this.#identity;
    if (identity.kind === "member")
      return permissions[identity.role].includes(permission) ? null : { code: "role_not_allowed" };
    const isGiven = identity.scopes.some((scope) => scope === permission);
    return isGiven ? null : { code: "scope_not_allowed", permission };
  }

  /** Who they are, for a verb that needs this permission; throws `NotAllowed`. Each verb begins with it. */
  authorize(permission: MemberPermission): Member;
  authorize(permission: Permission): { profileId: string };
  authorize(permission: Permission): { profileId: string } {
    const refusal = this.refusalOf(permission);
    if (refusal !== null) throw new NotAllowed(refusal);
    return this.#identity;
  }
}
