// What may be done about a difference, and by whom. Which remedy a difference gets is decided where it is found; why each is
// safe: docs/adr/0008-audit-and-repair.md.

import type { Difference } from "./difference.ts";

export type Remedy =
  /** The object is given the settings and units of Postgres; one that knows nothing is rebuilt. */
  | "load_object"
  /** The object tells Postgres once more. */
  | "project_again"
  /** The object takes a reservation it does not know, if its units are free there. */
  | "restore_to_object"
  /** A ticket that nobody sold is ended. */
  | "cancel_ticket"
  | "recount_units"
  /** Nobody can tell which side is right, or no command mends it. */
  | "person";

/** `projection`: what may be done with nobody looking on. */
export type RepairMode = "none" | "projection" | "all";

/** What the object says is right, and pushing what Postgres says may be repeated at any time. */
const SAFE_UNWATCHED: readonly Remedy[] = ["project_again", "load_object"];

export function mayApply(mode: RepairMode, { kind, remedy }: Difference): boolean {
  if (mode === "none" || remedy === "person") return false;
  if (mode === "all") return true;
  // A rebuilt object is as good as what Postgres had heard: somebody should know.
  return kind !== "object_lost" && kind !== "pool_lost" && SAFE_UNWATCHED.includes(remedy);
}
