// Stores a cleaned file and has its event show it. The file comes first: an image that is shown is always there. A crash in
// between leaves a file that the minute tidies away.

import { type EventImage } from "../../db/images-repository.ts";
import { attachImage } from "../../db/image-changes-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import type { CleanImage } from "../../shared/images/clean-image.ts";
import type { Dependencies } from "../dependencies.ts";
import { imageKey, imageUrl } from "../../shared/images/files.ts";

export interface KeptImage {
  eventId: string;
  imageId: string;
  file: CleanImage;
  contentHash: string;
}

/** Repeating it stores the same again. Null when the event or the image has gone meanwhile. */
export async function keepImage(
  { media, settings }: Dependencies,
  tenant: DatabaseScope,
  { eventId, imageId, file, contentHash }: KeptImage,
): Promise<EventImage | null> {
  const { bytes, contentType, width, height } = file;
  await media.put(imageKey(imageId, contentType), { bytes, contentType });
  const image = await attachImage(
    tenant,
    { eventId, imageId },
    {
      contentType,
      contentHash,
      sizeBytes: bytes.length,
      width,
      height,
      url: imageUrl(settings.publicBaseUrl, imageId, contentType),
    },
  );
  return image?.status === "ready" ? image : null;
}
