// Images of events through the API, over HTTP against a running stack: what is taken, what each event shows, who may do what,
// and what is tidied away.

import pg from "pg";
import { afterAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { cleanImage } from "../../src/shared/images/clean-image.ts";
import { type Image, imageOf, openGallery } from "../support/gallery.ts";
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
  webpChunk,
  webpWith,
  withTail,
} from "../support/images.ts";
import { ANDINO, CARIBE, openTeam } from "../support/members.ts";
import { until } from "../support/shop.ts";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";

const gallery = openGallery();
const { add, send, images, change, remove, newEvent, file, ring, age, stored } = gallery;
const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const MIB = 1024 * 1024;

afterAll(() => gallery.close());

const shown = (list: readonly Image[]) =>
  list.map(({ id, type, position }) => [id, type, position]);
const photo = jpegWith([
  segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif(6)])),
  segment(0xe1, "http://ns.adobe.com/xap/1.0/\0SECRET"),
]);

/**
 * The answer to a PNG of so many MiB that does not say how long it is. The API answers before it has read all of it and ends the
 * connection, so the client may fail on its way instead of hearing the answer: then once more.
 */
async function statusOfStream(address: string, mebibytes: number): Promise<number | null> {
  for (let attempt = 0; attempt < 10; attempt += 1) {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > mebibytes) controller.close();
        else controller.enqueue(new Uint8Array(MIB));
      },
    });
    const headers = {
      authorization: `Bearer ${inject("organizerToken")}`,
      "content-type": "image/png",
    };
    const answer = await fetch(address, { method: "POST", headers, body, duplex: "half" }).catch(
      () => null,
    );
    await answer?.arrayBuffer();
    if (answer !== null) return answer.status;
  }
  return null;
}

