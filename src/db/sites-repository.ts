// Which organizer a web site belongs to.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const siteRow = z
  .object({ site: z.string(), profile_id: z.uuid() })
  .transform((row) => ({ site: row.site, profileId: row.profile_id }));

/** A host, with its port where it has one, and its organizer. */
export type Site = z.infer<typeof siteRow>;

/** The first of these hosts that is a site; null when none is. Hosts in lower case. */
export async function findSite(
  system: DatabaseScope,
  hosts: readonly string[],
): Promise<Site | null> {
  const rows = await system.query(
    `SELECT site, profile_id FROM tenant_sites
     WHERE site = ANY ($1::text[]) AND is_active
     ORDER BY array_position($1::text[], site) LIMIT 1`,
    [hosts],
  );
  return z.array(siteRow).parse(rows)[0] ?? null;
}

/** A site of this organizer's: this host if it is one, else their oldest. Null when they have none. */
export async function findSiteOf(
  tenant: DatabaseScope,
  host: string | null,
): Promise<string | null> {
  const rows = await tenant.query(
    `SELECT site, profile_id FROM tenant_sites WHERE is_active
     ORDER BY site IS NOT DISTINCT FROM $1 DESC, created_at, id LIMIT 1`,
    [host],
  );
  return z.array(siteRow).parse(rows)[0]?.site ?? null;
}
