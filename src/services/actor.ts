// Who is asking, once the session is known, and what each role may do. One table for the whole product.

export type Role = "owner" | "manager" | "finance" | "gate";

/** A signed-in member of an organizer's team. */
export interface Actor {
  userId: string;
  profileId: string;
  role: Role;
}

export type Permission = "catalog.read" | "catalog.write" | "tickets.admit" | "tickets.read";

const permissions: Record<Role, readonly Permission[]> = {
  owner: ["catalog.read", "catalog.write", "tickets.admit", "tickets.read"],
  manager: ["catalog.read", "catalog.write", "tickets.admit", "tickets.read"],
  finance: ["catalog.read", "tickets.read"],
  gate: ["tickets.admit"],
};

export function may(actor: Actor, permission: Permission): boolean {
  return permissions[actor.role].includes(permission);
}
