// Large images sent straight to the store, over HTTP against a running stack and its S3 door: for one file each, seen by nobody
// before it was checked, and tidied away when it never comes.

import { afterAll, describe, expect, inject, test } from "vitest";
import { imageOf, openGallery } from "../support/gallery.ts";
import {
  SECRET,
  exif,
  files,
  holds,
  jpegOf,
  jpegWith,
  pngChunk,
  pngOf,
  segment,
} from "../support/images.ts";
import { openTeam } from "../support/members.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";

const gallery = openGallery();
const { newEvent, beginUpload, begun, put, complete, images, file, stored, age, ring } = gallery;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const MIB = 1024 * 1024;
const png = { type: "gallery", content_type: "image/png" };

afterAll(() => gallery.close());

/** Sent, and not completed. */
async function sent(bytes: Uint8Array, changes: object = {}) {
  const eventId = await newEvent();
  const upload = await begun(eventId, bytes, changes);
  expect(await put(upload, bytes)).toBe(200);
  return { eventId, upload };
}

describe("an image sent straight to the store", () => {
  test("is shown once it is complete, cleaned, and not before", async () => {
    const photo = jpegWith([segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif(6)]))]);
    const eventId = await newEvent();
    const cover = await gallery.add(eventId, files.png(), { type: "cover" });
    const changes = { type: "cover", alt_text: "Tarima", content_type: "image/jpeg" };
    const upload = await begun(eventId, photo, changes);
    expect(await put(upload, photo)).toBe(200);
    expect((await images(eventId)).map(({ id }) => id)).toEqual([cover.id]);
    const answer = await complete(eventId, upload.id);
    expect(answer.status).toBe(201);
    const image = imageOf(answer);
    expect(image).toMatchObject({
      id: upload.id,
      type: "cover",
      alt_text: "Tarima",
      content_type: "image/jpeg",
      width: 12,
      height: 16,
    });
    expect(await images(eventId)).toEqual([image]);
    const { bytes } = await file(image.url);
    expect(bytes).toHaveLength(image.size_bytes);
    expect(holds(photo, SECRET)).toBe(true);
    expect(holds(bytes, SECRET)).toBe(false);
  });

  test("may be larger than the API takes", async () => {
    const large = pngOf(16, 12, [pngChunk("prVt", new Uint8Array(25 * MIB))]);
    const { eventId, upload } = await sent(large);
    const image = imageOf(await complete(eventId, upload.id));
    expect(image.size_bytes).toBeLessThan(200);
  });

  test("is what its bytes are, whatever was said", async () => {
    const { eventId, upload } = await sent(files.avif(), { content_type: "image/png" });
    const image = imageOf(await complete(eventId, upload.id));
    expect(image.content_type).toBe("image/avif");
    expect((await file(image.url)).headers.get("content-type")).toBe("image/avif");
  });

  test("is one image, however often and at the same time it is completed", async () => {
    const { eventId, upload } = await sent(files.png());
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => complete(eventId, upload.id)),
    );
    const [first, ...others] = answers.map(imageOf);
    for (const other of others) expect(other).toEqual(first);
    expect(await complete(eventId, upload.id)).toMatchObject({ status: 201, body: first });
    expect(await images(eventId)).toEqual([first]);
    // And once it was deleted it does not come back.
    await gallery.remove(eventId, upload.id);
    expectProblem(await complete(eventId, upload.id), 404, "image_upload_not_found");
    expect(await images(eventId)).toEqual([]);
  });

  test("stays what it was when something else is sent to its address afterwards", async () => {
    const bytes = pngOf(16, 12, [pngChunk("pHYs", "AAAAAAAAA")]);
    const { eventId, upload } = await sent(bytes);
    const image = imageOf(await complete(eventId, upload.id));
    const before = (await file(image.url)).bytes;
    const other = pngOf(16, 12, [pngChunk("pHYs", "BBBBBBBBB")]);
    expect(await put(upload, other)).toBe(200);
    const past = await file(image.url, { range: "bytes=0-99999" });
    expect(past.bytes.equals(before)).toBe(true);
    // What was sent last is nobody's, and goes.
    await age([upload.id], 2);
    await ring();
    expect(await stored(upload.id)).toMatchObject({ status: "ready", upload: false, shown: true });
    expect(await gallery.isStored(image.url)).toBe(true);
  });

  test.each([
    [
      "an SVG",
      Buffer.from("<svg onload='x()'/>"),
      415,
      { code: "image_format_unsupported", format: "svg" },
    ],
    [
      "half a file",
      files.png().subarray(0, 60),
      422,
      { code: "image_unreadable", reason: "truncated" },
    ],
    ["a bomb", jpegOf(65_000, 65_000), 422, { code: "image_too_large", width: 65_000 }],
  ])("is refused when it is %s, and may be sent again", async (_what, bytes, status, refusal) => {
    const { eventId, upload } = await sent(bytes);
    const answer = await complete(eventId, upload.id);
    expectProblem(answer, status, refusal.code);
    expect(answer.body).toMatchObject(refusal);
    // Of the refused file nothing is left.
    expectProblem(await complete(eventId, upload.id), 409, "image_upload_missing");
    expect(await images(eventId)).toEqual([]);
    expect(await stored(upload.id)).toMatchObject({ status: "uploading", shown: false });
    expect(await put(upload, bytes)).toBe(200);
    expectProblem(await complete(eventId, upload.id), status, refusal.code);
  });

  test("cannot be completed before it was sent", async () => {
    const eventId = await newEvent();
    const upload = await begun(eventId, files.png());
    expectProblem(await complete(eventId, upload.id), 409, "image_upload_missing");
    expect(await put(upload, files.png())).toBe(200);
    expect((await complete(eventId, upload.id)).status).toBe(201);
  });
});