describe("an image", () => {
  test.each([
    ["JPEG", photo, "image/jpeg", ".jpg"],
    [
      "PNG",
      pngOf(12, 16, [pngChunk("tEXt", "a\0SECRET"), pngChunk("eXIf", exif(1))]),
      "image/png",
      ".png",
    ],
    [
      "WebP",
      webpWith([webpChunk("EXIF", exif(6)), webpChunk("XMP ", "SECRET")]),
      "image/webp",
      ".webp",
    ],
    ["AVIF", files.avif(), "image/avif", ".avif"],
  ])(
    "that is a %s is shown without its camera's notes, whatever it was called",
    async (what, bytes, type, ending) => {
      expect(holds(bytes, SECRET)).toBe(true);
      const eventId = await newEvent();
      const options = { altText: "Una tarima roja", headers: { "content-type": "image/gif" } };
      const image = await add(eventId, bytes, options);
      const [width, height] = what === "AVIF" ? [16, 12] : [12, 16];
      expect(image).toMatchObject({
        type: "gallery",
        alt_text: "Una tarima roja",
        position: 0,
        content_type: type,
        width,
        height,
        sizes: [],
      });
      expect(image.url.endsWith(`/v1/media/${image.id}${ending}`)).toBe(true);
      const answer = await file(image.url);
      expect(answer.status).toBe(200);
      expect(answer.headers.get("content-type")).toBe(type);
      expect(answer.bytes).toHaveLength(image.size_bytes);
      expect(holds(answer.bytes, SECRET)).toBe(false);
      // A real decoder reads what is left, the right way up.
      const decoded = await file(`${image.url}?width=320`);
      expect(decoded.headers.get("etag")).toMatch(/-w320"$/);
      expect(cleanImage(new Uint8Array(decoded.bytes))).toMatchObject({
        ok: true,
        value: { width, height },
      });
      expect(await images(eventId)).toEqual([image]);
    },
  );

  test("wide enough has narrower copies to choose from", async () => {
    const image = await add(await newEvent(), pngOf(1_000, 10));
    expect(image.sizes).toEqual(
      [320, 640, 960].map((width) => ({ width, url: `${image.url}?width=${width}` })),
    );
  });

  test.each([
    [
      "an SVG that says it is a PNG",
      Buffer.from("<svg onload='x()'/>"),
      415,
      { code: "image_format_unsupported", format: "svg" },
    ],
    [
      "a page that says it is an image",
      Buffer.from("<!doctype html><script>1</script>"),
      415,
      { code: "image_format_unsupported", format: "html" },
    ],
    ["a GIF", Buffer.from("GIF89a"), 415, { code: "image_format_unsupported", format: "gif" }],
    ["nothing", Buffer.alloc(0), 415, { code: "image_format_unsupported", format: "unknown" }],
    [
      "half a file",
      files.jpeg().subarray(0, 200),
      422,
      { code: "image_unreadable", reason: "truncated" },
    ],
    ["an animation", files.webpAnimated(), 422, { code: "image_unreadable", reason: "animated" }],
    [
      "a bomb",
      jpegOf(65_000, 65_000),
      422,
      { code: "image_too_large", width: 65_000, max_side: 12_000 },
    ],
  ])("is never %s", async (_what, bytes, status, refusal) => {
    const eventId = await newEvent();
    const answer = await send(eventId, bytes, { headers: { "content-type": "image/png" } });
    expectProblem(answer, status, refusal.code);
    expect(answer.body).toMatchObject(refusal);
    expect(await images(eventId)).toEqual([]);
  });

  test("that is a page, an archive or a script as well is only the image", async () => {
    const tail = "<script>alert(1)</script>PK\x03\x04 #!/bin/sh";
    for (const bytes of [
      withTail(files.jpeg(), tail),
      withTail(files.png(), tail),
      withTail(files.webp(), tail),
    ]) {
      const { url } = await add(await newEvent(), bytes);
      const answer = await file(url);
      expect(holds(answer.bytes, "script")).toBe(false);
      expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
      expect(answer.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    }
  });

  test("may be ten megabytes and not more, also when it does not say so", async () => {
    const eventId = await newEvent();
    const large = await send(eventId, Buffer.alloc(10 * MIB + 1));
    expectProblem(large, 413, "body_too_large");
    expect(large.body).toMatchObject({ max_bytes: 10 * MIB });
    const address = `${inject("apiUrl")}/v1/events/${eventId}/images?type=cover`;
    expect(await statusOfStream(address, 14)).toBe(413);
    expect(await images(eventId)).toEqual([]);
    const nearly = pngOf(16, 12, [pngChunk("prVt", new Uint8Array(10 * MIB - 200))]);
    expect((await add(eventId, nearly)).size_bytes).toBeLessThan(200);
  });

  test.each(["application/json", "multipart/form-data; boundary=x", "text/html", ""])(
    "must not come as %j",
    async (type) => {
      const answer = await send(UNKNOWN_ID, "{}", { headers: { "content-type": type } });
      expectProblem(answer, 415, "unsupported_media_type");
    },
  );

  test.each([
    ["query.type", { type: "poster" }],
    ["query.type", { type: "" }],
    ["query.alt_text", { altText: "x".repeat(201) }],
    ["query.alt_text", { altText: "a\0b" }],
  ])("needs a valid %s (%#)", async (path, options) => {
    expectInvalid(await send(UNKNOWN_ID, files.jpeg(), options), path);
  });

  test("that is sent again with its key is one image; another under the key is refused", async () => {
    const eventId = await newEvent();
    const options = { headers: { "idempotency-key": crypto.randomUUID() } };
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => send(eventId, files.jpeg(), options)),
    );
    const [first, ...others] = answers.map(imageOf);
    for (const other of others) expect(other).toEqual(first);
    expect(await images(eventId)).toEqual([first]);
    expectProblem(await send(eventId, files.png(), options), 422, "command_reused");
    // Without a key it is another image.
    await add(eventId, files.jpeg());
    expect(await images(eventId)).toHaveLength(2);
    expectProblem(
      await send(eventId, files.png(), { headers: { "idempotency-key": "short" } }),
      400,
      "idempotency_key_invalid",
    );
  });

  test("is one of sixty at the most, also when all that are one too many come at the same moment", async () => {
    const eventId = await newEvent();
    for (let round = 0; round < 5; round += 1)
      await Promise.all(Array.from({ length: 11 }, () => add(eventId, files.webpLossless())));
    const answers = await atOneMoment(12, () => send(eventId, files.webpLossless()));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
    for (const answer of answers.filter(({ status }) => status !== 201)) {
      expectProblem(answer, 409, "images_too_many");
      expect(answer.body).toMatchObject({ max: 60 });
    }
    const all = await images(eventId);
    expect(all.map(({ position }) => position)).toEqual(Array.from({ length: 60 }, (_, at) => at));
    await remove(eventId, all[0]?.id ?? "");
    expect((await send(eventId, files.jpeg())).status).toBe(201);
  });
});

