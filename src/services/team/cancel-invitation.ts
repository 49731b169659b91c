// An owner takes an invitation back. The link of its mail does not work any more.

import { cancelInvitation as cancelRow } from "../../db/team-invitations-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function cancelInvitation(
  { database }: Dependencies,
  actor: Actor,
  invitationId: string,
): Promise<Result<null, { code: "invitation_not_found" }>> {
  const { profileId } = actor.authorize("team.manage");
  const isCancelled = await cancelRow(database.asTenant(profileId), invitationId);
  return isCancelled ? ok(null) : refused({ code: "invitation_not_found" });
}
