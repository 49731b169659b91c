// What anybody may read of an organizer's site. Row-level security leaves only events that are or
// were on sale: published, postponed, and those that were called off as such.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { imageTypes } from "../shared/images/files.ts";
import { centsColumn, timeColumn } from "./columns.ts";

const publicEventRow = z
  .object({
    id: z.uuid(),
    cluster_name: z.string(),
    description: z.string(),
    slug_cluster: z.string(),
    cluster_type: z.string(),
    status: z.enum(["published", "postponed", "cancelled"]),
    start_date: timeColumn,
    exact_start_date: z.string(),
    end_date: timeColumn,
    time_zone: z.string(),
    sales_start_at: timeColumn.nullable(),
    sales_end_at: timeColumn,
    city: z.string().nullable(),
    venue_name: z.string().nullable(),
    venue_address: z.string().nullable(),
    cover_id: z.uuid().nullable(),
    cover_type: z.string().nullable(),
    price_min: centsColumn.nullable(),
    price_max: centsColumn.nullable(),
  })
  .transform((row) => ({
    eventId: row.id,
    name: row.cluster_name,
    description: row.description,
    slug: row.slug_cluster,
    type: row.cluster_type,
    status: row.status,
    startsAt: row.start_date,
    /** With microseconds: a Date would lose them, and a page its place. */
    exactStartsAt: row.exact_start_date,
    endsAt: row.end_date,
    timeZone: row.time_zone,
    /** Null: since it is published. */
    salesStartAt: row.sales_start_at,
    /** With its end at the latest. */
    salesEndAt: row.sales_end_at,
    city: row.city,
    venueName: row.venue_name,
    venueAddress: row.venue_address,
    cover:
      row.cover_id === null || row.cover_type === null
        ? null
        : { imageId: row.cover_id, contentType: row.cover_type },
    priceMinInCents: row.price_min,
    priceMaxInCents: row.price_max,
  }));

export type PublicEvent = z.infer<typeof publicEventRow>;

const EVENTS = `
  SELECT clusters.id, cluster_name, description, slug_cluster, cluster_type, status, start_date, end_date, time_zone,
    to_char(start_date AT TIME ZONE 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS exact_start_date,
    sales_start_at, least(sales_end_at, end_date) AS sales_end_at, city, venue_name, venue_address,
    cover.id AS cover_id, cover.content_type AS cover_type, prices.price_min, prices.price_max
  FROM clusters
  CROSS JOIN LATERAL (
    SELECT min(price + service) AS price_min, max(price + service) AS price_max
    FROM areas WHERE areas.cluster_id = clusters.id AND capacity > 0
  ) AS prices
  LEFT JOIN LATERAL (
    SELECT images.id, images.content_type FROM cluster_images AS used JOIN images ON images.id = used.image_id
    WHERE used.cluster_id = clusters.id AND used.type_image = 'cover' AND used.removed_at IS NULL
    LIMIT 1
  ) AS cover ON true`;

// Row-level security says the same of the organizer, but only what a statement says itself can use an index.

/** What is not null or empty narrows the listing. */
export interface PublicEventFilter {
  /** All of these must be in the event's name, venue or city, whatever their accents and capitals. */
  words: readonly string[];
  type: string | null;
  city: string | null;
  /** Days such as `2031-03-19` where the event is; it takes place on one of them. */
  firstDay: string | null;
  lastDay: string | null;
}

/** Events that are neither over nor cancelled, soonest first, after the given place. */
export async function listPublicEvents(
  scope: DatabaseScope,
  filter: PublicEventFilter,
  page: { after: { startsAt: string; eventId: string } | null; limit: number; now: Date },
): Promise<PublicEvent[]> {
  const rows = await scope.query(
    `${EVENTS}
     WHERE profile_id = (SELECT waro_profile_id()) AND status IN ('published', 'postponed') AND is_active AND NOT shadowban
       AND end_date > $1
       AND ($2::timestamptz IS NULL OR (start_date, clusters.id) > ($2::timestamptz, $3::uuid))
       AND ($5::text IS NULL OR cluster_type = $5)
       AND ($6::text IS NULL OR waro_plain_text(city) = waro_plain_text($6))
       AND ($7::date IS NULL OR end_date > $7::date::timestamp AT TIME ZONE time_zone)
       AND ($8::date IS NULL OR start_date < ($8::date + 1)::timestamp AT TIME ZONE time_zone)
       AND ($9::text[] = '{}' OR NOT EXISTS (
         SELECT FROM unnest($9::text[]) AS word
         WHERE strpos(waro_plain_text(concat_ws(' ', cluster_name, venue_name, city)), waro_plain_text(word)) = 0))
     ORDER BY start_date, clusters.id LIMIT $4`,
    [
      page.now.toISOString(),
      page.after?.startsAt ?? null,
      page.after?.eventId ?? null,
      page.limit,
      filter.type,
      filter.city,
      filter.firstDay,
      filter.lastDay,
      filter.words,
    ],
  );
  return z.array(publicEventRow).parse(rows);
}