/** Calls that all wait in Postgres before any of them writes, and are let go together. */
async function atOneMoment<Value>(count: number, call: () => Promise<Value>): Promise<Value[]> {
  const client = await gallery.database.connect();
  try {
    await client.query("BEGIN; LOCK TABLE images IN SHARE MODE");
    const calls = Array.from({ length: count }, call);
    await until("all of them to wait", async () => {
      const { rows } = await gallery.database.query<{ waiting: number }>(
        "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'",
      );
      return (rows[0]?.waiting ?? 0) >= count ? true : undefined;
    });
    await client.query("COMMIT");
    return await Promise.all(calls);
  } finally {
    // Ends the transaction, however it went.
    client.release(true);
  }
}

describe("what an event shows", () => {
  test("is one cover, banner and map each, the newest, and a gallery in its order", async () => {
    const eventId = await newEvent();
    const first = await add(eventId, files.jpeg(), { type: "gallery" });
    const map = await add(eventId, files.png(), { type: "map" });
    const old = await add(eventId, files.jpeg(), { type: "cover" });
    const banner = await add(eventId, files.webp(), { type: "banner" });
    const cover = await add(eventId, files.avif(), { type: "cover" });
    const second = await add(eventId, files.png(), { type: "gallery" });
    expect(shown(await images(eventId))).toEqual([
      [cover.id, "cover", 0],
      [banner.id, "banner", 0],
      [map.id, "map", 0],
      [first.id, "gallery", 0],
      [second.id, "gallery", 1],
    ]);
    expect(await stored(old.id)).toMatchObject({ shown: false, unused: true, status: "ready" });
    expect(await stored(cover.id)).toMatchObject({ shown: true, unused: false });
  });

  test("is one cover, however many come at once", async () => {
    const eventId = await newEvent();
    const covers = await Promise.all(
      Array.from({ length: 8 }, () => add(eventId, files.jpeg(), { type: "cover" })),
    );
    expect(await images(eventId)).toHaveLength(1);
    const states = await Promise.all(covers.map(({ id }) => stored(id)));
    expect(states.filter((state) => state?.shown)).toHaveLength(1);
    expect(states.filter((state) => state?.unused)).toHaveLength(7);
  });

  test("can be put in another order", async () => {
    const eventId = await newEvent();
    const ids: string[] = [];
    for (let at = 0; at < 5; at += 1) ids.push((await add(eventId, files.jpeg())).id);
    const [a, b, c, d, e] = ids;
    const order = async () => (await images(eventId)).map(({ id }) => id);
    expect(imageOf(await change(eventId, e ?? "", { position: 1 })).position).toBe(1);
    expect(await order()).toEqual([a, e, b, c, d]);
    await change(eventId, a ?? "", { position: 3 });
    expect(await order()).toEqual([e, b, c, a, d]);
    expect(imageOf(await change(eventId, e ?? "", { position: 1_000 })).position).toBe(4);
    expect(await order()).toEqual([b, c, a, d, e]);
    await remove(eventId, c ?? "");
    expect((await images(eventId)).map(({ id, position }) => [id, position])).toEqual([
      [b, 0],
      [a, 1],
      [d, 2],
      [e, 3],
    ]);
    // Moves at the same time leave an order without gaps.
    await Promise.all(
      [b, a, d, e].map((id, at) => change(eventId, id ?? "", { position: 3 - at })),
    );
    expect((await images(eventId)).map(({ position }) => position)).toEqual([0, 1, 2, 3]);
  });

  test("an image may become a cover in another's place, and go back to the gallery's end", async () => {
    const eventId = await newEvent();
    const cover = await add(eventId, files.jpeg(), { type: "cover" });
    const one = await add(eventId, files.png());
    const two = await add(eventId, files.webp());
    const changed = imageOf(await change(eventId, one.id, { type: "cover", alt_text: "Afiche" }));
    expect(changed).toMatchObject({ type: "cover", alt_text: "Afiche", position: 0 });
    expect(shown(await images(eventId))).toEqual([
      [one.id, "cover", 0],
      [two.id, "gallery", 0],
    ]);
    expect(await stored(cover.id)).toMatchObject({ shown: false, unused: true });
    await change(eventId, one.id, { type: "gallery" });
    expect(shown(await images(eventId))).toEqual([
      [two.id, "gallery", 0],
      [one.id, "gallery", 1],
    ]);
    // What is gone does not come back by a change.
    expectProblem(await change(eventId, cover.id, { type: "cover" }), 404, "image_not_found");
    expect(await images(eventId)).toHaveLength(2);
  });

  test("a deleted image is gone at once and cannot be deleted, changed or sent again", async () => {
    const eventId = await newEvent();
    const options = { headers: { "idempotency-key": crypto.randomUUID() } };
    const image = await add(eventId, files.jpeg(), options);
    expect((await remove(eventId, image.id)).status).toBe(204);
    expect(await images(eventId)).toEqual([]);
    expectProblem(await remove(eventId, image.id), 404, "image_not_found");
    expectProblem(await change(eventId, image.id, { alt_text: "x" }), 404, "image_not_found");
    expectProblem(await send(eventId, files.jpeg(), options), 404, "image_not_found");
    expect(await images(eventId)).toEqual([]);
  });

  test.each([
    ["body.type", { type: "poster" }],
    ["body.alt_text", { alt_text: "x".repeat(201) }],
    ["body.position", { position: -1 }],
    ["body.position", { position: 1.5 }],
    ["body.url", { url: "https://example.com/x.png" }],
    ["body", {}],
  ])("a change needs a valid %s (%#)", async (path, body) => {
    expectInvalid(await change(UNKNOWN_ID, UNKNOWN_ID, body), path);
  });
  test.each(badBodies)("a change refuses $what", async ({ body, headers = {}, status, code }) => {
    expectProblem(await change(UNKNOWN_ID, UNKNOWN_ID, body, { headers }), status, code);
  });
});

