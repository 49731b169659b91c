// Events (`clusters` in Postgres). SQL and row shapes only; who may do what is the services'
// business.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { type Area, areasOfEvent, raiseAreaVersions, readAreas } from "./areas-repository.ts";
import { timeColumn } from "./columns.ts";
import {
  type CreatedPage,
  type PageRequest,
  exactCreatedAt,
  latestPlace,
  pageOf,
} from "./created-page.ts";

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
    createdAt: row.created_at,
  }));

export type Event = z.infer<typeof eventRow>;
export type EventStatus = Event["status"];

const COLUMNS = `id, cluster_name, description, slug_cluster, cluster_type, status, start_date,
  end_date, time_zone, created_at`;

export interface NewEvent {
  eventId: string;
  profileId: string;
  name: string;
  description: string;
  slug: string;
  type: string;
  startsAt: string;
  endsAt: string;
  timeZone: string;
}

/** Throws `UniqueViolation` on `waro_clusters_slug` when the slug is taken. */
export async function insertEvent(tenant: DatabaseScope, event: NewEvent): Promise<Event> {
  const rows = await tenant.query(
    `INSERT INTO clusters (id, profile_id, cluster_name, description, slug_cluster, cluster_type,
       start_date, end_date, time_zone)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${COLUMNS}`,
    [
      event.eventId,
      event.profileId,
      event.name,
      event.description,
      event.slug,
      event.type,
      event.startsAt,
      event.endsAt,
      event.timeZone,
    ],
  );
  return z.tuple([eventRow]).parse(rows)[0];
}

export async function findEvent(scope: DatabaseScope, eventId: string): Promise<Event | null> {
  const rows = await scope.query(`SELECT ${COLUMNS} FROM clusters WHERE id = $1 AND is_active`, [
    eventId,
  ]);
  return z.array(eventRow).parse(rows)[0] ?? null;
}

/** The organizer's events, newest first. */
export async function listEvents(
  tenant: DatabaseScope,
  page: PageRequest,
): Promise<CreatedPage<Event>> {
  const after = page.after ?? latestPlace;
  const rows = await tenant.query(
    `SELECT ${COLUMNS}, ${exactCreatedAt("clusters")} FROM clusters
     WHERE profile_id = (SELECT waro_profile_id()) AND is_active AND (created_at, id) < ($1::timestamptz, $2::uuid)
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after.createdAt, after.id, page.limit + 1],
  );
  return pageOf(rows, page.limit, (row) => eventRow.parse(row));
}

/** What an organizer may change; what is undefined stays as it is. */
export interface EventChanges {
  name: string | undefined;
  description: string | undefined;
  type: string | undefined;
  startsAt: string | undefined;
  endsAt: string | undefined;
  timeZone: string | undefined;
}

/**
 * Null for an unknown event. `changed` is false, and nothing changed, when the event would end
 * before it starts: the database compares, so that two changes at once cannot get past each other.
 */
export async function updateEvent(
  tenant: DatabaseScope,
  eventId: string,
  changes: EventChanges,
): Promise<{ event: Event; changed: boolean } | null> {
  const [updated = [], found = []] = await tenant.transaction([
    {
      text: `
        UPDATE clusters SET cluster_name = coalesce($2, cluster_name),
          description = coalesce($3, description), cluster_type = coalesce($4, cluster_type),
          start_date = coalesce($5::timestamptz, start_date),
          end_date = coalesce($6::timestamptz, end_date), time_zone = coalesce($7, time_zone),
          version = version + 1, updated_at = now()
        WHERE id = $1 AND is_active
          AND coalesce($6::timestamptz, end_date) > coalesce($5::timestamptz, start_date)
        RETURNING id`,
      parameters: [
        eventId,
        changes.name ?? null,
        changes.description ?? null,
        changes.type ?? null,
        changes.startsAt ?? null,
        changes.endsAt ?? null,
        changes.timeZone ?? null,
      ],
    },
    { text: `SELECT ${COLUMNS} FROM clusters WHERE id = $1 AND is_active`, parameters: [eventId] },
  ]);
  const [event] = z.array(eventRow).parse(found);
  return event === undefined ? null : { event, changed: updated.length > 0 };
}

export interface StatusChange {
  eventId: string;
  /** In any other status the event stays as it is. */
  from: readonly EventStatus[];
  to: EventStatus;
}

/**
 * Moves the event and raises the version of its areas in one transaction, so that no version stands
 * for both an open and a closed area. The event and its areas as they are afterwards; null for an
 * unknown event.
 */
export async function changeEventStatus(
  tenant: DatabaseScope,
  { eventId, from, to }: StatusChange,
): Promise<{ event: Event; areas: Area[] } | null> {
  const [, , found = [], areas = []] = await tenant.transaction([
    {
      text: `UPDATE clusters SET status = $2, version = version + 1, updated_at = now()
             WHERE id = $1 AND is_active AND status = ANY($3::text[])`,
      parameters: [eventId, to, from],
    },
    raiseAreaVersions(eventId),
    { text: `SELECT ${COLUMNS} FROM clusters WHERE id = $1 AND is_active`, parameters: [eventId] },
    areasOfEvent(eventId),
  ]);
  const [event] = z.array(eventRow).parse(found);
  return event === undefined ? null : { event, areas: readAreas(areas) };
}
