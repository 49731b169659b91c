// An owner gives a member another role. It counts from the member's next request on; where another isolate serves it, within
// half a minute.

import { changeRole, findMember, type TeamMember } from "../../db/team-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor, Role } from "../actor.ts";
import { memberKey } from "../auth/find-access.ts";
import { forgetAccess } from "../auth/resolve-access.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ChangeMemberInput {
  userId: string;
  role: Role;
}

type ChangeMemberRefusal = { code: "member_not_found" } | { code: "last_owner" };

/** The member as they are now. */
export async function changeMember(
  dependencies: Dependencies,
  actor: Actor,
  { userId, role }: ChangeMemberInput,
): Promise<Result<TeamMember, ChangeMemberRefusal>> {
  const { profileId } = actor.authorize("team.manage");
  const system = dependencies.database.asSystem();
  const member = { profileId, userId };
  const outcome = await changeRole(system, member, role);
  if (outcome === "last_owner") return refused({ code: "last_owner" });
  forgetAccess(dependencies, memberKey(member));
  const changed = outcome === "changed" ? await findMember(system, member) : null;
  return changed === null ? refused({ code: "member_not_found" }) : ok(changed);
}