describe("a copy of an event", () => {
  const duplicate = async (eventId: string): Promise<string> => {
    const { body } = await gallery.asOrganizer("POST", `/v1/events/${eventId}/duplicate`);
    return z.looseObject({ id: z.string() }).parse(body).id;
  };
  const untimed = (all: Image[]) => all.map((image) => ({ ...image, created_at: "" }));
  const idsOf = async (eventId: string) => (await images(eventId)).map(({ id }) => id);

  test("shows what the original shows, in its order, and nothing it does not show", async () => {
    const eventId = await newEvent();
    await add(eventId, files.jpeg(), { type: "cover" });
    const cover = await add(eventId, files.png(), { type: "cover", altText: "portada" });
    const map = await add(eventId, files.webp(), { type: "map" });
    const [one, two, gone] = [
      await add(eventId, files.jpeg(), { altText: "uno" }),
      await add(eventId, files.png(), { altText: "dos" }),
      await add(eventId, files.webp()),
    ];
    await remove(eventId, gone.id);
    await gallery.change(eventId, two.id, { position: 0 });
    await gallery.begun(eventId, files.png());
    const copyId = await duplicate(eventId);
    expect(untimed(await images(copyId))).toEqual(untimed(await images(eventId)));
    expect(await idsOf(copyId)).toEqual([cover.id, map.id, two.id, one.id]);
  });

  test("and its original change what they show each for itself", async () => {
    const eventId = await newEvent();
    const cover = await add(eventId, files.jpeg(), { type: "cover", altText: "antes" });
    const banner = await add(eventId, files.png(), { type: "banner" });
    const copyId = await duplicate(eventId);
    const before = await images(eventId);
    await gallery.change(copyId, cover.id, { alt_text: "después" });
    const own = await add(copyId, files.webp(), { type: "banner" });
    expect(await images(eventId)).toEqual(before);
    expect(await images(copyId)).toMatchObject([
      { id: cover.id, alt_text: "después" },
      { id: own.id },
    ]);
    await remove(eventId, cover.id);
    expect(await idsOf(eventId)).toEqual([banner.id]);
    expect(await idsOf(copyId)).toEqual([cover.id, own.id]);
  });

  test("keeps the files when the original deletes or replaces them, or is deleted; the last one to let go ends them", async () => {
    const eventId = await newEvent();
    const cover = await add(eventId, files.jpeg(), { type: "cover" });
    const deleted = await add(eventId, files.png());
    const kept = await add(eventId, files.webp());
    const all = [cover, deleted, kept];
    const copyId = await duplicate(eventId);
    const tidyADayLater = async () => {
      await ring();
      await age(
        all.map(({ id }) => id),
        25,
      );
      await ring();
      await ring();
    };
    await add(eventId, files.jpeg(), { type: "cover" });
    await remove(eventId, deleted.id);
    expect((await gallery.asOrganizer("DELETE", `/v1/events/${eventId}`)).status).toBe(204);
    await tidyADayLater();
    expect(await idsOf(copyId)).toEqual(all.map(({ id }) => id));
    for (const { id, url } of all) {
      expect(await gallery.isStored(url)).toBe(true);
      expect(await stored(id)).toMatchObject({ status: "ready", unused: false, shown: true });
    }
    // The original, deleted, showed `kept` to its end: that must not keep the file for ever.
    expect((await remove(copyId, kept.id)).status).toBe(204);
    await tidyADayLater();
    expect(await gallery.isStored(kept.url)).toBe(false);
    expect(await gallery.isStored(cover.url)).toBe(true);
    expect((await gallery.asOrganizer("DELETE", `/v1/events/${copyId}`)).status).toBe(204);
    await tidyADayLater();
    for (const { url } of all) expect(await gallery.isStored(url)).toBe(false);
  });

  test("and its original that let go of a file at the same moment do not leave it to each other", async () => {
    for (let round = 0; round < 5; round += 1) {
      const eventId = await newEvent();
      const image = await add(eventId, files.jpeg());
      const copyId = await duplicate(eventId);
      await Promise.all([remove(eventId, image.id), remove(copyId, image.id)]);
      expect(await stored(image.id)).toMatchObject({ unused: true, shown: false });
    }
  });
});

