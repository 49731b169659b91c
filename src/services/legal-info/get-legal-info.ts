// A member looks at what the law wants to know of their organizer.

import { type LegalInfo, findLegalInfo } from "../../db/legal-info-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getLegalInfo(
  { database }: Dependencies,
  actor: Actor,
): Promise<Result<LegalInfo, { code: "legal_info_not_found" }>> {
  const { profileId } = actor.authorize("catalog.read");
  const info = await findLegalInfo(database.asTenant(profileId));
  return info === null ? refused({ code: "legal_info_not_found" }) : ok(info);
}
