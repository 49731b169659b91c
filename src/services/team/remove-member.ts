// An owner takes somebody out of the team. Their sessions with this organizer end.

import { removeMember as removeRow } from "../../db/team-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import { memberKey } from "../auth/find-access.ts";
import { forgetAccess } from "../auth/resolve-access.ts";
import type { Dependencies } from "../dependencies.ts";

export async function removeMember(
  dependencies: Dependencies,
  actor: Actor,
  userId: string,
): Promise<Result<null, { code: "member_not_found" } | { code: "last_owner" }>> {
  const { profileId } = actor.authorize("team.manage");
  const member = { profileId, userId };
  const outcome = await removeRow(dependencies.database.asSystem(), member);
  if (outcome === "not_a_member") return refused({ code: "member_not_found" });
  if (outcome === "last_owner") return refused({ code: "last_owner" });
  forgetAccess(dependencies, memberKey(member));
  return ok(null);
}