describe("images are", () => {
  test("nobody else's business, and nothing changes when somebody tries", async () => {
    const eventId = await newEvent();
    const image = await add(eventId, files.jpeg(), { type: "cover" });
    const before = await images(eventId);
    const other = { token: inject("otherOrganizerToken") };
    const path = `/v1/events/${eventId}/images`;
    expectProblem(
      await send(eventId, files.png(), { ...other, type: "cover" }),
      404,
      "event_not_found",
    );
    expectProblem(await gallery.call("GET", path, other), 404, "event_not_found");
    expectProblem(await change(eventId, image.id, { type: "map" }, other), 404, "image_not_found");
    expectProblem(await remove(eventId, image.id, other), 404, "image_not_found");
    // Nor reached by way of another event of one's own.
    const mine = await newEvent();
    expectProblem(await change(mine, image.id, { type: "map" }), 404, "image_not_found");
    expectProblem(await remove(mine, image.id), 404, "image_not_found");
    expectProblem(await send(UNKNOWN_ID, files.png()), 404, "event_not_found");
    expect(await images(eventId)).toEqual(before);
  });

  test("not for the gate, and only to be looked at for finance", async () => {
    const eventId = await newEvent();
    const image = await add(eventId, files.jpeg());
    const team = openTeam(gallery);
    const tokenOf = async (role: string) =>
      (await team.newSession(await team.newMember(undefined, role))).token;
    const path = `/v1/events/${eventId}/images`;
    for (const role of ["gate", "finance"]) {
      const token = await tokenOf(role);
      expectProblem(await send(eventId, files.png(), { token }), 403, "role_not_allowed");
      expectProblem(
        await change(eventId, image.id, { type: "map" }, { token }),
        403,
        "role_not_allowed",
      );
      expectProblem(await remove(eventId, image.id, { token }), 403, "role_not_allowed");
      const read = await gallery.call("GET", path, { token });
      expect(read.status).toBe(role === "finance" ? 200 : 403);
    }
    expectProblem(await gallery.call("GET", path), 401, "session_required");
    expect(await images(eventId)).toEqual([image]);
  });
});

