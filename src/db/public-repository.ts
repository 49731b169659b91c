// What anybody may read of an organizer's site. Row-level security leaves only published events.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { centsColumn, timeColumn } from "./columns.ts";

const publicEventRow = z
  .object({
    id: z.uuid(),
    cluster_name: z.string(),
    description: z.string(),
    slug_cluster: z.string(),
    cluster_type: z.string(),
    start_date: timeColumn,
    exact_start_date: z.string(),
    end_date: timeColumn,
    time_zone: z.string(),
    sales_start_at: timeColumn.nullable(),
    sales_end_at: timeColumn,
    price_min: centsColumn.nullable(),
    price_max: centsColumn.nullable(),
  })
  .transform((row) => ({
    eventId: row.id,
    name: row.cluster_name,
    description: row.description,
    slug: row.slug_cluster,
    type: row.cluster_type,
    startsAt: row.start_date,
    /** With microseconds: a Date would lose them, and a page its place. */
    exactStartsAt: row.exact_start_date,
    endsAt: row.end_date,
    timeZone: row.time_zone,
    /** Null: since it is published. */
    salesStartAt: row.sales_start_at,
    /** With its end at the latest. */
    salesEndAt: row.sales_end_at,
    priceMinInCents: row.price_min,
    priceMaxInCents: row.price_max,
  }));

export type PublicEvent = z.infer<typeof publicEventRow>;

const EVENTS = `
  SELECT clusters.id, cluster_name, description, slug_cluster, cluster_type, start_date, end_date, time_zone,
    to_char(start_date AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS exact_start_date,
    sales_start_at, least(sales_end_at, end_date) AS sales_end_at, prices.price_min, prices.price_max
  FROM clusters
  CROSS JOIN LATERAL (
    SELECT min(price + service) AS price_min, max(price + service) AS price_max
    FROM areas WHERE areas.cluster_id = clusters.id AND capacity > 0
  ) AS prices`;

// Row-level security says the same of the organizer, but only what a statement says itself can use an index.

/** Events that are not over, soonest first, after the given place. */
export async function listPublicEvents(
  scope: DatabaseScope,
  page: { after: { startsAt: string; eventId: string } | null; limit: number; now: Date },
): Promise<PublicEvent[]> {
  const rows = await scope.query(
    `${EVENTS}
     WHERE profile_id = (SELECT waro_profile_id()) AND status = 'published' AND is_active AND NOT shadowban
       AND end_date > $1
       AND ($2::timestamptz IS NULL OR (start_date, clusters.id) > ($2::timestamptz, $3::uuid))
     ORDER BY start_date, clusters.id LIMIT $4`,
    [page.now.toISOString(), page.after?.startsAt ?? null, page.after?.eventId ?? null, page.limit],
  );
  return z.array(publicEventRow).parse(rows);
}

export async function findPublicEvent(
  scope: DatabaseScope,
  slug: string,
): Promise<PublicEvent | null> {
  const rows = await scope.query(
    `${EVENTS} WHERE profile_id = (SELECT waro_profile_id()) AND slug_cluster = $1`,
    [slug],
  );
  return z.array(publicEventRow).parse(rows)[0] ?? null;
}

const publicAreaRow = z
  .object({
    id: z.uuid(),
    area_name: z.string(),
    description: z.string(),
    capacity: z.int(),
    price: centsColumn,
    service: centsColumn,
    currency: z.string(),
    unit_capacity: z.int(),
  })
  .transform((row) => ({
    areaId: row.id,
    name: row.area_name,
    description: row.description,
    capacity: row.capacity,
    priceInCents: row.price,
    serviceInCents: row.service,
    currency: row.currency,
    unitCapacity: row.unit_capacity,
  }));

export type PublicArea = z.infer<typeof publicAreaRow>;

export async function listPublicAreas(
  scope: DatabaseScope,
  eventId: string,
): Promise<PublicArea[]> {
  const rows = await scope.query(
    `SELECT id, area_name, description, capacity, price, service, currency, unit_capacity
     FROM areas WHERE cluster_id = $1 ORDER BY price DESC, area_name`,
    [eventId],
  );
  return z.array(publicAreaRow).parse(rows);
}

/** Whether the published event with this slug has this area. */
export async function hasPublicArea(
  scope: DatabaseScope,
  place: { slug: string; areaId: string },
): Promise<boolean> {
  const rows = await scope.query(
    "SELECT FROM areas JOIN clusters ON clusters.id = areas.cluster_id WHERE areas.id = $1 AND slug_cluster = $2",
    [place.areaId, place.slug],
  );
  return rows.length > 0;
}
