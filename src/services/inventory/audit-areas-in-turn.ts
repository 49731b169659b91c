// Every minute: some areas of published events, those that have waited longest, are compared with their objects. What the
// object only has to tell again is repaired; all else is left for a person and logged, by ids and kinds alone.

import { findArea } from "../../db/areas-repository.ts";
import {
  type AreaInTurn,
  findAreasInTurn,
  markAudited,
  markAuditBegun,
} from "../../db/audit-turns-repository.ts";
import type { Dependencies } from "../dependencies.ts";
import { startAudit } from "./audit/audit.ts";
import { auditSlice } from "./audit/audit-slice.ts";
import { logAudit } from "./audit/log-audit.ts";

const AREAS_MAX = 5;
/** Ten thousand reservations and units of each; a larger area goes on when it has its next turn. */
const PAGES_MAX = 20;

/** One area that fails does not keep the others from their turn, nor itself from waiting for its next one. */
export async function auditAreasInTurn(dependencies: Dependencies): Promise<void> {
  const areas = await findAreasInTurn(dependencies.database.asSystem(), AREAS_MAX);
  for (const area of areas) {
    try {
      await auditInTurn(dependencies, area);
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      console.error("area not audited", { areaId: area.areaId, reason });
    }
  }
}

async function auditInTurn(
  dependencies: Dependencies,
  { areaId, profileId, place }: AreaInTurn,
): Promise<void> {
  const tenant = dependencies.database.asTenant(profileId);
  // First of all: one that never ends must not come first for ever.
  await markAuditBegun(tenant, areaId);
  const area = await findArea(tenant, areaId);
  if (area === null) return;
  const slice = await auditSlice(startAudit(dependencies, area, "projection"), place, PAGES_MAX);
  logAudit(areaId, slice, dependencies.now());
  await markAudited(tenant, areaId, slice.next);
}
