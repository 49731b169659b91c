// Image files taken for what their bytes are: what stays of them, what never does, and what is refused by name.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PIXELS_MAX, SIDE_MAX, cleanImage } from "../../src/shared/images/clean-image.ts";
import {
  SECRET,
  avifOf,
  exif,
  files,
  holds,
  jpegOf,
  jpegWith,
  patched,
  pngChunk,
  pngOf,
  segment,
  webpChunk,
  webpWith,
  withTail,
} from "../support/images.ts";

function cleaned(file: Uint8Array) {
  const result = cleanImage(file);
  if (!result.ok) throw new Error(JSON.stringify(result.refusal));
  return result.value;
}

const refusal = (file: Uint8Array) => {
  const result = cleanImage(file);
  return result.ok ? "was taken" : result.refusal;
};
const unreadable = (reason: string) => ({ code: "image_unreadable", reason });
const unsupported = (format: string) => ({ code: "image_format_unsupported", format });
const text = (content: string) => new TextEncoder().encode(content);

const JPEG_NOTES = [
  segment(0xe0, "JFXX\0preview SECRET"),
  segment(0xe1, "http://ns.adobe.com/xap/1.0/\0<x>SECRET XMP</x>"),
  segment(0xe2, "MPF\0SECRET further pictures"),
  segment(0xed, "Photoshop 3.0\x008BIM SECRET city"),
  segment(0xef, "SECRET anything"),
  segment(0xee, "Adobe\0d\0\0\0\0\x01SECRET"),
  segment(0xf0, "SECRET extension"),
  segment(0xfe, "SECRET comment"),
];
const EXIF_SEGMENT = (orientation: number) =>
  segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), exif(orientation)]));
const PNG_NOTES = [
  pngChunk("eXIf", exif(6)),
  pngChunk("tEXt", "Comment\0SECRET"),
  pngChunk("zTXt", "Comment\0\0SECRET"),
  pngChunk("iTXt", "XML:com.adobe.xmp\0\0\0\0\0<x>SECRET</x>"),
  pngChunk("tIME", "SECRET!"),
  pngChunk("prVt", "SECRET"),
  pngChunk("acTL", "SECRET!!"),
];
const WEBP_NOTES = [
  webpChunk("EXIF", exif(6)),
  webpChunk("XMP ", "<x>SECRET</x>"),
  webpChunk("OWN ", "SECRET!"),
];

describe("a file is taken for what its bytes are", () => {
  test.each([
    ["image/jpeg", files.jpeg()],
    ["image/png", files.png()],
    ["image/webp", files.webp()],
    ["image/webp", files.webpLossless()],
    ["image/avif", files.avif()],
  ])("%s", (contentType, file) => {
    expect(cleaned(file)).toMatchObject({ contentType, width: 16, height: 12 });
  });

  test.each([
    ["gif", text("GIF89a....")],
    ["bmp", text("BM......")],
    ["tiff", text("II*\0....")],
    ["pdf", text("%PDF-1.7")],
    ["zip", text("PK\x03\x04....")],
    ["gzip", new Uint8Array([0x1f, 0x8b, 8, 0])],
    ["riff", text("RIFF....AVI ")],
    ["heic", text("\0\0\0\x18ftypheic\0\0\0\0mif1heic")],
    ["mp4", text("\0\0\0\x18ftypisom\0\0\0\0mp41mp42")],
    ["svg", text('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>')],
    ["svg", text('\uFEFF<?xml version="1.0"?>\n<!-- x --><svg></svg>')],
    ["svg", text("<!DOCTYPE svg PUBLIC><x/>")],
    ["html", text("\n<!doctype html><script>alert(1)</script>")],
    ["xml", text("<feed/>")],
    ["unknown", text("hello")],
    ["unknown", new Uint8Array()],
    ["unknown", new Uint8Array([0xff, 0xd8])],
  ])("%s is refused by name (%#)", (format, file) => {
    expect(refusal(file)).toEqual(unsupported(format));
  });
});

