// Events (`clusters` in Postgres). SQL and row shapes only; who may do what is the services'
// business.

import * as z from "zod";
import type { DatabaseScope, Row } from "../ports/database.ts";
import {
  type Area,
  areasOfEvent,
  raiseAreaVersions,
  raiseAreaVersionsForStatus,
  readAreas,
} from "./areas-repository.ts";
import { timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  exactCreatedAt,
  latestPlace,
  pageOf,
} from "./created-page.ts";
import { isSlugFree, keepFormerSlug, lockSlugs } from "./event-slugs-repository.ts";

const eventRow = z
  .object({
    id: z.uuid(),
    cluster_name: z.string(),
    description: z.string(),
    slug_cluster: z.string(),
    cluster_type: z.string(),
    status: z.enum(["draft", "published", "cancelled", "postponed", "finished"]),
    start_date: timeColumn,
    end_date: timeColumn,
    time_zone: z.string(),
    sales_start_at: timeColumn.nullable(),
    sales_end_at: timeColumn.nullable(),
    pulep_code: z.string().nullable(),
    city: z.string().nullable(),
    venue_name: z.string().nullable(),
    venue_address: z.string().nullable(),
    version: z.int(),
    created_at: timeColumn,
  })
  .transform((row) => ({
    eventId: row.id,
    name: row.cluster_name,
    description: row.description,
    slug: row.slug_cluster,
    type: row.cluster_type,
    status: row.status,
    startsAt: row.start_date,
    endsAt: row.end_date,
    timeZone: row.time_zone,
    /** Null: as soon as it is published. */
    salesStartAt: row.sales_start_at,
    /** Null: when it ends. */
    salesEndAt: row.sales_end_at,
    /** Null: that of the organizer's legal information. */
    pulepCode: row.pulep_code,
    city: row.city,
    venueName: row.venue_name,
    venueAddress: row.venue_address,
    version: row.version,
    createdAt: row.created_at,
  }));

export type Event = z.infer<typeof eventRow>;
export type EventStatus = Event["status"];

export const eventColumns = `id, cluster_name, description, slug_cluster, cluster_type, status, start_date,
  end_date, time_zone, sales_start_at, sales_end_at, pulep_code, city, venue_name, venue_address, version, created_at`;

export type NewEvent = Omit<Event, "status" | "version" | "createdAt">;

/** Null when another event has or had the slug. */
export async function insertEvent(tenant: DatabaseScope, event: NewEvent): Promise<Event | null> {
  const [, rows = []] = await tenant.transaction([
    lockSlugs,
    {
      text: `
        INSERT INTO clusters (id, profile_id, slug_cluster, cluster_name, description, cluster_type,
          start_date, end_date, time_zone, sales_start_at, sales_end_at, pulep_code, city, venue_name,
          venue_address)
        SELECT $1, waro_profile_id(), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14
        WHERE ${isSlugFree("$1", "$2")}
        RETURNING ${eventColumns}`,
      parameters: contentOf(event),
    },
  ]);
  return readEvents(rows)[0] ?? null;
}

function contentOf(event: NewEvent): readonly unknown[] {
  return [
    event.eventId,
    event.slug,
    event.name,
    event.description,
    event.type,
    event.startsAt.toISOString(),
    event.endsAt.toISOString(),
    event.timeZone,
    event.salesStartAt?.toISOString() ?? null,
    event.salesEndAt?.toISOString() ?? null,
    event.pulepCode,
    event.city,
    event.venueName,
    event.venueAddress,
  ];
}

/** The events in rows with the columns of `eventColumns`. */
export function readEvents(rows: readonly Row[]): Event[] {
  return z.array(eventRow).parse(rows);
}

export async function findEvent(scope: DatabaseScope, eventId: string): Promise<Event | null> {
  const rows = await scope.query(
    `SELECT ${eventColumns} FROM clusters WHERE id = $1 AND is_active`,
    [eventId],
  );
  return readEvents(rows)[0] ?? null;
}

/** The organizer's events, newest first. */
export async function listEvents(
  tenant: DatabaseScope,
  page: PageRequest,
): Promise<CreatedPage<Event>> {
  const after = page.after ?? latestPlace;
  const rows = await tenant.query(
    `SELECT ${eventColumns}, ${exactCreatedAt("clusters")} FROM clusters
     WHERE profile_id = (SELECT waro_profile_id()) AND is_active AND (created_at, id) < ($1::timestamptz, $2::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => eventRow.parse(row));
}

export interface SavedEvent {
  event: Event;
  areas: Area[];
}

/**
 * Saves the event with its changes, and raises the version of its areas where their inventories must hear of it. Lacks its
 * `version` when the event is gone, or has another version than this one by now.
 */
export async function updateEvent(
  tenant: DatabaseScope,
  event: Event,
  { formerSlug, concernsAreas }: { formerSlug: string; concernsAreas: boolean },
): Promise<SavedEvent | { lacks: "slug" | "version" }> {
  const { eventId, slug, version } = event;
  const [, rows = [], , , areas = []] = await tenant.transaction([
    lockSlugs,
    {
      text: `
        UPDATE clusters SET slug_cluster = $2, cluster_name = $3, description = $4, cluster_type = $5,
          start_date = $6, end_date = $7, time_zone = $8, sales_start_at = $9, sales_end_at = $10,
          pulep_code = $11, city = $12, venue_name = $13, venue_address = $14,
          version = version + 1, updated_at = now()
        WHERE id = $1 AND is_active AND version = $15 AND ${isSlugFree("$1", "$2")}
        RETURNING ${eventColumns}`,
      parameters: [...contentOf(event), version],
    },
    keepFormerSlug(eventId, formerSlug),
    raiseAreaVersions(eventId, concernsAreas),
    areasOfEvent(eventId),
  ]);
  const [saved] = readEvents(rows);
  if (saved !== undefined) return { event: saved, areas: readAreas(areas) };
  const [known] = await tenant.query(
    `SELECT ${isSlugFree("$1", "$2")} AS is_free FROM clusters WHERE id = $1 AND version = $3`,
    [eventId, slug, version],
  );
  return { lacks: known?.["is_free"] === false ? "slug" : "version" };
}

/**
 * Moves the event and raises the version of its areas in one transaction, so that no version stands for both an open and a
 * closed area, and the areas are untold of it until their inventories have acknowledged it. A published event is bound to its organizer's legal information of that moment; one that is cancelled stays in
 * sight if it was. Null when the event is gone, or has another version than this one by now.
 */
export async function changeEventStatus(
  tenant: DatabaseScope,
  { eventId, version }: Pick<Event, "eventId" | "version">,
  to: { status: EventStatus; legalInfoId?: string | null },
): Promise<SavedEvent | null> {
  const [rows = [], , areas = []] = await tenant.transaction([
    {
      text: `UPDATE clusters SET status = $2, legal_info_id = coalesce($4, legal_info_id),
               cancelled_in_public = CASE status WHEN 'cancelled' THEN cancelled_in_public
                 ELSE $2 = 'cancelled' AND status <> 'draft' END,
               version = version + 1, updated_at = now()
             WHERE id = $1 AND is_active AND version = $3 RETURNING ${eventColumns}`,
      parameters: [eventId, to.status, version, to.legalInfoId ?? null],
    },
    raiseAreaVersionsForStatus(eventId),
    areasOfEvent(eventId),
  ]);
  const [event] = readEvents(rows);
  return event === undefined ? null : { event, areas: readAreas(areas) };
}
