// One-use codes of promotions. SQL and row shapes only. Which of them are used, the promotion's pool knows.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

const codeRow = z.object({ code: z.string() }).transform(({ code }) => code);

/** How many were stored: none of a promotion that is gone. Throws `UniqueViolation` when one is there already. */
export async function insertCodes(
  tenant: DatabaseScope,
  { promotionId, codes }: { promotionId: string; codes: readonly string[] },
): Promise<number> {
  const rows = await tenant.query(
    `INSERT INTO promotion_codes (profile_id, promotion_id, code)
     SELECT promotions.profile_id, promotions.id, batch.code
     FROM promotions, jsonb_array_elements_text($2::jsonb) AS batch (code)
     WHERE promotions.id = $1 AND promotions.is_active
     RETURNING 1`,
    [promotionId, JSON.stringify(codes)],
  );
  return rows.length;
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