const BY_SLUG = "WHERE clusters.profile_id = (SELECT waro_profile_id()) AND slug_cluster = $1";

export async function findPublicEvent(
  scope: DatabaseScope,
  slug: string,
): Promise<PublicEvent | null> {
  const rows = await scope.query(`${EVENTS} ${BY_SLUG}`, [slug]);
  return z.array(publicEventRow).parse(rows)[0] ?? null;
}

const organizerRow = z
  .object({
    profile_name: z.string(),
    legal_info_id: z.guid().nullable(),
    nit: z.string().nullable(),
    legal_name: z.string().nullable(),
    pulep_code: z.string().nullable(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    country: z.string().nullable(),
  })
  .transform((row) => ({
    name: row.profile_name,
    legalInfo:
      row.legal_info_id === null
        ? null
        : {
            nit: row.nit,
            legalName: row.legal_name,
            pulepCode: row.pulep_code,
            address: row.address,
            city: row.city,
            country: row.country,
          },
  }));

/** Who sells an event, and what the law wants to be known of them and of it. */
export type PublicOrganizer = z.infer<typeof organizerRow>;

/** The legal information the event was published under; of an older event the organizer's oldest. */
const ORGANIZER = `
  SELECT profile_name, legal_info.id AS legal_info_id, nit, legal_name,
    coalesce(clusters.pulep_code, puleb_code) AS pulep_code, address, legal_info.city, country
  FROM clusters JOIN profiles ON profiles.id = clusters.profile_id
  LEFT JOIN legal_info ON legal_info.profile_id = profiles.id`;
const LEGAL_INFO_ORDER =
  "ORDER BY legal_info.id IS NOT DISTINCT FROM clusters.legal_info_id DESC, legal_info.created_at, legal_info.id LIMIT 1";

const publicImageRow = z
  .object({
    id: z.uuid(),
    type_image: z.enum(imageTypes),
    alt_text: z.string(),
    content_type: z.string(),
    width_pixels: z.int(),
    height_pixels: z.int(),
  })
  .transform((row) => ({
    imageId: row.id,
    type: row.type_image,
    altText: row.alt_text,
    contentType: row.content_type,
    width: row.width_pixels,
    height: row.height_pixels,
  }));

export type PublicImage = z.infer<typeof publicImageRow>;

/** Cover, banner, map, then the gallery in its order. */
const IMAGES = `
  SELECT images.id, used.type_image, used.alt_text, images.content_type, images.width_pixels, images.height_pixels
  FROM cluster_images AS used
  JOIN images ON images.id = used.image_id AND images.content_type IS NOT NULL AND images.width_pixels IS NOT NULL
  WHERE used.cluster_id = (SELECT id FROM clusters ${BY_SLUG}) AND used.removed_at IS NULL
  ORDER BY array_position(ARRAY['cover', 'banner', 'map', 'gallery'], used.type_image), used.position`;

/** What an event's page shows and Postgres knows. */
export interface PublicPage {
  event: PublicEvent;
  organizer: PublicOrganizer;
  images: PublicImage[];
  areas: PublicArea[];
}

/** Null for an unknown slug. */
export async function findPublicPage(
  scope: DatabaseScope,
  slug: string,
): Promise<PublicPage | null> {
  const bySlug = (text: string) => ({ text, parameters: [slug] });
  const [events = [], organizers = [], images = [], areas = []] = await scope.transaction([
    bySlug(`${EVENTS} ${BY_SLUG}`),
    bySlug(`${ORGANIZER} WHERE slug_cluster = $1 ${LEGAL_INFO_ORDER}`),
    bySlug(IMAGES),
    bySlug(`${AREAS} WHERE cluster_id = (SELECT id FROM clusters ${BY_SLUG}) ${DEAREST_FIRST}`),
  ]);
  const [event] = z.array(publicEventRow).parse(events);
  const [organizer] = z.array(organizerRow).parse(organizers);
  if (event === undefined || organizer === undefined) return null;
  return {
    event,
    organizer,
    images: z.array(publicImageRow).parse(images),
    areas: z.array(publicAreaRow).parse(areas),
  };
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

const AREAS = `SELECT id, area_name, description, capacity, price, service, currency, unit_capacity FROM areas`;
const DEAREST_FIRST = "ORDER BY price DESC, area_name";

export async function listPublicAreas(
  scope: DatabaseScope,
  eventId: string,
): Promise<PublicArea[]> {
  const rows = await scope.query(`${AREAS} WHERE cluster_id = $1 ${DEAREST_FIRST}`, [eventId]);
  return z.array(publicAreaRow).parse(rows);
}

/** Whether the event with this slug, if anybody may see it, has this area. */
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
