// Images while the store is away, in the Workers runtime with the real Postgres and a real bucket: what is shown is always
// there, what was given up goes in the end, and what a deployment does without.

import { env } from "cloudflare:workers";
import { afterEach, describe, expect, test, vi } from "vitest";
import * as z from "zod";
import { composeDependencies } from "../../src/composition.ts";
import { Actor } from "../../src/services/actor.ts";
import { addImage } from "../../src/services/images/add-image.ts";
import { beginUpload } from "../../src/services/images/begin-upload.ts";
import { completeUpload } from "../../src/services/images/complete-upload.ts";
import { deleteImage } from "../../src/services/images/delete-image.ts";
import { listImages } from "../../src/services/images/list-images.ts";
import { removeOrphans } from "../../src/services/images/remove-orphans.ts";
import { openMedia } from "../../src/services/media/open-media.ts";
import { PROFILE_ID, database } from "../durable-objects/live-area.ts";

const dependencies = composeDependencies(env);
const actor = new Actor({
  kind: "member",
  userId: crypto.randomUUID(),
  profileId: PROFILE_ID,
  role: "owner",
  sessionId: crypto.randomUUID(),
});
const tenant = database.asTenant(PROFILE_ID);
const { media } = dependencies;

/** The smallest WebP there is: one pixel. */
const file = Uint8Array.from(atob("UklGRhoAAABXRUJQVlA4TA0AAAAvAAAAEAcQERGIiP4HAA=="), (letter) =>
  letter.charCodeAt(0),
);

afterEach(() => vi.restoreAllMocks());

async function newEvent(): Promise<string> {
  const rows = await tenant.query(
    `INSERT INTO clusters (profile_id, cluster_name, slug_cluster, start_date, end_date)
     VALUES ($1, 'Función', $2, now() + interval '1 day', now() + interval '2 days') RETURNING id`,
    [PROFILE_ID, crypto.randomUUID()],
  );
  return z.tuple([z.object({ id: z.string() })]).parse(rows)[0].id;
}

const about = (eventId: string, idempotencyKey: string | null = null) => ({
  eventId,
  type: "cover" as const,
  altText: "",
  file,
  idempotencyKey,
});

async function added(eventId: string) {
  const image = await addImage(dependencies, actor, about(eventId));
  if (!image.ok) throw new Error(image.refusal.code);
  return image.value;
}

const shownIn = async (eventId: string) => {
  const images = await listImages(dependencies, actor, eventId);
  return images.ok ? images.value.map(({ imageId }) => imageId) : [];
};
const statusOf = async (imageId: string) => {
  const rows = await tenant.query("SELECT status FROM images WHERE id = $1", [imageId]);
  return z.tuple([z.object({ status: z.string() })]).parse(rows)[0].status;
};
const isStored = async (imageId: string) => (await media.find(`images/${imageId}.webp`)) !== null;
const age = (imageId: string) =>
  tenant.query("UPDATE images SET unused_since = now() - interval '25 hours' WHERE id = $1", [
    imageId,
  ]);

describe("while the store is away", () => {
  const away = async () => {
    throw new Error("the store is away");
  };

  test("an image that was not stored is not shown, and the same call succeeds later", async () => {
    const eventId = await newEvent();
    const before = await added(eventId);
    const key = crypto.randomUUID();
    const broken = { ...dependencies, media: { ...media, put: away } };
    await expect(addImage(broken, actor, about(eventId, key))).rejects.toThrow("away");
    expect(await shownIn(eventId)).toEqual([before.imageId]);
    const again = await addImage(dependencies, actor, about(eventId, key));
    expect(again.ok && (await shownIn(eventId))).toEqual([again.ok && again.value.imageId]);
  });

  test("a file that could not be removed stays given up, and goes with a later minute", async () => {
    const logged = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const eventId = await newEvent();
    const { imageId } = await added(eventId);
    await deleteImage(dependencies, actor, { eventId, imageId });
    await age(imageId);
    await removeOrphans({ ...dependencies, media: { ...media, remove: away } });
    expect(await statusOf(imageId)).toBe("removing");
    expect(await isStored(imageId)).toBe(true);
    expect(logged).toHaveBeenCalledWith(
      "images not tidied up",
      expect.objectContaining({ name: "Error" }),
    );
    await removeOrphans(dependencies);
    expect(await statusOf(imageId)).toBe("removed");
    expect(await isStored(imageId)).toBe(false);
  });
});

