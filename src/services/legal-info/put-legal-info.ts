// An organizer says who they are by law: for the first time, or anew as a whole.

import {
  type LegalInfo,
  type LegalInfoContent,
  findLegalInfo,
  isPulepCodeInUse,
  saveLegalInfo,
} from "../../db/legal-info-repository.ts";
import { type ExpectedVersions, isExpected } from "../../shared/expected-versions.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type LegalInfoRefusal, legalInfoRefusal } from "./legal-info-refusal.ts";
import { performingArts } from "./missing-legal-info.ts";

export interface PutLegalInfoInput {
  content: LegalInfoContent;
  expected: ExpectedVersions;
}

/** Refused without a PULEP code while an event is on sale under it. */
export async function putLegalInfo(
  { database }: Dependencies,
  actor: Actor,
  { content, expected }: PutLegalInfoInput,
): Promise<Result<LegalInfo, { code: "precondition_failed" } | LegalInfoRefusal>> {
  const { profileId } = actor.authorize("legal.write");
  const tenant = database.asTenant(profileId);
  for (;;) {
    const known = await findLegalInfo(tenant);
    const version = known?.version ?? 0;
    if (!isExpected(expected, version)) return refused({ code: "precondition_failed" });
    if (content.pulepCode === null && (await isPulepCodeInUse(tenant, performingArts)))
      return refused(legalInfoRefusal(["pulepCode"]));
    const saved = await saveLegalInfo(tenant, content, version);
    // Null: somebody else's came in between.
    if (saved !== null) return ok(saved);
  }
}
