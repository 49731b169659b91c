// What a sale sets off outside, by the log of what was carried out: tickets on their way to the buyers, money on its way
// back. Reads only.

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { Sale } from "./sale.ts";

const PATIENCE_MILLISECONDS = 120_000;
const PAUSE_MILLISECONDS = 500;

const rowsShape = z.array(z.object({ effect_id: z.string() }));

/** Tickets that were not mailed and refunds nobody carried out, once there are none any more or patience is over. */
export async function undoneEffects(
  { shop }: Sale,
  tell: (undone: number) => void,
): Promise<string[]> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const { rows } = await shop.database.query(
      `SELECT wanted.effect_id FROM (
         SELECT DISTINCT 'deliver-tickets:' || reservation_id AS effect_id FROM reservation_units
         UNION SELECT 'refund-payment:' || id FROM payments WHERE status IN ('refund_due', 'refunded')
       ) AS wanted
       LEFT JOIN effect_log ON effect_log.effect_id = wanted.effect_id
       WHERE completed_at IS NULL`,
    );
    const undone = rowsShape.parse(rows).map(({ effect_id }) => effect_id);
    if (undone.length === 0 || Date.now() > deadline) return undone;
    tell(undone.length);
    await sleep(PAUSE_MILLISECONDS);
  }
}
