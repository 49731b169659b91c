// API tokens of organizers' own systems. Of a token only the digest is here.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  earliestPlace,
  exactCreatedAt,
  pageOf,
} from "./created-page.ts";

const LIVING = "revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())";
/** Recorded once an hour at most, so that being used costs no writes. */
const UNRECORDED_FOR_AN_HOUR = "(last_used_at IS NULL OR last_used_at < now() - interval '1 hour')";

const COLUMNS = "id, token_name, scopes, expires_at, last_used_at, created_at";
const tokenRow = z
  .object({
    id: z.uuid(),
    token_name: z.string(),
    scopes: z.array(z.string()),
    expires_at: timeColumn.nullable(),
    last_used_at: timeColumn.nullable(),
    created_at: timeColumn,
  })
  .transform((row) => ({
    tokenId: row.id,
    name: row.token_name,
    scopes: row.scopes,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    createdAt: row.created_at,
  }));

export type ApiToken = z.infer<typeof tokenRow>;

export interface NewApiToken {
  tokenId: string;
  tokenHash: string;
  profileId: string;
  createdBy: string;
  name: string;
  scopes: readonly string[];
  expiresAt: Date | null;
}

/** Null when the organizer has so many of them. */
export async function insertApiToken(
  tenant: DatabaseScope,
  token: NewApiToken,
  countMax: number,
): Promise<ApiToken | null> {
  const [, rows = []] = await tenant.transaction([
    // Many at once count each other.
    {
      text: "SELECT pg_advisory_xact_lock(hashtextextended('api tokens ' || $1, 0))",
      parameters: [token.profileId],
    },
    {
      text: `INSERT INTO api_tokens (id, token_hash, profile_id, created_by, token_name, scopes, expires_at)
             SELECT $1::uuid, $2, $3::uuid, $4::uuid, $5, $6::text[], $7::timestamptz
             WHERE (SELECT count(*) FROM api_tokens WHERE profile_id = $3 AND ${LIVING}) < $8
             RETURNING ${COLUMNS}`,
      parameters: [
        token.tokenId,
        token.tokenHash,
        token.profileId,
        token.createdBy,
        token.name,
        token.scopes,
        token.expiresAt,
        countMax,
      ],
    },
  ]);
  return z.array(tokenRow).parse(rows)[0] ?? null;
}

/** Those that were not revoked, the oldest first; those that are over as well. */
export async function listApiTokens(
  tenant: DatabaseScope,
  page: PageRequest,
): Promise<CreatedPage<ApiToken>> {
  const after = page.after ?? earliestPlace;
  const rows = await tenant.query(
    `SELECT ${COLUMNS}, ${exactCreatedAt("api_tokens")} FROM api_tokens
     WHERE revoked_at IS NULL AND (created_at, id) > ($1::timestamptz, $2::uuid)
     ORDER BY created_at, id LIMIT $3`,
    [after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => tokenRow.parse(row));
}

/** False when there is no such token, or it was revoked. */
export async function revokeApiToken(tenant: DatabaseScope, tokenId: string): Promise<boolean> {
  const rows = await tenant.query(
    "UPDATE api_tokens SET revoked_at = now() WHERE id = $1 AND revoked_at IS NULL RETURNING id",
    [tokenId],
  );
  return rows.length > 0;
}

const usedRow = z
  .object({ id: z.uuid(), profile_id: z.uuid(), scopes: z.array(z.string()) })
  .transform((row) => ({ tokenId: row.id, profileId: row.profile_id, scopes: row.scopes }));

/** The living token with this hash, and that it is used; null when there is none. */
export async function useApiToken(
  system: DatabaseScope,
  tokenHash: string,
): Promise<z.infer<typeof usedRow> | null> {
  const rows = await system.query(
    `WITH recorded AS (
       UPDATE api_tokens SET last_used_at = now()
       WHERE token_hash = $1 AND ${LIVING} AND ${UNRECORDED_FOR_AN_HOUR}
     )
     SELECT id, profile_id, scopes FROM api_tokens WHERE token_hash = $1 AND ${LIVING}`,
    [tokenHash],
  );
  return z.array(usedRow).parse(rows)[0] ?? null;
}
