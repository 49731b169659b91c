// Events (`clusters` in Postgres). SQL and row shapes only; who may do what is the services' business.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import { timeColumn } from "./columns.ts";

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

const COLUMNS = "id, cluster_name, description, slug_cluster, cluster_type, status, start_date, end_date, time_zone, created_at";

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

/** Throws `UniqueViolation` on `waro_clusters_slug` when the organizer has an event with this slug. */
export async function insertEvent(tenant: DatabaseScope, event: NewEvent): Promise<Event> {
  const rows = await tenant.query(
    `INSERT INTO clusters (id, profile_id, cluster_name, description, slug_cluster, cluster_type, start_date, end_date, time_zone)
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
  const rows = await scope.query(`SELECT ${COLUMNS} FROM clusters WHERE id = $1 AND is_active`, [eventId]);
  return z.array(eventRow).parse(rows)[0] ?? null;
}
