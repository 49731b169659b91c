// Copies an event with all that belongs to it, in one transaction and a statement a table, however many units it has. SQL
// only. A copied row has every column of its original, whoever added it, but for those that are named here.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";
import { isSlugFree, lockSlugs } from "./event-slugs-repository.ts";
import { type Event, eventColumns, readEvents } from "./events-repository.ts";
import { copyImages } from "./images-repository.ts";
import { lockPromotions } from "./promotions-repository.ts";

export interface EventCopy {
  originalId: string;
  /** Of the copy. */
  eventId: string;
  name: string;
  slug: string;
  startsAt: Date;
  endsAt: Date;
  /** All other times move by so much. */
  shiftMs: number;
  /** Each area of the original, and the id its copy gets, in their order. */
  areas: readonly { from: string; to: string }[];
  /** Goes in front of codes: each code of an organizer means one promotion. In capitals, with a dash at its end. */
  codeFront: string;
  requestHash: string;
}

/**
 * The copy, a draft of which nothing was sold: its units are free, but for those that were blocked. Null when the slug or
 * the front of the codes is taken, or the original is gone. Throws `UniqueViolation` when the copy is there already.
 */
export async function insertEventCopy(
  tenant: DatabaseScope,
  copy: EventCopy,
): Promise<Event | null> {
  const [, , , rows = []] = await tenant.transaction([
    lockSlugs,
    lockPromotions,
    // No units or stages come to it meanwhile; sales, which refer to it, are not kept waiting.
    { text: "SELECT FROM clusters WHERE id = $1 FOR NO KEY UPDATE", parameters: [copy.originalId] },
    copyEvent(copy),
    copyAreas(copy),
    copyUnits(copy),
    copyStages(copy),
    copyPromotions(copy),
    copyImages(copy.originalId, copy.eventId),
  ]);
  return readEvents(rows)[0] ?? null;
}

function copyEvent(copy: EventCopy): Statement {
  return {
    text: `
      INSERT INTO clusters SELECT copy.* FROM clusters AS original
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', $2::uuid,
        'cluster_name', $3::text, 'slug_cluster', $4::text,
        'start_date', $5::timestamptz, 'end_date', $6::timestamptz,
        'sales_start_at', original.sales_start_at + $7::interval,
        'sales_end_at', original.sales_end_at + $7::interval, 'request_hash', $8::text,
        'status', 'draft', 'cancelled_in_public', false, 'version', 1, 'created_at', now(), 'updated_at', now(),
        -- A show's code is that show's alone.
        'pulep_code', null, 'legal_info_id', null, 'shadowban_told', false)) AS copy
      WHERE original.id = $1 AND original.is_active AND ${isSlugFree("$2", "$4")}
        AND ${isFrontFree("$9")}
      RETURNING ${eventColumns}`,
    parameters: [
      copy.originalId,
      copy.eventId,
      copy.name,
      copy.slug,
      copy.startsAt.toISOString(),
      copy.endsAt.toISOString(),
      intervalOf(copy),
      copy.requestHash,
      copy.codeFront,
    ],
  };
}

/** No code or prefix begins with it, nor does it begin with a prefix. */
function isFrontFree(front: string): string {
  return `NOT EXISTS (SELECT FROM promotions AS other WHERE other.profile_id = (SELECT waro_profile_id())
    AND (starts_with(upper(other.promotion_code), ${front}) OR starts_with(other.code_prefix, ${front})
      OR starts_with(${front}, other.code_prefix)))`;
}

/** Each area and its copy. */
const PAIRS = `jsonb_to_recordset($1::jsonb) AS pair (original_id uuid, copy_id uuid, place integer)`;

/** What was made later stays later. */
function createdAt(place: string): string {
  return `now() + ${place} * interval '1 microsecond'`;
}

/** The rows that are copied, with their place in the order in which they were made. */
function inOrder(table: string, condition: string): string {
  return `(SELECT id, row_number() OVER (ORDER BY created_at, id) AS place FROM ${table}
    WHERE ${condition} AND is_active) AS made JOIN ${table} AS original ON original.id = made.id`;
}

/** A copy that was not made, because its slug is taken, gets nothing. */
const IS_MADE = "EXISTS (SELECT FROM clusters WHERE clusters.id = $2)";

function copyAreas(copy: EventCopy): Statement {
  return {
    text: `
      INSERT INTO areas SELECT copy.* FROM ${PAIRS}
      JOIN areas AS original ON original.id = pair.original_id
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', pair.copy_id,
        'cluster_id', $2::uuid, 'version', 1, 'updated_at', now(),
        'created_at', ${createdAt("pair.place")},
        'audited_at', null, 'audit_place', null, 'untold_version', null)) AS copy
      WHERE original.cluster_id = $3 AND original.is_active AND ${IS_MADE}`,
    parameters: [pairsOf(copy), copy.eventId, copy.originalId],
  };
}

