// An organizer sends an image of an event through the API.

import { IMAGES_MAX, reserveImage } from "../../db/image-changes-repository.ts";
import type { EventImage } from "../../db/images-repository.ts";
import type { EventImageType } from "../../shared/images/files.ts";
import { derivedId, sha256Hex } from "../../shared/digest.ts";
import { cleanImage } from "../../shared/images/clean-image.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { keepImage } from "./keep-image.ts";

export interface AddImageInput {
  eventId: string;
  type: EventImageType;
  altText: string;
  file: Uint8Array;
  idempotencyKey: string | null;
}

/** The same key and content make one image. A cover, banner or map takes the place of the one before. */
export async function addImage(
  dependencies: Dependencies,
  actor: Actor,
  { eventId, type, altText, file, idempotencyKey }: AddImageInput,
): Promise<Result<EventImage, Refusal>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = dependencies.database.asTenant(profileId);
  const cleaned = cleanImage(file);
  if (!cleaned.ok) return cleaned;
  const { bytes, contentType } = cleaned.value;
  const imageId =
    idempotencyKey === null
      ? crypto.randomUUID()
      : await derivedId(`image\n${eventId}\n${idempotencyKey}`);
  const contentHash = await sha256Hex(bytes);
  const known = await reserveImage(tenant, {
    imageId,
    eventId,
    type,
    altText,
    contentType,
    contentHash,
    sizeBytes: bytes.length,
    uploadSeconds: null,
  });
  if (known === "event_not_found") return refused({ code: "event_not_found" });
  if (known === "images_too_many") return refused({ code: "images_too_many", max: IMAGES_MAX });
  if (known.contentHash !== contentHash) return refused({ code: "command_reused" });
  if (known.status === "ready")
    return known.isShown ? ok(known) : refused({ code: "image_not_found" });
  const image = await keepImage(dependencies, tenant, {
    eventId,
    imageId,
    file: cleaned.value,
    contentHash,
  });
  return image === null ? refused({ code: "image_not_found" }) : ok(image);
}
