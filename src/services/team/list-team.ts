// A member looks who is in the team.

import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import { type TeamMember, listMembers } from "../../db/team-repository.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** In the order they joined. */
export async function listTeam(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<TeamMember>> {
  const { profileId } = actor.authorize("team.read");
  return listMembers(database.asSystem(), profileId, page);
}
