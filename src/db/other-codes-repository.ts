// Codes that buyers may bring to an area where they do not apply, so that they can be told why. Reads only.

import * as z from "zod";
import type { Row, Statement } from "../ports/database.ts";
import { LIVING } from "./promotions-repository.ts";

const otherCodeRow = z
  .object({
    promotion_code: z.string().nullable(),
    code_prefix: z.string().nullable(),
    is_over: z.boolean(),
  })
  .transform((row) => ({
    code: row.promotion_code,
    codePrefix: row.code_prefix,
    isOver: row.is_over,
  }));

export type OtherCode = z.infer<typeof otherCodeRow>;

/** The codes in rows of `otherCodesOfArea`. */
export function readOtherCodes(rows: readonly Row[]): OtherCode[] {
  return z.array(otherCodeRow).parse(rows);
}

/** Every area's object keeps them in memory. */
const OTHER_CODES_MAX = 100;

/** Codes that buyers may come with and that do not apply in an area: over for not long, or of other areas of its event. */
export function otherCodesOfArea(area: { areaId: string; eventId: string }): Statement {
  return {
    text: `
      SELECT upper(promotion_code) AS promotion_code, code_prefix,
        coalesce(end_date <= now(), false) AS is_over
      FROM promotions
      WHERE ${LIVING} AND coalesce(promotion_code, code_prefix) IS NOT NULL
        AND CASE WHEN end_date <= now() THEN end_date > now() - interval '30 days'
          AND (applies_to = 'area' AND target_area_id = $2
            OR applies_to = 'cluster' AND coalesce(target_cluster_id, $1) = $1)
        ELSE applies_to = 'area' AND target_area_id IN (
          SELECT id FROM areas WHERE cluster_id = $1 AND id <> $2) END
      ORDER BY created_at DESC, id LIMIT ${OTHER_CODES_MAX}`,
    parameters: [area.eventId, area.areaId],
  };
}
