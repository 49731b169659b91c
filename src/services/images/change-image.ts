// An organizer changes what an image is used for, what it says to those who cannot see it, or its place in the gallery.

import { type ImageChanges, changeImage as write } from "../../db/image-changes-repository.ts";
import type { EventImage } from "../../db/images-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface ChangeImageInput {
  eventId: string;
  imageId: string;
  changes: ImageChanges;
}

/** As a cover, banner or map it takes the place of the one before. */
export async function changeImage(
  { database }: Dependencies,
  actor: Actor,
  { eventId, imageId, changes }: ChangeImageInput,
): Promise<Result<EventImage, { code: "image_not_found" }>> {
  const { profileId } = actor.authorize("catalog.write");
  const tenant = database.asTenant(profileId);
  const image = await write(tenant, { eventId, imageId }, changes);
  return image === null ? refused({ code: "image_not_found" }) : ok(image);
}
