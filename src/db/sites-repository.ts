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
