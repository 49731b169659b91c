// An owner looks through the tokens of the organizer's own systems.

import { type ApiToken, listApiTokens as listRows } from "../../db/api-tokens-repository.ts";
import type { CreatedPage, PageRequest } from "../../db/created-page.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

/** The oldest first. */
export async function listApiTokens(
  { database }: Dependencies,
  actor: Actor,
  page: PageRequest,
): Promise<CreatedPage<ApiToken>> {
  const { profileId } = actor.authorize("tokens.manage");
  return listRows(database.asTenant(profileId), page);
}
