// An organizer takes an image from an event. Its file goes some time after, with the minute that tidies up.

import { removeImage } from "../../db/image-changes-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export async function deleteImage(
  { database }: Dependencies,
  actor: Actor,
  image: { eventId: string; imageId: string },
): Promise<Result<null, { code: "image_not_found" }>> {
  const { profileId } = actor.authorize("catalog.write");
  const isRemoved = await removeImage(database.asTenant(profileId), image);
  return isRemoved ? ok(null) : refused({ code: "image_not_found" });
}