describe("while two things happen at once", () => {
  test("an upload that was given up while it was checked is not shown", async () => {
    const eventId = await newEvent();
    const key = crypto.randomUUID();
    const upload = await beginUpload(dependencies, actor, {
      ...about(eventId, key),
      contentType: "image/webp",
      sizeBytes: file.length,
    });
    if (!upload.ok) throw new Error(upload.refusal.code);
    const { uploadId } = upload.value;
    await media.put(`uploads/${uploadId}`, { bytes: file, contentType: "image/webp" });
    const slow = {
      ...dependencies,
      media: {
        ...media,
        async put(...stored: Parameters<typeof media.put>) {
          await media.put(...stored);
          await age(uploadId);
          await removeOrphans(dependencies);
        },
      },
    };
    expect(await completeUpload(slow, actor, { eventId, uploadId })).toEqual({
      ok: false,
      refusal: { code: "image_upload_not_found" },
    });
    expect(await shownIn(eventId)).toEqual([]);
    expect(await isStored(uploadId)).toBe(false);
  });

  test("the minute in two places at once removes each file once and none that is shown", async () => {
    const eventId = await newEvent();
    const old = [await added(eventId), await added(eventId), await added(eventId)];
    const cover = await added(eventId);
    for (const { imageId } of old) await age(imageId);
    await Promise.all([removeOrphans(dependencies), removeOrphans(dependencies)]);
    for (const { imageId } of old) expect(await isStored(imageId)).toBe(false);
    expect(await isStored(cover.imageId)).toBe(true);
    expect(await shownIn(eventId)).toEqual([cover.imageId]);
  });
});

test("what is sent to an upload's address after it was complete goes, and the image stays", async () => {
  const eventId = await newEvent();
  const upload = await beginUpload(dependencies, actor, {
    ...about(eventId),
    contentType: "image/webp",
    sizeBytes: file.length,
  });
  if (!upload.ok) throw new Error(upload.refusal.code);
  const { uploadId } = upload.value;
  const key = `uploads/${uploadId}`;
  const send = () => media.put(key, { bytes: file, contentType: "image/webp" });
  await send();
  expect(await completeUpload(dependencies, actor, { eventId, uploadId })).toMatchObject({
    ok: true,
  });
  expect(await media.find(key)).toBeNull();
  await send();
  await removeOrphans(dependencies);
  expect(await media.find(key)).not.toBeNull();
  await tenant.query(
    "UPDATE images SET upload_expires_at = now() - interval '61 minutes' WHERE id = $1",
    [uploadId],
  );
  await removeOrphans(dependencies);
  expect(await media.find(key)).toBeNull();
  expect(await isStored(uploadId)).toBe(true);
  expect(await shownIn(eventId)).toEqual([uploadId]);
});

describe("a deployment without", () => {
  test("R2's keys takes images through the API alone", async () => {
    const eventId = await newEvent();
    const upload = await beginUpload({ ...dependencies, directUploads: null }, actor, {
      ...about(eventId),
      contentType: "image/webp",
      sizeBytes: 5,
    });
    expect(upload).toEqual({ ok: false, refusal: { code: "direct_uploads_off" } });
    expect((await added(eventId)).status).toBe("ready");
  });

  test("Cloudflare Images answers every width with the image as it is", async () => {
    const { imageId } = await added(await newEvent());
    const opened = await openMedia(
      { ...dependencies, imageResizer: null },
      { name: `${imageId}.webp`, width: 320 },
    );
    if (!opened.ok) throw new Error(opened.refusal.code);
    const bytes = await new Response(await opened.value.read(null)).arrayBuffer();
    expect(bytes.byteLength).toBe(opened.value.sizeBytes);
    expect(opened.value.etag).not.toContain("w320");
  });
});
