// An owner takes a token back.

import { revokeApiToken as revokeRow } from "../../db/api-tokens-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import { forgetAccess } from "../auth/resolve-access.ts";
import type { Dependencies } from "../dependencies.ts";

export async function revokeApiToken(
  dependencies: Dependencies,
  actor: Actor,
  tokenId: string,
): Promise<Result<null, { code: "api_token_not_found" }>> {
  const { profileId } = actor.authorize("tokens.manage");
  const isRevoked = await revokeRow(dependencies.database.asTenant(profileId), tokenId);
  if (!isRevoked) return refused({ code: "api_token_not_found" });
  forgetAccess(dependencies, tokenId);
  return ok(null);
}
