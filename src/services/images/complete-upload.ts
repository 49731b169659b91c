// An organizer has sent an image straight to the store. Here it is looked at as one that came through the API, and only then
// shown: from a cleaned copy, so that whatever is still sent to the first place is nobody's to see.

import { type EventImage, findImage } from "../../db/images-repository.ts";
import { sha256Hex } from "../../shared/digest.ts";
import { cleanImage } from "../../shared/images/clean-image.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { uploadKey } from "../../shared/images/files.ts";
import { keepImage } from "./keep-image.ts";

/** What was sent in time may be completed some minutes later. */
const GRACE_MS = 30 * 60 * 1_000;

/** Repeating it answers the same image. A file that is refused may be sent again while its address lasts. */
export async function completeUpload(
  dependencies: Dependencies,
  actor: Actor,
  { eventId, uploadId }: { eventId: string; uploadId: string },
): Promise<Result<EventImage, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const { database, media, now } = dependencies;
  const tenant = database.asTenant(profileId);
  const known = await findImage(tenant, eventId, uploadId);
  const decided = decideBefore(known, now());
  if (known === null || decided !== null) return decided ?? notFound;

  const key = uploadKey(uploadId);
  const sent = await media.get(key);
  if (sent === null) return sentBefore(await findImage(tenant, eventId, uploadId));
  // The store takes no other length; this is for one that does.
  if (sent.sizeBytes !== known.sizeBytes) {
    await sent.bytes.cancel();
    return refused({ code: "image_upload_missing" });
  }
  const cleaned = cleanImage(new Uint8Array(await new Response(sent.bytes).arrayBuffer()));
  if (!cleaned.ok) {
    await media.remove([key]);
    return cleaned;
  }
  const image = await keepImage(dependencies, tenant, {
    eventId,
    imageId: uploadId,
    file: cleaned.value,
    contentHash: await sha256Hex(cleaned.value.bytes),
  });
  if (image === null) return notFound;
  await media.remove([key]);
  return ok(image);
}

const notFound = refused({ code: "image_upload_not_found" as const });

/** What can be said without the file; null: it is to be looked at. */
function decideBefore(known: EventImage | null, nowMs: number): Result<EventImage, Refusal> | null {
  if (known === null) return notFound;
  if (known.status === "ready" && known.isShown) return ok(known);
  // Through the API, or given up since.
  if (known.status !== "uploading" || known.uploadExpiresAt === null) return notFound;
  const isLate = nowMs > known.uploadExpiresAt.getTime() + GRACE_MS;
  return isLate ? refused({ code: "image_upload_expired" }) : null;
}

/** Nothing is there: either nothing was sent, or the same call at the same time has taken it. */
function sentBefore(image: EventImage | null): Result<EventImage, Refusal> {
  return image?.status === "ready" ? ok(image) : refused({ code: "image_upload_missing" });
}
