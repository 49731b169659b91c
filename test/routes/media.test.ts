// How anybody gets an image's file, over HTTP against a running stack: whole, in part, not again, narrower; and nothing else.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { cleanImage } from "../../src/shared/images/clean-image.ts";
import { type Image, openGallery } from "../support/gallery.ts";
import { files, pngOf } from "../support/images.ts";
import { expectInvalid, expectProblem } from "../support/problems.ts";

const gallery = openGallery();
const { file, call } = gallery;

let image: Image;
let whole: Buffer;

beforeAll(async () => {
  image = await gallery.add(await gallery.newEvent(), files.jpeg());
  whole = (await file(image.url)).bytes;
});
afterAll(() => gallery.close());

describe("a file", () => {
  test("is for ever the same, is what it says it is, and may do nothing", async () => {
    for (let time = 0; time < 3; time += 1) {
      const { status, headers, bytes } = await file(image.url);
      expect(status).toBe(200);
      expect(bytes.equals(whole)).toBe(true);
      expect(Object.fromEntries(headers)).toMatchObject({
        "content-type": "image/jpeg",
        "content-length": String(image.size_bytes),
        "cache-control": "public, max-age=31536000, immutable",
        "accept-ranges": "bytes",
        etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "access-control-allow-origin": "*",
        "cross-origin-resource-policy": "cross-origin",
      });
      expect(headers.has("set-cookie")).toBe(false);
    }
  });

  test("is not sent again to whoever has it", async () => {
    const { headers } = await file(image.url);
    const etag = headers.get("etag") ?? "";
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const answer = await file(image.url, { "if-none-match": tag });
      expect(answer.status).toBe(304);
      expect(answer.bytes).toHaveLength(0);
      expect(answer.headers.get("etag")).toBe(etag);
      expect(answer.headers.get("cache-control")).toContain("immutable");
    }
    const changed = await file(image.url, { "if-none-match": '"other"' });
    expect(changed.status).toBe(200);
    expect(changed.bytes.equals(whole)).toBe(true);
  });

  test.each([
    ["bytes=0-9", 0, 10],
    ["bytes=260-", 260, 269],
    ["bytes=-9", 260, 269],
    ["bytes=100-100", 100, 101],
    ["bytes=200-99999", 200, 269],
  ])("may be had in part: %s", async (range, from, to) => {
    expect(whole).toHaveLength(269);
    const answer = await file(image.url, { range });
    expect(answer.status).toBe(206);
    expect(answer.bytes.equals(whole.subarray(from, to))).toBe(true);
    expect(answer.headers.get("content-range")).toBe(`bytes ${from}-${to - 1}/269`);
    expect(answer.headers.get("content-length")).toBe(String(to - from));
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
  });

  test("has no part beyond its end", async () => {
    const path = new URL(image.url).pathname;
    const answer = await call("GET", path, { headers: { range: "bytes=269-" } });
    expectProblem(answer, 416, "range_not_satisfiable");
    expect(answer.headers.get("content-range")).toBe("bytes */269");
  });

  test.each(["bytes=9-0", "bytes=0-1,5-6", "lines=1-2", "bytes="])(
    "is whole for whoever asks %s",
    async (range) => {
      const answer = await file(image.url, { range });
      expect(answer.status).toBe(200);
      expect(answer.bytes.equals(whole)).toBe(true);
    },
  );

  test("comes in part only to whoever has the same version of the rest", async () => {
    const etag = (await file(image.url)).headers.get("etag") ?? "";
    const range = "bytes=0-9";
    expect((await file(image.url, { range, "if-range": etag })).status).toBe(206);
    expect((await file(image.url, { range, "if-range": '"other"' })).status).toBe(200);
  });

  test("may be asked about without being sent", async () => {
    const answer = await file(image.url, {}, "HEAD");
    expect(answer.status).toBe(200);
    expect(answer.bytes).toHaveLength(0);
    expect(answer.headers.get("content-type")).toBe("image/jpeg");
  });
});