function copyUnits(copy: EventCopy): Statement {
  return {
    text: `
      INSERT INTO units SELECT copy.* FROM ${PAIRS}
      JOIN areas ON areas.id = pair.copy_id AND areas.cluster_id = $2
      JOIN units AS original ON original.area_id = pair.original_id
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object(
        'id', gen_random_uuid(), 'area_id', pair.copy_id, 'inventory_version', 0,
        'status', CASE original.status WHEN 'blocked' THEN 'blocked' ELSE 'available' END)) AS copy`,
    parameters: [pairsOf(copy), copy.eventId],
  };
}

function copyStages(copy: EventCopy): Statement {
  return {
    text: `
      INSERT INTO sale_stages SELECT copy.* FROM ${inOrder("sale_stages", "cluster_id = $3")}
      LEFT JOIN ${PAIRS} ON pair.original_id = original.target_area_id
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', gen_random_uuid(),
        'cluster_id', $2::uuid, 'target_area_id', pair.copy_id,
        'start_time', original.start_time + $4::interval,
        'end_time', original.end_time + $4::interval, 'version', 1, 'updated_at', now(),
        'created_at', ${createdAt("made.place")})) AS copy
      WHERE ${IS_MADE}
        AND (original.target_area_id IS NULL OR pair.copy_id IS NOT NULL)`,
    parameters: [pairsOf(copy), copy.eventId, copy.originalId, intervalOf(copy)],
  };
}

/** Those of the event and of its areas; what is for all events is for the copy too. One-use codes are not copied. */
function copyPromotions(copy: EventCopy): Statement {
  return {
    text: `
      INSERT INTO promotions SELECT copy.* FROM ${inOrder("promotions", "profile_id = (SELECT waro_profile_id())")}
      LEFT JOIN ${PAIRS} ON pair.original_id = original.target_area_id
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', gen_random_uuid(),
        'target_cluster_id', CASE WHEN original.target_cluster_id IS NOT NULL THEN $2::uuid END,
        'target_area_id', pair.copy_id,
        'promotion_code', $5::text || upper(original.promotion_code),
        'code_prefix', $5::text || original.code_prefix,
        'start_date', original.start_date + $4::interval,
        'end_date', original.end_date + $4::interval, 'version', 1, 'updated_at', now(),
        'created_at', ${createdAt("made.place")})) AS copy
      WHERE original.applies_to <> 'product' AND ${IS_MADE}
        AND (original.target_area_id IS NULL AND original.target_cluster_id = $3 OR pair.copy_id IS NOT NULL)`,
    parameters: [pairsOf(copy), copy.eventId, copy.originalId, intervalOf(copy), copy.codeFront],
  };
}

function pairsOf({ areas }: EventCopy): string {
  return JSON.stringify(
    areas.map(({ from, to }, place) => ({ original_id: from, copy_id: to, place })),
  );
}

function intervalOf({ shiftMs }: EventCopy): string {
  return `${shiftMs} milliseconds`;
}

const copyRow = z.object({ request_hash: z.string().nullable(), is_active: z.boolean() });

/** An event by an id that a request decides, with what that request asked for; null when there is none yet. */
export async function findEventCopy(
  tenant: DatabaseScope,
  eventId: string,
): Promise<{ event: Event; requestHash: string | null; isDeleted: boolean } | null> {
  const rows = await tenant.query(
    `SELECT ${eventColumns}, request_hash, is_active FROM clusters WHERE id = $1`,
    [eventId],
  );
  const [event] = readEvents(rows);
  const [copy] = z.array(copyRow).parse(rows);
  if (event === undefined || copy === undefined) return null;
  return { event, requestHash: copy.request_hash, isDeleted: !copy.is_active };
}

/** Promotions of the organizer that are not over, and those of them that a copy of the event would have again. */
export async function countPromotions(
  tenant: DatabaseScope,
  eventId: string,
): Promise<{ living: number; copied: number }> {
  const rows = await tenant.query(
    `SELECT count(*) FILTER (WHERE end_date IS NULL OR end_date > now())::integer AS living,
       count(*) FILTER (WHERE target_cluster_id = $1 OR target_area_id IN (
         SELECT id FROM areas WHERE cluster_id = $1))::integer AS copied
     FROM promotions
     WHERE profile_id = (SELECT waro_profile_id()) AND is_active AND applies_to <> 'product'`,
    [eventId],
  );
  return z.tuple([z.object({ living: z.int(), copied: z.int() })]).parse(rows)[0];
}