describe("what a camera or an editor wrote beside the picture is gone", () => {
  test.each([
    ["JPEG", jpegWith([EXIF_SEGMENT(1), ...JPEG_NOTES])],
    ["JPEG with previews after its end", withTail(files.jpeg(), "\xff\xd8 SECRET \xff\xd9")],
    ["PNG", pngOf(16, 12, PNG_NOTES)],
    ["PNG with something after its end", withTail(files.png(), "SECRET")],
    ["WebP", webpWith(WEBP_NOTES)],
    ["WebP with something after its end", withTail(files.webp(), "SECRET")],
    ["AVIF", files.avif()],
    ["AVIF with boxes nobody needs", withTail(files.avif(), "\0\0\0\x0euuidSECRET")],
  ])("%s", (_what, file) => {
    expect(holds(file, SECRET)).toBe(true);
    const { bytes } = cleaned(file);
    expect(holds(bytes, SECRET)).toBe(false);
    expect(holds(bytes, "74.1W")).toBe(false);
    // What is clean stays as it is.
    expect(Buffer.from(cleaned(bytes).bytes).equals(Buffer.from(bytes))).toBe(true);
  });

  test.each([
    ["JPEG", files.jpeg(), jpegWith(JPEG_NOTES)],
    ["PNG", files.png(), pngOf(16, 12, PNG_NOTES.slice(1))],
  ])("and the picture of a %s is byte for byte the same", (_what, plain, noted) => {
    expect(Buffer.from(cleaned(noted).bytes).equals(Buffer.from(cleaned(plain).bytes))).toBe(true);
  });

  test("but its colours stay", () => {
    const colours = [
      segment(0xe2, "ICC_PROFILE\0\x01\x01colours"),
      segment(0xee, "Adobe\0d\0\0\0\0\x01"),
    ];
    const { bytes } = cleaned(jpegWith(colours));
    expect(holds(bytes, "colours")).toBe(true);
    expect(holds(bytes, "Adobe")).toBe(true);
    const png = cleaned(
      pngOf(16, 12, [pngChunk("gAMA", "\0\0\xb1\x8f"), pngChunk("iCCP", "colours")]),
    );
    expect(holds(png.bytes, "gAMA")).toBe(true);
    expect(holds(png.bytes, "colours")).toBe(true);
  });

  test("in AVIF the notes say nothing, in the same place, and nothing has moved", () => {
    const file = files.avif();
    const { bytes } = cleaned(file);
    expect(bytes).toHaveLength(file.length);
    const data = Buffer.from(file).indexOf("mdat");
    expect(Buffer.from(bytes.subarray(0, data)).equals(Buffer.from(file.subarray(0, data)))).toBe(
      true,
    );
    expect(holds(bytes, "MM\0*")).toBe(true);
    expect(holds(bytes, "xmpmeta")).toBe(false);
  });
});

describe("which way up a picture is stays known", () => {
  const FORMATS = [
    [
      "JPEG",
      (note: Buffer) => jpegWith([segment(0xe1, Buffer.concat([Buffer.from("Exif\0\0"), note]))]),
    ],
    ["PNG", (note: Buffer) => pngOf(16, 12, [pngChunk("eXIf", note)])],
    ["WebP", (note: Buffer) => webpWith([webpChunk("EXIF", note)])],
  ] as const;

  test.each(FORMATS)("%s", (_what, withNote) => {
    for (const isLittle of [true, false]) {
      for (let orientation = 1; orientation <= 8; orientation += 1) {
        const image = cleaned(withNote(exif(orientation, { isLittle })));
        const isOnItsSide = orientation > 4;
        expect(image).toMatchObject(
          isOnItsSide ? { width: 12, height: 16 } : { width: 16, height: 12 },
        );
        expect(cleaned(image.bytes)).toMatchObject({ width: image.width, height: image.height });
        expect(holds(image.bytes, SECRET)).toBe(false);
      }
    }
  });

  test.each(FORMATS)("and nonsense in the notes of a %s is as good as none", (_what, withNote) => {
    for (const note of [
      exif(0),
      exif(9),
      exif(6).subarray(0, 15),
      Buffer.from("MM\0*\xff\xff\xff\xff", "latin1"),
      Buffer.from("SECRET"),
    ]) {
      const image = cleaned(withNote(note));
      expect(image).toMatchObject({ width: 16, height: 12 });
      expect(holds(image.bytes, SECRET)).toBe(false);
    }
  });
});

describe("a picture larger than anybody shows is refused by its header", () => {
  const limits = { max_side: SIDE_MAX, max_pixels: PIXELS_MAX };
  test.each([
    ["JPEG", jpegOf(65_535, 65_535), 65_535, 65_535],
    ["JPEG, a line", jpegOf(12_001, 1), 12_001, 1],
    ["PNG", pngOf(2_000_000_000, 2_000_000_000), 2_000_000_000, 2_000_000_000],
    ["PNG, a little", pngOf(10_000, 5_001), 10_000, 5_001],
    ["AVIF", avifOf(12_001, 4), 12_001, 4],
  ])("%s", (_what, file, width, height) => {
    expect(refusal(file)).toEqual({ code: "image_too_large", width, height, ...limits });
  });

  test("and one as large as allowed is not", () => {
    expect(cleaned(pngOf(10_000, 5_000))).toMatchObject({ width: 10_000, height: 5_000 });
    expect(cleaned(jpegOf(SIDE_MAX, 4_000))).toMatchObject({ width: SIDE_MAX });
  });
});