describe("a narrower copy", () => {
  test("is as wide as was asked for, in the same format, with a tag of its own", async () => {
    const wide = await gallery.add(await gallery.newEvent(), files.jpeg());
    const original = await file(wide.url);
    const narrow = await file(`${wide.url}?width=320`);
    expect(narrow.status).toBe(200);
    expect(narrow.headers.get("content-type")).toBe("image/jpeg");
    expect(narrow.headers.get("etag")).not.toBe(original.headers.get("etag"));
    expect(narrow.headers.get("cache-control")).toContain("immutable");
    // Never wider than it is.
    const read = cleanImage(new Uint8Array(narrow.bytes));
    expect(read).toMatchObject({ ok: true, value: { width: 16, height: 12 } });
  });

  test("may be had in part, and is not sent again either", async () => {
    const address = `${image.url}?width=640`;
    const { headers, bytes } = await file(address);
    const part = await file(address, { range: "bytes=2-5" });
    expect(part.status).toBe(206);
    expect(part.bytes.equals(bytes.subarray(2, 6))).toBe(true);
    const again = await file(address, { "if-none-match": headers.get("etag") ?? "" });
    expect(again.status).toBe(304);
  });

  test("is the image as it is where it cannot be made", async () => {
    // Its header says 1000 by 10; its data is of another size, which no decoder takes.
    const broken = await gallery.add(await gallery.newEvent(), pngOf(1_000, 10));
    const original = await file(broken.url);
    const answer = await file(`${broken.url}?width=320`);
    expect(answer.status).toBe(200);
    expect(answer.bytes.equals(original.bytes)).toBe(true);
    expect(answer.headers.get("etag")).toBe(original.headers.get("etag"));
  });

  test.each(["321", "0", "-320", "320.0", "0320", "1e3", "", "99999999"])(
    "is not of any width: %s",
    async (width) => {
      const path = `${new URL(image.url).pathname}?width=${width}`;
      expectInvalid(await call("GET", path), "query.width");
    },
  );
});

describe("nothing else is reached by a name", () => {
  const id = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";

  test.each([
    `${id}.jpg`,
    `${id}.svg`,
    `${id}.JPG`,
    id,
    `${id}.jpg%00.png`,
    `${id}.jpg%20`,
    `${id}.jpg%0a`,
    "..%2Fuploads%2Fx.jpg",
    "%2e%2e%2fqr%2fx.svg",
    "..%5Cqr",
    "%252e%252e%252f",
    "images%2Fx.jpg",
    "x",
    "*",
    "%",
    "a".repeat(5_000),
  ])("%s", async (name) => {
    expectProblem(await call("GET", `/v1/media/${name}`), 404, "media_not_found");
  });

  test.each(["/v1/media", "/v1/media/", `/v1/media/a/${id}.jpg`, "/v1/media/../qr/x"])(
    "%s",
    async (path) => {
      expect((await call("GET", path)).status).toBeGreaterThanOrEqual(401);
    },
  );

  test("neither a ticket's QR nor a file that was not checked yet", async () => {
    const event = await gallery.publishEvent([{ units: 1 }]);
    const areaId = event.areaIds[0] ?? "";
    const { reservation } = await gallery.buy(event, [{ area_id: areaId, quantity: 1 }]);
    const unitId = reservation.units[0]?.reservation_unit_id ?? "";
    for (const name of [`${unitId}.svg`, `qr%2F${unitId}%2F1.svg`, `..%2Fqr%2F${unitId}%2F1.svg`])
      expectProblem(await call("GET", `/v1/media/${name}`), 404, "media_not_found");

    const bytes = files.png();
    const begun = await gallery.begun(event.eventId, bytes);
    await gallery.put(begun, bytes);
    for (const name of [
      `${begun.id}.png`,
      begun.id,
      `..%2Fuploads%2F${begun.id}`,
      `uploads%2F${begun.id}`,
    ])
      expectProblem(await call("GET", `/v1/media/${name}`), 404, "media_not_found");
    const bare = await fetch(begun.url.split("?")[0] ?? "");
    expect(bare.status).toBeGreaterThanOrEqual(400);
    await bare.arrayBuffer();
  });

  test("and nothing is written there", async () => {
    for (const method of ["PUT", "POST", "DELETE", "PATCH"]) {
      const answer = await call(method, new URL(image.url).pathname, {
        token: inject("organizerToken"),
      });
      expectProblem(answer, 404, "route_not_found");
    }
    expect((await file(image.url)).bytes.equals(whole)).toBe(true);
  });
});
