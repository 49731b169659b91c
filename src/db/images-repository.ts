// Images of events: what is known of each file, and what an event uses it for. SQL and row shapes only.
//
// Statements that change what an event shows run behind `lockEvent`: one of each type and an unbroken order in the gallery
// are kept by one change after the other.

import * as z from "zod";
import type { DatabaseScope, Statement } from "../ports/database.ts";
import { type EventImageType, imageTypes } from "../shared/images/files.ts";
import { timeColumn } from "./columns.ts";

const imageRow = z
  .object({
    id: z.uuid(),
    cluster_id: z.uuid(),
    type_image: z.enum(imageTypes),
    alt_text: z.string(),
    position: z.int(),
    status: z.enum(["uploading", "ready", "removing", "removed"]),
    content_type: z.string(),
    content_hash: z.string().nullable(),
    size_bytes: z.coerce.number(),
    width_pixels: z.int().nullable(),
    height_pixels: z.int().nullable(),
    upload_expires_at: timeColumn.nullable(),
    attached_at: timeColumn.nullable(),
    removed_at: timeColumn.nullable(),
  })
  .transform((row) => ({
    imageId: row.id,
    eventId: row.cluster_id,
    type: row.type_image,
    altText: row.alt_text,
    /** Order in the gallery, from 0. */
    position: row.position,
    status: row.status,
    contentType: row.content_type,
    contentHash: row.content_hash,
    sizeBytes: row.size_bytes,
    width: row.width_pixels ?? 0,
    height: row.height_pixels ?? 0,
    uploadExpiresAt: row.upload_expires_at,
    isShown: row.attached_at !== null && row.removed_at === null,
    attachedAt: row.attached_at,
  }));

export type EventImage = z.infer<typeof imageRow>;

const SELECT = `SELECT images.id, used.cluster_id, used.type_image, used.alt_text, used.position, images.status,
    images.content_type, images.content_hash, images.size_bytes, images.width_pixels, images.height_pixels,
    images.upload_expires_at, used.attached_at, used.removed_at
  FROM cluster_images AS used
  JOIN images ON images.id = used.image_id AND images.content_type IS NOT NULL
  JOIN clusters ON clusters.id = used.cluster_id AND clusters.is_active`;

const SHOWN = "attached_at IS NOT NULL AND removed_at IS NULL";

/** One change of an event's images after the other; sales go on. */
export function lockImagesOf(eventId: string): Statement {
  return {
    text: "SELECT FROM clusters WHERE id = $1 FOR NO KEY UPDATE",
    parameters: [eventId],
  };
}

export function imageWith(eventId: string, imageId: string): Statement {
  return {
    text: `${SELECT} WHERE used.cluster_id = $1 AND images.id = $2`,
    parameters: [eventId, imageId],
  };
}

export function readImages(rows: readonly unknown[]): EventImage[] {
  return z.array(imageRow).parse(rows);
}

/** Also one that is not shown yet or not any more. */
export async function findImage(
  tenant: DatabaseScope,
  eventId: string,
  imageId: string,
): Promise<EventImage | null> {
  const { text, parameters } = imageWith(eventId, imageId);
  return readImages(await tenant.query(text, parameters))[0] ?? null;
}

/** What an event shows: cover, banner, map, then the gallery in its order; null for an unknown event. */
export async function listImages(
  tenant: DatabaseScope,
  eventId: string,
): Promise<EventImage[] | null> {
  const [events = [], rows = []] = await tenant.transaction([
    { text: "SELECT id FROM clusters WHERE id = $1 AND is_active", parameters: [eventId] },
    {
      text: `${SELECT} WHERE used.cluster_id = $1 AND ${SHOWN}
             ORDER BY array_position(ARRAY['cover', 'banner', 'map', 'gallery'], used.type_image), used.position`,
      parameters: [eventId],
    },
  ]);
  return events.length === 0 ? null : readImages(rows);
}

/**
 * Takes the event's other image of a type away, if there may be only one and `condition` holds; without a type, of the one
 * the image has.
 */
export function replaceOthers(
  eventId: string,
  imageId: string,
  { type, condition }: { type: EventImageType | null; condition: string },
): Statement {
  return {
    text: `UPDATE cluster_images SET removed_at = now()
           WHERE cluster_id = $1 AND image_id <> $2 AND ${SHOWN} AND type_image <> 'gallery'
             AND type_image = coalesce($3::text, (
               SELECT own.type_image FROM cluster_images AS own WHERE own.cluster_id = $1 AND own.image_id = $2))
             AND ${condition}`,
    parameters: [eventId, imageId, type],
  };
}

/**
 * A copy of an event shows what the original shows: the same files, which go once no event shows them any more. Behind a
 * lock of the original.
 */
export function copyImages(originalId: string, copyId: string): Statement {
  return {
    text: `
      INSERT INTO cluster_images SELECT copy.* FROM cluster_images AS original
      JOIN images ON images.id = original.image_id AND images.status = 'ready'
      CROSS JOIN LATERAL jsonb_populate_record(original, jsonb_build_object('id', gen_random_uuid(),
        'cluster_id', $2::uuid, 'attached_at', now())) AS copy
      WHERE original.cluster_id = $1 AND original.attached_at IS NOT NULL AND original.removed_at IS NULL
        AND EXISTS (SELECT FROM clusters WHERE clusters.id = $2)`,
    parameters: [originalId, copyId],
  };
}

/** Files that this transaction took from the event and no event shows wait from now on to be tidied away. */
export function markUnused(eventId: string): Statement[] {
  const taken = "SELECT image_id FROM cluster_images WHERE cluster_id = $1 AND removed_at = now()";
  return [
    // Two events that let go of a file at the same moment must not each leave it to the other.
    {
      text: `SELECT FROM images WHERE id IN (${taken}) ORDER BY id FOR NO KEY UPDATE`,
      parameters: [eventId],
    },
    {
      text: `UPDATE images SET unused_since = now() WHERE id IN (${taken}) AND NOT EXISTS (
               SELECT FROM cluster_images JOIN clusters ON clusters.id = cluster_id AND clusters.is_active
               WHERE image_id = images.id AND ${SHOWN})`,
      parameters: [eventId],
    },
  ];
}

/** Numbers the gallery from 0 without gaps, with one image moved to a place, if it is given one. */
export function orderGallery(
  eventId: string,
  moved: { imageId: string; to: number } | null,
): Statement {
  return {
    text: `
      WITH others AS (
        SELECT id, row_number() OVER (ORDER BY position, attached_at, id) - 1 AS place FROM cluster_images
        WHERE cluster_id = $1 AND ${SHOWN} AND type_image = 'gallery' AND image_id IS DISTINCT FROM $2::uuid
      ), ordered AS (
        SELECT id, row_number() OVER (ORDER BY wanted) - 1 AS place FROM (
          SELECT id, place::numeric AS wanted FROM others
          UNION ALL
          SELECT id, $3::numeric - 0.5 FROM cluster_images
          WHERE cluster_id = $1 AND ${SHOWN} AND type_image = 'gallery' AND image_id = $2::uuid
        ) AS gallery
      )
      UPDATE cluster_images SET position = ordered.place FROM ordered
      WHERE cluster_images.id = ordered.id AND cluster_images.position <> ordered.place`,
    parameters: [eventId, moved?.imageId ?? null, moved?.to ?? 0],
  };
}
