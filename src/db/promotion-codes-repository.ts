// One-use codes of promotions. SQL and row shapes only. Which of them are used, the promotion's pool knows.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";

const codeRow = z.object({ code: z.string() }).transform(({ code }) => code);

export interface NewCodes {
  promotionId: string;
  codes: readonly string[];
  /** The call that makes them, where it may be repeated. */
  batchId: string | null;
}

/**
 * How many were stored: none of a promotion that is gone, and none when the batch was made before. Throws `UniqueViolation`
 * when one is there already.
 */
export async function insertCodes(
  tenant: DatabaseScope,
  { promotionId, codes, batchId }: NewCodes,
): Promise<number> {
  const insert = {
    text: `
      INSERT INTO promotion_codes (profile_id, promotion_id, code, batch_id)
      SELECT promotions.profile_id, promotions.id, batch.code, $3::uuid
      FROM promotions, jsonb_array_elements_text($2::jsonb) AS batch (code)
      WHERE promotions.id = $1 AND promotions.is_active
        AND NOT EXISTS (SELECT FROM promotion_codes WHERE batch_id = $3)
      RETURNING 1`,
    parameters: [promotionId, JSON.stringify(codes), batchId],
  };
  const results = await tenant.transaction(
    batchId === null ? [insert] : [lockBatch(batchId), insert],
  );
  return results.at(-1)?.length ?? 0;
}

/** Lets one transaction at a time find that the batch was not made yet. */
function lockBatch(batchId: string): Statement {
  return {
    text: "SELECT pg_advisory_xact_lock(hashtextextended('promotion_codes ' || $1, 0))",
    parameters: [batchId],
  };
}

/** In no order; none when no such call made any. */
export async function findBatch(tenant: DatabaseScope, batchId: string): Promise<string[]> {
  const rows = await tenant.query("SELECT code FROM promotion_codes WHERE batch_id = $1", [
    batchId,
  ]);
  return z.array(codeRow).parse(rows);
}

/** In alphabetical order, after a code ("" from the start). */
export async function findCodes(
  tenant: DatabaseScope,
  promotionId: string,
  page: { afterCode: string; limit: number },
): Promise<string[]> {
  const rows = await tenant.query(
    `SELECT code FROM promotion_codes WHERE promotion_id = $1 AND code > $2
     ORDER BY code LIMIT $3`,
    [promotionId, page.afterCode, page.limit],
  );
  return z.array(codeRow).parse(rows);
}
