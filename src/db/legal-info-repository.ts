// What the law wants to know of an organizer. SQL and row shapes only. Other applications write this table too, so any part
// may be missing, and of several rows the oldest counts.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const legalInfoRow = z
  .object({
    id: z.guid(),
    nit: z.string().nullable(),
    legal_name: z.string().nullable(),
    puleb_code: z.string().nullable(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
    version: z.int(),
  })
  .transform((row) => ({
    legalInfoId: row.id,
    /** With its check digit behind a dash. */
    nit: row.nit,
    legalName: row.legal_name,
    pulepCode: row.puleb_code,
    address: row.address,
    city: row.city,
    /** ISO 3166, two letters. */
    country: row.country,
    version: row.version,
  }));

export type LegalInfo = z.infer<typeof legalInfoRow>;

const COLUMNS = "id, nit, legal_name, puleb_code, address, city, country, version";

const OLDEST = `SELECT id FROM legal_info WHERE profile_id = (SELECT waro_profile_id())
  ORDER BY created_at, id LIMIT 1`;

export async function findLegalInfo(tenant: DatabaseScope): Promise<LegalInfo | null> {
  const rows = await tenant.query(`SELECT ${COLUMNS} FROM legal_info WHERE id = (${OLDEST})`, []);
  return z.array(legalInfoRow).parse(rows)[0] ?? null;
}

export type LegalInfoContent = Omit<LegalInfo, "legalInfoId" | "version">;

/** Replaces all of it, or is the first. Null when it has another version than `version` by now; 0 stands for none yet. */
export async function saveLegalInfo(
  tenant: DatabaseScope,
  content: LegalInfoContent,
  version: number,
): Promise<LegalInfo | null> {
  const { nit, legalName, pulepCode, address, city, country } = content;
  const [, rows = []] = await tenant.transaction([
    {
      text: "SELECT pg_advisory_xact_lock(hashtextextended('legal info ' || waro_profile_id(), 0))",
      parameters: [],
    },
    {
      text: `
        WITH changed AS (
          UPDATE legal_info SET nit = $1, legal_name = $2, puleb_code = $3, address = $4, city = $5,
            country = $6, version = version + 1, updated_at = now()
          WHERE id = (${OLDEST}) AND version = $7 RETURNING ${COLUMNS}
        ), added AS (
          INSERT INTO legal_info (profile_id, nit, legal_name, puleb_code, address, city, country)
          SELECT waro_profile_id(), $1, $2, $3, $4, $5, $6
          WHERE $7 = 0 AND NOT EXISTS (${OLDEST}) RETURNING ${COLUMNS}
        )
        SELECT * FROM changed UNION ALL SELECT * FROM added`,
      parameters: [nit, legalName, pulepCode, address, city, country, version],
    },
  ]);
  return z.array(legalInfoRow).parse(rows)[0] ?? null;
}

/** Whether an event of one of these types is on sale under the organizer's own PULEP code. */
export async function isPulepCodeInUse(
  tenant: DatabaseScope,
  types: readonly string[],
): Promise<boolean> {
  const rows = await tenant.query(
    `SELECT FROM clusters WHERE profile_id = (SELECT waro_profile_id()) AND status = 'published'
       AND is_active AND end_date > now() AND pulep_code IS NULL AND cluster_type = ANY ($1::text[]) LIMIT 1`,
    [types],
  );
  return rows.length > 0;
}
