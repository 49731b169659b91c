// Files nobody needs any more: sent and never finished, replaced, deleted, or of deleted events. Found in the system's scope,
// written in their organizer's. A file that an event shows is never among them: that is asked again in the statement that
// gives it up.

import * as z from "zod";
import type { DatabaseScope } from "../ports/database.ts";

/** From when nobody needs a file until it goes: open pages still show it. */
const GRACE_SECONDS = 24 * 60 * 60;
/** From when a file may no longer be sent until what was sent goes: one that is just being checked. */
const UPLOAD_GRACE_SECONDS = 60 * 60;

const SHOWN = `EXISTS (
  SELECT FROM cluster_images AS used JOIN clusters ON clusters.id = used.cluster_id AND clusters.is_active
  WHERE used.image_id = images.id AND used.attached_at IS NOT NULL AND used.removed_at IS NULL)`;

const foundRow = z
  .object({ id: z.uuid(), profile_id: z.uuid() })
  .transform((row) => ({ id: row.id, profileId: row.profile_id }));

export type Found = z.infer<typeof foundRow>;

export async function findDeletedEvents(system: DatabaseScope, limit: number): Promise<Found[]> {
  const rows = await system.query(
    `SELECT id, profile_id FROM clusters WHERE NOT is_active AND images_released_at IS NULL ORDER BY id LIMIT $1`,
    [limit],
  );
  return z.array(foundRow).parse(rows);
}

/** Their images wait from now on to be tidied away. */
export async function releaseImages(
  tenant: DatabaseScope,
  eventIds: readonly string[],
): Promise<void> {
  const theirs = "SELECT image_id FROM cluster_images WHERE cluster_id = ANY ($1::uuid[])";
  await tenant.transaction([
    // A copy that lets go of a file at the same moment must not leave it to these.
    {
      text: `SELECT FROM images WHERE id IN (${theirs}) ORDER BY id FOR NO KEY UPDATE`,
      parameters: [eventIds],
    },
    {
      text: `UPDATE images SET unused_since = now()
             WHERE unused_since IS NULL AND content_type IS NOT NULL AND NOT ${SHOWN}
               AND id IN (${theirs})`,
      parameters: [eventIds],
    },
    {
      text: `UPDATE clusters SET images_released_at = now() WHERE id = ANY ($1::uuid[]) AND NOT is_active`,
      parameters: [eventIds],
    },
  ]);
}

/** Those whose file may no longer be sent. */
export async function findLapsedUploads(system: DatabaseScope, limit: number): Promise<Found[]> {
  const rows = await system.query(
    `SELECT id, profile_id FROM images WHERE upload_expires_at < now() - make_interval(secs => $1)
     ORDER BY upload_expires_at LIMIT $2`,
    [UPLOAD_GRACE_SECONDS, limit],
  );
  return z.array(foundRow).parse(rows);
}

export async function markUploadsTidied(
  tenant: DatabaseScope,
  imageIds: readonly string[],
): Promise<void> {
  await tenant.query(
    "UPDATE images SET upload_expires_at = NULL WHERE id = ANY ($1::uuid[]) AND upload_expires_at < now()",
    [imageIds],
  );
}

export async function findUnusedImages(system: DatabaseScope, limit: number): Promise<Found[]> {
  const rows = await system.query(
    `SELECT id, profile_id FROM images
     WHERE unused_since < now() - make_interval(secs => $1) AND status <> 'removed'
     ORDER BY unused_since LIMIT $2`,
    [GRACE_SECONDS, limit],
  );
  return z.array(foundRow).parse(rows);
}

/** Gives up those that are still not needed, and answers which: from now on nothing can show them. Those that are shown after all stay. */
export async function claimUnusedImages(
  tenant: DatabaseScope,
  imageIds: readonly string[],
): Promise<string[]> {
  const [, rows = []] = await tenant.transaction([
    {
      text: `UPDATE images SET unused_since = NULL
             WHERE id = ANY ($1::uuid[]) AND status IN ('uploading', 'ready') AND ${SHOWN}`,
      parameters: [imageIds],
    },
    {
      text: `UPDATE images SET status = 'removing'
             WHERE id = ANY ($1::uuid[]) AND status <> 'removed' AND NOT ${SHOWN}
               AND unused_since < now() - make_interval(secs => $2)
             RETURNING id`,
      parameters: [imageIds, GRACE_SECONDS],
    },
  ]);
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(rows)
    .map(({ id }) => id);
}

/** Their files have gone. */
export async function markRemoved(
  tenant: DatabaseScope,
  imageIds: readonly string[],
): Promise<void> {
  await tenant.query(
    `UPDATE images SET status = 'removed', upload_expires_at = NULL
     WHERE id = ANY ($1::uuid[]) AND status = 'removing'`,
    [imageIds],
  );
}
