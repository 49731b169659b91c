// An organizer has an area's object compared with Postgres, and repaired where that is safe.

import type { AuditPlace } from "../../db/audit-turns-repository.ts";
import { findArea } from "../../db/areas-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { startAudit } from "./audit/audit.ts";
import { type AuditSlice, auditSlice } from "./audit/audit-slice.ts";

/** Some fifty thousand reservations and units; a larger area takes several requests. */
const PAGES_MAX = 100;

export interface AuditAreaInput {
  areaId: string;
  isRepairing: boolean;
  /** Where the answer before this one stopped; null at the beginning. */
  from: AuditPlace | null;
}

export async function auditArea(
  dependencies: Dependencies,
  actor: Actor,
  { areaId, isRepairing, from }: AuditAreaInput,
): Promise<Result<AuditSlice, { code: "area_not_found" }>> {
  const { profileId } = actor.authorize("inventory.audit");
  const area = await findArea(dependencies.database.asTenant(profileId), areaId);
  if (area === null) return refused({ code: "area_not_found" });
  const audit = startAudit(dependencies, area, isRepairing ? "all" : "none");
  return ok(await auditSlice(audit, from, PAGES_MAX));
}
