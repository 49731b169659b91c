// Events and areas that an organizer takes away for good, and what was sold of them, which forbids it. Rows stay, out of
// everybody's sight; what must be unique of them is made free. SQL only; who may do what is the services' business.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { type Area, lockEventOfArea } from "./areas-repository.ts";
import type { Event } from "./events-repository.ts";

const salesRow = z.object({ sold: z.int(), payments: z.int() });

/** A payer may be charged until so long after the checkout's end. */
const LATE_CHARGE = "interval '1 hour'";

/** Living tickets of these areas of an event, and payments for them whose money may still come or has to go back. */
export async function countSales(
  tenant: DatabaseScope,
  { eventId, areaIds }: { eventId: string; areaIds: readonly string[] },
): Promise<z.infer<typeof salesRow>> {
  const rows = await tenant.query(
    `SELECT
       (SELECT count(*)::integer FROM reservation_units WHERE area_id = ANY ($2::uuid[])
          AND status IN ('confirmed', 'used', 'transferred')) AS sold,
       (SELECT count(*)::integer FROM reservations
          JOIN payments ON payments.reservation_id = reservations.id
          WHERE reservations.cluster_id = $1 AND payments.area_ids && $2::uuid[]
            AND (payments.status IN ('approved', 'refund_due') OR payments.status = 'pending'
              AND (payments.payment_gateway_transaction_id IS NOT NULL
                OR payments.expires_at > now() - ${LATE_CHARGE}))) AS payments`,
    [eventId, areaIds],
  );
  return z.tuple([salesRow]).parse(rows)[0];
}

/**
 * With its stages and promotions. Its slug may be given again, and so may their codes: the rows keep them with an id behind.
 * False when it has another version by now.
 */
export async function deactivateEvent(
  tenant: DatabaseScope,
  { eventId, version }: Pick<Event, "eventId" | "version">,
): Promise<boolean> {
  const isGone =
    "EXISTS (SELECT FROM clusters WHERE id = $1 AND updated_at = now() AND NOT is_active)";
  const areas = "SELECT id FROM areas WHERE cluster_id = $1";
  const [rows = []] = await tenant.transaction([
    {
      text: `
        UPDATE clusters SET is_active = false, slug_cluster = slug_cluster || '~' || id,
          version = version + 1, updated_at = now()
        WHERE id = $1 AND is_active AND version = $2 RETURNING id`,
      parameters: [eventId, version],
    },
    { text: `${endStages} cluster_id = $1 AND ${isGone}`, parameters: [eventId] },
    {
      text: `${endPromotions} (target_cluster_id = $1 OR target_area_id IN (${areas})) AND ${isGone}`,
      parameters: [eventId],
    },
  ]);
  return rows.length > 0;
}

/**
 * With its stages and promotions. Its name may be given again, and so may their codes. False when it has another version by
 * now, or its event is on sale.
 */
export async function deactivateArea(
  tenant: DatabaseScope,
  { areaId, version }: Pick<Area, "areaId" | "version">,
): Promise<boolean> {
  const isGone =
    "EXISTS (SELECT FROM areas WHERE id = $1 AND updated_at = now() AND NOT is_active)";
  const [, rows = []] = await tenant.transaction([
    lockEventOfArea(areaId),
    {
      text: `
        UPDATE areas SET is_active = false, area_name = area_name || ' ~' || areas.id,
          version = areas.version + 1, updated_at = now()
        FROM clusters WHERE clusters.id = areas.cluster_id AND clusters.status <> 'published'
          AND areas.id = $1 AND areas.is_active AND areas.version = $2
        RETURNING areas.id`,
      parameters: [areaId, version],
    },
    { text: `${endStages} target_area_id = $1 AND ${isGone}`, parameters: [areaId] },
    { text: `${endPromotions} target_area_id = $1 AND ${isGone}`, parameters: [areaId] },
  ]);
  return rows.length > 0;
}

const endStages =
  "UPDATE sale_stages SET is_active = false, version = version + 1, updated_at = now() WHERE is_active AND";
const endPromotions = `UPDATE promotions SET is_active = false, promotion_code = promotion_code || '~' || id,
  version = version + 1, updated_at = now() WHERE profile_id = (SELECT waro_profile_id()) AND is_active AND`;
