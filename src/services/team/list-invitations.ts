// A member looks who is invited to the team and has not answered.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import {
  type Invitation,
  listInvitations as listRows,
} from "../../db/team-invitations-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** The oldest first; those that are over as well. */
export async function listInvitations(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<Invitation>> {
  const { profileId } = actor.authorize("team.read");
  return listRows(database.asTenant(profileId), page);
}