describe("a file that cannot be read to its end is refused", () => {
  test.each([
    ["JPEG", files.jpeg()],
    ["PNG", files.png()],
    ["WebP", files.webp()],
    ["AVIF", files.avif()],
  ])("%s, wherever it is cut", (_what, file) => {
    // Up to its last byte but the padding nobody misses.
    for (let length = 12; length < file.length - 1; length += 1) {
      const result = cleanImage(file.subarray(0, length));
      expect(result.ok, `${length} of ${file.length} bytes`).toBe(false);
    }
  });

  test.each([
    ["a JPEG of no height", jpegOf(16, 0), "malformed"],
    [
      "a JPEG with two frames",
      jpegWith([segment(0xc0, "\x08\0\x10\0\x10\x01\x01\x11\0")]),
      "malformed",
    ],
    ["a JPEG that starts again", jpegWith([new Uint8Array([0xff, 0xd8])]), "malformed"],
    [
      "a JPEG with text between its segments",
      jpegWith([segment(0xfe, "x"), text("<script>")]),
      "malformed",
    ],
    ["a JPEG without data", new Uint8Array([0xff, 0xd8, 0xff, 0xd9]), "malformed"],
    ["a PNG of no width", pngOf(0, 12), "malformed"],
    [
      "a PNG with a critical chunk nobody knows",
      pngOf(16, 12, [pngChunk("ABCD", "")]),
      "malformed",
    ],
    [
      "a PNG with a second header",
      pngOf(16, 12, [pngChunk("IHDR", "\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0")]),
      "malformed",
    ],
    ["a PNG without data", patched(files.png(), "IDAT", { bytes: [...text("idAT")] }), "malformed"],
    [
      "a PNG of millions of chunks",
      pngOf(
        16,
        12,
        Array.from({ length: 20_000 }, () => pngChunk("tEXt", "")),
      ),
      "malformed",
    ],
    ["a WebP whose canvas is another size", webpWith([], { width: 17 }), "malformed"],
    ["a WebP with two pictures", webpWith([files.webp().subarray(12)]), "malformed"],
    ["a WebP that moves", files.webpAnimated(), "animated"],
    [
      "an AVIF that moves",
      patched(files.avif(), "ftypavif", { offset: 4, bytes: [...text("avis")] }),
      "animated",
    ],
    [
      "an AVIF whose picture lies in another item",
      patched(files.avif(), "iloc", { offset: 4, bytes: [1, 0, 0, 0, 0x44, 0, 0, 3, 0, 1, 0, 2] }),
      "metadata_unsafe",
    ],
    [
      "an AVIF with protected items",
      patched(files.avif(), "av01", { offset: -1, bytes: [1] }),
      "metadata_unsafe",
    ],
    [
      "an AVIF whose items are of an old kind",
      patched(files.avif(), "infe", { offset: 4, bytes: [0] }),
      "metadata_unsafe",
    ],
    [
      "an AVIF without a size",
      patched(files.avif(), "ispe", { bytes: [...text("free")] }),
      "malformed",
    ],
    ["an AVIF of no size", avifOf(0, 12), "malformed"],
  ])("%s", (_what, file, reason) => {
    expect(refusal(file)).toEqual(unreadable(reason));
  });

  test("whatever is done to it, nothing throws, and what is taken reads the same again", () => {
    const originals = [
      jpegWith([EXIF_SEGMENT(6), ...JPEG_NOTES]),
      pngOf(16, 12, PNG_NOTES),
      webpWith(WEBP_NOTES),
      files.avif(),
    ];
    const damage = fc.record({
      file: fc.constantFrom(...originals),
      changes: fc.array(fc.tuple(fc.nat(1_200), fc.nat(255)), { maxLength: 4 }),
      cut: fc.nat(1_200),
    });
    fc.assert(
      fc.property(damage, ({ file, changes, cut }) => {
        const changed = file.slice(0, Math.max(16, file.length - (cut % 40)));
        for (const [at, byte] of changes) changed[at % changed.length] = byte;
        const result = cleanImage(changed);
        if (!result.ok) return;
        const again = cleanImage(result.value.bytes);
        expect(
          again.ok && Buffer.from(again.value.bytes).equals(Buffer.from(result.value.bytes)),
        ).toBe(true);
      }),
      { numRuns: 20_000 },
    );
  });
});