describe("an upload's address takes", () => {
  test("one file of its length and type, by PUT, with its signature, and nothing else", async () => {
    const eventId = await newEvent();
    const bytes = files.png();
    const upload = await begun(eventId, bytes);
    expect(await put(upload, new Uint8Array([...bytes, 0]))).toBe(403);
    expect(await put(upload, bytes.subarray(1))).toBe(403);
    const html = { ...upload, headers: { ...upload.headers, "content-type": "text/html" } };
    expect(await put(html, bytes)).toBe(403);
    const elsewhere = upload.url.replace(upload.id, UNKNOWN_ID);
    expect(await put({ ...upload, url: elsewhere }, bytes)).toBe(403);
    const climbing = upload.url.replace(`uploads/${upload.id}`, `images/${upload.id}.png`);
    expect(await put({ ...upload, url: climbing }, bytes)).toBe(403);
    const longer = upload.url.replace(/X-Amz-Expires=\d+/, "X-Amz-Expires=604799");
    expect(await put({ ...upload, url: longer }, bytes)).toBe(403);
    for (const method of ["GET", "DELETE"]) {
      const response = await fetch(upload.url, { method });
      expect(response.status).toBe(403);
      await response.arrayBuffer();
    }
    expectProblem(await complete(eventId, upload.id), 409, "image_upload_missing");
  });

  test("it for a quarter of an hour", async () => {
    const startedMs = Date.now();
    const upload = await begun(await newEvent(), files.png());
    const lastsMs = new Date(upload.expires_at).getTime() - startedMs;
    expect(lastsMs).toBeGreaterThan(14 * 60_000);
    expect(lastsMs).toBeLessThanOrEqual(15 * 60_000 + 5_000);
    expect(upload).toMatchObject({ method: "PUT" });
    const seconds = Number(new URL(upload.url).searchParams.get("X-Amz-Expires"));
    expect(seconds).toBeGreaterThan(14 * 60);
    expect(seconds).toBeLessThanOrEqual(15 * 60);
  });
});

describe("beginning an upload", () => {
  test("again with its key is the same upload; with other content it is refused", async () => {
    const eventId = await newEvent();
    const key = { headers: { "idempotency-key": crypto.randomUUID() } };
    const bytes = files.png();
    const body = { ...png, size_bytes: bytes.length };
    const first = await begun(eventId, bytes, {}, key);
    const again = await begun(eventId, bytes, {}, key);
    expect(again.id).toBe(first.id);
    expectProblem(
      await beginUpload(eventId, { ...body, size_bytes: 5 }, key),
      422,
      "command_reused",
    );
    expect(await put(again, bytes)).toBe(200);
    expect((await complete(eventId, first.id)).status).toBe(201);
    expectProblem(await beginUpload(eventId, body, key), 410, "image_upload_expired");
    expect(await images(eventId)).toHaveLength(1);
  });

  test.each([
    ["body.type", { type: "poster" }],
    ["body.content_type", { content_type: "image/svg+xml" }],
    ["body.content_type", { content_type: "image/gif" }],
    ["body.size_bytes", { size_bytes: 0 }],
    ["body.size_bytes", { size_bytes: 30 * MIB + 1 }],
    ["body.size_bytes", { size_bytes: 1.5 }],
    ["body.alt_text", { alt_text: "x".repeat(201) }],
    ["body.key", { key: "../images/x.png" }],
  ])("needs a valid %s (%#)", async (path, changes) => {
    expectInvalid(await beginUpload(UNKNOWN_ID, { ...png, size_bytes: 5, ...changes }), path);
  });
  test.each(badBodies)("refuses $what", async ({ body, headers = {}, status, code }) => {
    expectProblem(await beginUpload(UNKNOWN_ID, body, { headers }), status, code);
  });

  test("and completing it are the organizer's alone, and no gate's", async () => {
    const { eventId, upload } = await sent(files.png());
    const body = { ...png, size_bytes: 5 };
    const other = { token: inject("otherOrganizerToken") };
    expectProblem(await beginUpload(eventId, body, other), 404, "event_not_found");
    expectProblem(await complete(eventId, upload.id, other), 404, "image_upload_not_found");
    const team = openTeam(gallery);
    const { token } = await team.newSession(await team.newMember(undefined, "gate"));
    expectProblem(await beginUpload(eventId, body, { token }), 403, "role_not_allowed");
    expectProblem(await complete(eventId, upload.id, { token }), 403, "role_not_allowed");
    // By way of another event of one's own neither.
    expectProblem(await complete(await newEvent(), upload.id), 404, "image_upload_not_found");
    expectProblem(await complete(eventId, UNKNOWN_ID), 404, "image_upload_not_found");
    expectProblem(await beginUpload(UNKNOWN_ID, body), 404, "event_not_found");
    expect(await images(eventId)).toEqual([]);
    expect((await complete(eventId, upload.id)).status).toBe(201);
  });
});

describe("an upload that nobody completes", () => {
  test("is over some time after its address, and tidied away", async () => {
    const { eventId, upload } = await sent(files.png());
    await age([upload.id], 1);
    expectProblem(await complete(eventId, upload.id), 410, "image_upload_expired");
    await age([upload.id], 1);
    await ring();
    expect(await stored(upload.id)).toMatchObject({ status: "uploading", upload: false });
    expectProblem(await complete(eventId, upload.id), 404, "image_upload_not_found");
    await age([upload.id], 24);
    await ring();
    expect(await stored(upload.id)).toMatchObject({ status: "removed", shown: false });
    expect(await images(eventId)).toEqual([]);
  });

  test("is left alone while it may still be completed", async () => {
    const { eventId, upload } = await sent(files.png());
    await ring();
    expect((await complete(eventId, upload.id)).status).toBe(201);
  });
});
