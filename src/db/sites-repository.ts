// Which organizer a web site belongs to.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

/** The organizer of the first of these hosts that is a site; null when none is. Hosts in lower case. */
export async function findSiteProfile(
  system: DatabaseScope,
  hosts: readonly string[],
): Promise<string | null> {
  const rows = await system.query(
    `SELECT profile_id FROM tenant_sites
     WHERE site = ANY ($1::text[]) AND is_active
     ORDER BY array_position($1::text[], site) LIMIT 1`,
    [hosts],
  );
  return z.array(z.object({ profile_id: z.uuid() })).parse(rows)[0]?.profile_id ?? null;
}
