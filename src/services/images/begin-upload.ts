// An organizer is about to send a large image straight to the store: the address for it, and for no other file. Nobody sees
// the image before it was checked.

import { IMAGES_MAX, reserveImage } from "../../db/image-changes-repository.ts";
import type { DirectUpload } from "../../ports/media.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import type { ImageType } from "../../shared/images/clean-image.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type EventImageType, uploadKey } from "../../shared/images/files.ts";

const UPLOAD_SECONDS = 15 * 60;

export interface BeginUploadInput {
  eventId: string;
  type: EventImageType;
  altText: string;
  contentType: ImageType;
  sizeBytes: number;
  idempotencyKey: string | null;
}

export interface BegunUpload extends DirectUpload {
  uploadId: string;
  expiresAt: Date;
}

export async function beginUpload(
  { database, directUploads, now }: Dependencies,
  actor: Actor,
  { eventId, type, altText, contentType, sizeBytes, idempotencyKey }: BeginUploadInput,
): Promise<Result<BegunUpload, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  if (directUploads === null) return refused({ code: "direct_uploads_off" });
  const uploadId =
    idempotencyKey === null
      ? crypto.randomUUID()
      : await derivedId(`image-upload\n${eventId}\n${idempotencyKey}`);
  const contentHash = await sha256Hex(JSON.stringify([type, altText, contentType, sizeBytes]));
  const known = await reserveImage(database.asTenant(profileId), {
    imageId: uploadId,
    eventId,
    type,
    altText,
    contentType,
    contentHash,
    sizeBytes,
    uploadSeconds: UPLOAD_SECONDS,
  });
  if (known === "event_not_found") return refused({ code: "event_not_found" });
  if (known === "images_too_many") return refused({ code: "images_too_many", max: IMAGES_MAX });
  const seconds = secondsLeft(known.uploadExpiresAt, now());
  if (known.status !== "uploading" || seconds < 1) return refused({ code: "image_upload_expired" });
  if (known.contentHash !== contentHash) return refused({ code: "command_reused" });
  const upload = await directUploads.allow(uploadKey(uploadId), {
    contentType,
    sizeBytes,
    seconds,
  });
  return ok({ ...upload, uploadId, expiresAt: new Date(now() + seconds * 1_000) });
}

/** Of a repeated call as many as are left: what was sent is tidied away some time after. */
function secondsLeft(expiresAt: Date | null, nowMs: number): number {
  if (expiresAt === null) return 0;
  return Math.min(UPLOAD_SECONDS, Math.floor((expiresAt.getTime() - nowMs) / 1_000));
}
