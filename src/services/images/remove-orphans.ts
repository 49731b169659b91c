// Every minute: files of images that nobody needs any more leave the store, some at a time. First the row gives the image up,
// then the file goes, then the row says so: wherever this stops, the next minute goes on, and nothing that is shown is touched.

import {
  type Found,
  claimUnusedImages,
  findDeletedEvents,
  findLapsedUploads,
  findUnusedImages,
  markRemoved,
  markUploadsTidied,
  releaseImages,
} from "../../db/orphaned-images-repository.ts";
import type { Database, DatabaseScope } from "../../ports/database.ts";
import type { Dependencies } from "../dependencies.ts";
import { keysOf, uploadKey } from "../../shared/images/files.ts";

const EVENTS_MAX = 100;
/** Five places each; the store removes a thousand at once. */
const IMAGES_MAX = 200;

export async function removeOrphans({ database, media }: Dependencies): Promise<void> {
  const system = database.asSystem();
  const deleted = await findDeletedEvents(system, EVENTS_MAX);
  await forEachOrganizer(deleted, database, releaseImages);

  const lapsed = await findLapsedUploads(system, IMAGES_MAX);
  await forEachOrganizer(lapsed, database, async (tenant, imageIds) => {
    await media.remove(imageIds.map(uploadKey));
    await markUploadsTidied(tenant, imageIds);
  });

  const unused = await findUnusedImages(system, IMAGES_MAX);
  await forEachOrganizer(unused, database, async (tenant, imageIds) => {
    const claimed = await claimUnusedImages(tenant, imageIds);
    if (claimed.length === 0) return;
    await media.remove(claimed.flatMap(keysOf));
    await markRemoved(tenant, claimed);
  });
}

/** One organizer whose turn fails does not keep the others waiting. */
async function forEachOrganizer(
  found: readonly Found[],
  database: Database,
  tidy: (tenant: DatabaseScope, ids: readonly string[]) => Promise<void>,
): Promise<void> {
  for (const [profileId, own] of Map.groupBy(found, (one) => one.profileId)) {
    try {
      await tidy(
        database.asTenant(profileId),
        own.map(({ id }) => id),
      );
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      console.error("images not tidied up", { profileId, name });
    }
  }
}
