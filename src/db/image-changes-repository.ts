// How an event comes by an image, changes it and loses it. Each in one transaction. SQL only.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";
import type { EventImageType } from "../shared/images/files.ts";
import {
  type EventImage,
  imageWith,
  lockImagesOf,
  markUnused,
  orderGallery,
  readImages,
  replaceOthers,
} from "./images-repository.ts";

/** Of one event, those on their way among them. */
export const IMAGES_MAX = 60;

export interface NewImage {
  imageId: string;
  eventId: string;
  type: EventImageType;
  altText: string;
  contentType: string;
  contentHash: string;
  sizeBytes: number;
  /** Null when the file comes through the Worker. */
  uploadSeconds: number | null;
}

/**
 * Makes an image known that is not there yet, or finds the one that has its id already. It is nobody's to see, and tidied
 * away when its file never comes.
 */
export async function reserveImage(
  tenant: DatabaseScope,
  image: NewImage,
): Promise<EventImage | "event_not_found" | "images_too_many"> {
  const { eventId, imageId, uploadSeconds } = image;
  const [, , , events = [], images = []] = await tenant.transaction([
    lockImagesOf(eventId),
    {
      text: `
        INSERT INTO images (id, profile_id, status, type, content_type, content_hash, size_bytes, unused_since,
          upload_expires_at)
        SELECT $2, profile_id, 'uploading', $3, $4, $5, $6, now(), now() + make_interval(secs => $7::integer)
        FROM clusters WHERE id = $1 AND is_active AND (
          SELECT count(*) FROM cluster_images JOIN images ON images.id = image_id
          WHERE cluster_id = $1 AND removed_at IS NULL AND images.content_type IS NOT NULL
            AND images.status IN ('uploading', 'ready')
        ) < $8
        ON CONFLICT (id) DO NOTHING`,
      parameters: [
        eventId,
        imageId,
        image.type,
        image.contentType,
        image.contentHash,
        image.sizeBytes,
        uploadSeconds,
        IMAGES_MAX,
      ],
    },
    {
      text: `
        INSERT INTO cluster_images (profile_id, cluster_id, image_id, type_image, alt_text)
        SELECT profile_id, $1, id, $3, $4 FROM images
        WHERE id = $2 AND NOT EXISTS (SELECT FROM cluster_images WHERE image_id = $2)`,
      parameters: [eventId, imageId, image.type, image.altText],
    },
    { text: "SELECT id FROM clusters WHERE id = $1 AND is_active", parameters: [eventId] },
    imageWith(eventId, imageId),
  ]);
  if (events.length === 0) return "event_not_found";
  return readImages(images)[0] ?? "images_too_many";
}

export interface ImageFile {
  contentType: string;
  contentHash: string;
  sizeBytes: number;
  width: number;
  height: number;
  /** Where anybody gets it. */
  url: string;
}

/** Shows an image whose file is there, in the place of the one it replaces. Repeating it changes nothing. */
export async function attachImage(
  tenant: DatabaseScope,
  { eventId, imageId }: { eventId: string; imageId: string },
  file: ImageFile,
): Promise<EventImage | null> {
  const arriving = `EXISTS (SELECT FROM cluster_images AS new JOIN images ON images.id = new.image_id
    WHERE new.cluster_id = $1 AND new.image_id = $2 AND new.attached_at IS NULL AND images.status = 'ready')`;
  const results = await tenant.transaction([
    lockImagesOf(eventId),
    {
      text: `
        UPDATE images SET status = 'ready', unused_since = NULL, content_type = $3, content_hash = $4,
          size_bytes = $5, width_pixels = $6, height_pixels = $7, url = $8
        FROM clusters WHERE images.id = $2 AND images.status = 'uploading' AND clusters.id = $1 AND clusters.is_active`,
      parameters: [
        eventId,
        imageId,
        file.contentType,
        file.contentHash,
        file.sizeBytes,
        file.width,
        file.height,
        file.url,
      ],
    },
    replaceOthers(eventId, imageId, { type: null, condition: arriving }),
    {
      text: `
        UPDATE cluster_images SET attached_at = now(),
          position = CASE type_image WHEN 'gallery' THEN $3 ELSE 0 END
        WHERE cluster_id = $1 AND image_id = $2 AND ${arriving}`,
      // Behind all others.
      parameters: [eventId, imageId, IMAGES_MAX],
    },
    orderGallery(eventId, null),
    ...markUnused(eventId),
    imageWith(eventId, imageId),
  ]);
  return readImages(results.at(-1) ?? [])[0] ?? null;
}

export interface ImageChanges {
  type: EventImageType | undefined;
  altText: string | undefined;
  position: number | undefined;
}

/** Null for an image the event does not show. */
export async function changeImage(
  tenant: DatabaseScope,
  { eventId, imageId }: { eventId: string; imageId: string },
  { type, altText, position }: ImageChanges,
): Promise<EventImage | null> {
  const mine = `EXISTS (SELECT FROM cluster_images AS mine WHERE mine.cluster_id = $1 AND mine.image_id = $2
    AND mine.attached_at IS NOT NULL AND mine.removed_at IS NULL)`;
  const replacing =
    type === undefined ? [] : [replaceOthers(eventId, imageId, { type, condition: mine })];
  const results = await tenant.transaction([
    lockImagesOf(eventId),
    ...replacing,
    {
      text: `
        UPDATE cluster_images SET type_image = coalesce($3, type_image), alt_text = coalesce($4, alt_text),
          -- Whoever comes to the gallery comes last.
          position = CASE WHEN $3 IS NULL OR $3 = type_image THEN position WHEN $3 = 'gallery' THEN $5 ELSE 0 END
        WHERE cluster_id = $1 AND image_id = $2 AND attached_at IS NOT NULL AND removed_at IS NULL`,
      parameters: [eventId, imageId, type ?? null, altText ?? null, IMAGES_MAX],
    },
    orderGallery(eventId, position === undefined ? null : { imageId, to: position }),
    ...markUnused(eventId),
    imageWith(eventId, imageId),
  ]);
  const [image] = readImages(results.at(-1) ?? []);
  return image?.isShown === true ? image : null;
}

/** False for an image the event does not show. */
export async function removeImage(
  tenant: DatabaseScope,
  { eventId, imageId }: { eventId: string; imageId: string },
): Promise<boolean> {
  const [, removed = []] = await tenant.transaction([
    lockImagesOf(eventId),
    {
      text: `
        UPDATE cluster_images SET removed_at = now() FROM clusters
        WHERE cluster_id = $1 AND image_id = $2 AND attached_at IS NOT NULL AND removed_at IS NULL
          AND clusters.id = cluster_id AND clusters.is_active
        RETURNING image_id`,
      parameters: [eventId, imageId],
    },
    orderGallery(eventId, null),
    ...markUnused(eventId),
  ]);
  return z.array(z.object({ image_id: z.uuid() })).parse(removed).length > 0;
}
