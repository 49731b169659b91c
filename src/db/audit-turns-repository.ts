// Whose turn it is to be audited: areas of published events, the one that has waited longest first. SQL and row shapes only.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const placeShape = z.discriminatedUnion("section", [
  z.object({ section: z.literal("reservations"), afterId: z.guid() }),
  z.object({ section: z.literal("units"), afterPosition: z.int() }),
]);

/** Where an audit goes on. */
export type AuditPlace = z.infer<typeof placeShape>;

const turnRow = z
  .object({
    id: z.guid(),
    profile_id: z.guid(),
    // One that another version wrote begins anew.
    audit_place: placeShape.nullable().catch(null),
  })
  .transform((row) => ({
    areaId: row.id,
    profileId: row.profile_id,
    place: row.audit_place,
  }));

export type AreaInTurn = z.infer<typeof turnRow>;

/** In the system's scope. A new area has waited since it was made. */
export async function findAreasInTurn(system: DatabaseScope, limit: number): Promise<AreaInTurn[]> {
  const rows = await system.query(
    `SELECT areas.id, areas.profile_id, areas.audit_place
     FROM areas JOIN clusters ON clusters.id = areas.cluster_id
     WHERE clusters.status = 'published' AND clusters.is_active AND areas.is_active
     ORDER BY coalesce(areas.audited_at, areas.created_at), areas.id LIMIT $1`,
    [limit],
  );
  return z.array(turnRow).parse(rows);
}

export async function markAuditBegun(tenant: DatabaseScope, areaId: string): Promise<void> {
  await tenant.query("UPDATE areas SET audited_at = now() WHERE id = $1", [areaId]);
}

export async function markAudited(
  tenant: DatabaseScope,
  areaId: string,
  next: AuditPlace | null,
): Promise<void> {
  await tenant.query("UPDATE areas SET audit_place = $2::jsonb WHERE id = $1", [
    areaId,
    next === null ? null : JSON.stringify(next),
  ]);
}