test("what anybody may read of images is what published events show", async () => {
  const event = await gallery.publishEvent([{ units: 1 }]);
  const draft = await newEvent();
  const cover = await add(event.eventId, files.jpeg(), { type: "cover" });
  const deleted = await add(event.eventId, files.png());
  await remove(event.eventId, deleted.id);
  const hidden = await add(draft, files.webp());
  const upload = await gallery.begun(event.eventId, files.png());
  const all = [cover.id, deleted.id, hidden.id, upload.id];
  const readBy = async (scope: string, profileId: string) => {
    const client = new pg.Client({ connectionString: inject("workerVariables")["DATABASE_URL"] });
    await client.connect();
    try {
      await client.query(
        "SELECT set_config('waro.scope', $1, false), set_config('waro.profile_id', $2, false)",
        [scope, profileId],
      );
      const known = await client.query("SELECT id FROM images WHERE id = ANY ($1::uuid[])", [all]);
      const uses = await client.query(
        "SELECT image_id AS id FROM cluster_images WHERE image_id = ANY ($1::uuid[])",
        [all],
      );
      return [known.rows, uses.rows].map((rows) => rows.map(({ id }) => id));
    } finally {
      await client.end();
    }
  };
  expect(await readBy("public", CARIBE.profileId)).toEqual([[cover.id], [cover.id]]);
  expect(await readBy("public", ANDINO.profileId)).toEqual([[], []]);
  expect(await readBy("tenant", ANDINO.profileId)).toEqual([[], []]);
  expect(await readBy("", CARIBE.profileId)).toEqual([[], []]);
});

describe("the minute tidies away", () => {
  test("what was replaced or deleted a day ago, and never what is shown", async () => {
    const eventId = await newEvent();
    const replaced = await add(eventId, files.jpeg(), { type: "cover" });
    const cover = await add(eventId, files.png(), { type: "cover" });
    const deleted = await add(eventId, files.webp());
    await remove(eventId, deleted.id);
    await age([replaced.id, deleted.id], 23);
    await ring();
    expect(await gallery.isStored(replaced.url)).toBe(true);
    await age([replaced.id, deleted.id], 2);
    await ring();
    await ring();
    expect(await gallery.isStored(replaced.url)).toBe(false);
    expect(await gallery.isStored(deleted.url)).toBe(false);
    expect(await stored(replaced.id)).toMatchObject({ status: "removed" });
    expect(await gallery.isStored(cover.url)).toBe(true);
    expect((await images(eventId)).map(({ id }) => id)).toEqual([cover.id]);
  });

  test("not even an image that is shown and marked unused by mistake", async () => {
    const eventId = await newEvent();
    const image = await add(eventId, files.jpeg(), { type: "cover" });
    await gallery.database.query(
      "UPDATE images SET unused_since = now() - interval '9 days' WHERE id = $1",
      [image.id],
    );
    await ring();
    expect(await gallery.isStored(image.url)).toBe(true);
    expect(await stored(image.id)).toMatchObject({ status: "ready", unused: false });
  });

  test("the images of a deleted event, a day after it noticed", async () => {
    const eventId = await newEvent();
    const image = await add(eventId, files.jpeg(), { type: "cover" });
    await gallery.database.query("UPDATE clusters SET is_active = false WHERE id = $1", [eventId]);
    expectProblem(await remove(eventId, image.id), 404, "image_not_found");
    await ring();
    expect(await stored(image.id)).toMatchObject({ status: "ready", unused: true });
    expect(await gallery.isStored(image.url)).toBe(true);
    await age([image.id], 25);
    await ring();
    expect(await stored(image.id)).toMatchObject({ status: "removed" });
    expect(await gallery.isStored(image.url)).toBe(false);
  });

  test("what a crash left behind: a file without an image, and a removal that did not end", async () => {
    const eventId = await newEvent();
    const image = await add(eventId, files.jpeg());
    const other = await add(eventId, files.png());
    await remove(eventId, other.id);
    // As the rows were when a Worker died after it had stored the file, and another in the middle of a removal.
    await gallery.database.query(
      "UPDATE images SET status = 'uploading', unused_since = now() - interval '25 hours' WHERE id = $1",
      [image.id],
    );
    await gallery.database.query(
      "UPDATE cluster_images SET attached_at = NULL WHERE image_id = $1",
      [image.id],
    );
    await gallery.database.query(
      "UPDATE images SET status = 'removing', unused_since = now() - interval '25 hours' WHERE id = $1",
      [other.id],
    );
    await ring();
    for (const { id, url } of [image, other]) {
      expect(await stored(id)).toMatchObject({ status: "removed" });
      expect(await gallery.isStored(url)).toBe(false);
    }
  });
});
