// Who is asking, once the session is known, and what each role may do. One table for the whole product.

export type Role = "owner" | "manager" | "finance" | "gate";

/** A signed-in member of an organizer's team. */
export interface Actor {
  userId: string;
  profileId: string;
  role: Role;
}

export type Permission =
  | "session.read"
  | "catalog.read"
  | "catalog.write"
  | "legal.write"
  | "inventory.audit"
  | "tickets.admit";

const permissions: Record<Role, readonly Permission[]> = {
  owner: [
    "session.read",
    "catalog.read",
    "catalog.write",
    "legal.write",
    "inventory.audit",
    "tickets.admit",
  ],
  manager: ["session.read", "catalog.read", "catalog.write", "inventory.audit", "tickets.admit"],
  finance: ["session.read", "catalog.read", "legal.write"],
  gate: ["session.read", "tickets.admit"],
};

export function may(actor: Actor, permission: Permission): boolean {
  return permissions[actor.role].includes(permission);
}
