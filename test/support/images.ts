// Small image files for tests: a red picture of 16 by 12 as real encoders wrote it, and what cameras, editors and attackers
// put into such files. Asserts nothing.

import { crc32, deflateSync } from "node:zlib";

const jpeg =
  "/9j/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBkeFxlZ2P/2wBD" +
  "ARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/wAARCAAMABAD" +
  "ASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAX/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAA" +
  "BAb/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCOACqH/9k=";
const webp = "UklGRjYAAABXRUJQVlA4ICoAAACQAQCdASoQAAwAAsBMJaACdLoAA5gA/u2QP4hd7G2//PTP62/j/xkAAAA=";
const webpLossless = "UklGRh4AAABXRUJQVlA4TBEAAAAvD8ACAAdQjyLXo/+BiOh/AAA=";
const webpAnimated =
  "UklGRsAAAABXRUJQVlA4WAoAAAACAAAADwAACwAAQU5JTQYAAAD/////AQBBTk1GRgAAAAAAAAAAAA8AAAsAAGQAAAJWUDggLgAA" +
  "ALABAJ0BKhAADAABQCYloAJ0ugAEMAAA/vHcj/gN18W0y/+9gv/dgv/dgv9bAABBTk1GRgAAAAAAAAAAAA8AAAsAAGQAAABWUDgg" +
  "LgAAALQBAJ0BKhAADAAAACYloAJ0ugAEZoAA/vC6a/uDM+rscP/vgT/3gT/3gT/bYAA=";
const avif =
  "AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAAWFtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAA" +
  "AEZpbG9jAAAAAERAAAMAAQAAAAABhQABAAAAAAAAACQAAgAAAAABqQABAAAAAAAAARoAAwAAAAACwwABAAAAAAAAADoAAABiaWlu" +
  "ZgAAAAAAAwAAABVpbmZlAgAAAAABAABhdjAxAAAAABVpbmZlAgAAAQACAABFeGlmAAAAACppbmZlAgAAAQADAABtaW1lAGFwcGxp" +
  "Y2F0aW9uL3JkZit4bWwAAAAAAA5waXRtAAAAAAABAAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAABAA" +
  "AAAMAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAgMAAAAoaXJlZgAAAAAAAAAOY2RzYwACAAEAAQAAAA5jZHNj" +
  "AAMAAQABAAABgG1kYXQSAAoIOAz+2kBDQaQyFhxCYuTgABYAAHV9Wb3MseqA/4g72cAAAAAGRXhpZgAASUkqAAgAAAAIABIBAwAB" +
  "AAAAAQAAABoBBQABAAAAbgAAABsBBQABAAAAdgAAACgBAwABAAAAAgAAADsBAgAOAAAAfgAAABMCAwABAAAAAQAAAGmHBAABAAAA" +
  "jAAAACWIBAABAAAA2gAAAAAAAAA4YwAA6AMAADhjAADoAwAAU0VDUkVUIEFSVElTVAAGAACQBwAEAAAAMDIxMAGRBwAEAAAAAQID" +
  "AACgBwAEAAAAMDEwMAGgAwABAAAA//8AAAKgBAABAAAAEAAAAAOgBAABAAAADAAAAAAAAAACAAEAAgACAAAATgAAAAIABQADAAAA" +
  "+AAAAAAAAAAEAAAAAQAAACMAAAABAAAAAAAAAAEAAAA8eDp4bXBtZXRhIHhtbG5zOng9ImFkb2JlOm5zOm1ldGEvIj5TRUNSRVQg" +
  "WE1QPC94OnhtcG1ldGE+";

/** What no cleaned file may hold. */
export const SECRET = "SECRET";

const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, "base64"));
const ascii = (text: string) => Buffer.from(text, "latin1");
const bytesOf = (...parts: (Uint8Array | number[])[]) =>
  new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const big = (value: number, bytes: number) => {
  const buffer = Buffer.alloc(bytes);
  buffer.writeUIntBE(value, 0, bytes);
  return buffer;
};
const little = (value: number, bytes: number) => Buffer.from(big(value, bytes).toReversed());

export const files = {
  jpeg: () => fromBase64(jpeg),
  png: () => pngOf(16, 12),
  webp: () => fromBase64(webp),
  webpLossless: () => fromBase64(webpLossless),
  webpAnimated: () => fromBase64(webpAnimated),
  /** With an EXIF and an XMP item. */
  avif: () => fromBase64(avif),
};

/** A camera's notes: which way up, who, and where on Earth. */
export function exif(orientation: number, { isLittle = false } = {}): Buffer {
  const number = isLittle ? little : big;
  const directory = Buffer.concat([
    number(3, 2),
    ...[number(0x0112, 2), number(3, 2), number(1, 4), number(orientation, 2), number(0, 2)],
    ...[number(0x013b, 2), number(2, 2), number(13, 4), number(50, 4)],
    ...[number(0x8825, 2), number(4, 2), number(1, 4), number(64, 4)],
    number(0, 4),
  ]);
  const start = Buffer.concat([ascii(isLittle ? "II" : "MM"), number(42, 2), number(8, 4)]);
  return Buffer.concat([
    start,
    directory,
    ascii("SECRET PHOTO\0\0"),
    ascii("GPS SECRET 4.6N 74.1W"),
  ]);
}

/** A JPEG segment. */
export function segment(marker: number, body: Uint8Array | string): Uint8Array {
  const bytes = typeof body === "string" ? ascii(body) : body;
  return bytesOf([0xff, marker], big(bytes.length + 2, 2), bytes);
}

/** Segments behind the start of a JPEG. */
export function jpegWith(segments: readonly Uint8Array[], file = files.jpeg()): Uint8Array {
  return bytesOf(file.subarray(0, 2), ...segments, file.subarray(2));
}

/** Of this size in its frame, whatever its data. */
export function jpegOf(width: number, height: number): Uint8Array {
  const file = files.jpeg();
  const frame = Buffer.from(file).indexOf(Buffer.from([0xff, 0xc0]));
  file.set(bytesOf(big(height, 2), big(width, 2)), frame + 5);
  return file;
}

export function pngChunk(type: string, body: Uint8Array | string): Uint8Array {
  const bytes = bytesOf(ascii(type), typeof body === "string" ? ascii(body) : body);
  return bytesOf(big(bytes.length - 4, 4), bytes, big(crc32(bytes), 4));
}

/** A red PNG; the size is only claimed when the picture would be large. */
export function pngOf(
  width: number,
  height: number,
  chunks: readonly Uint8Array[] = [],
): Uint8Array {
  const header = bytesOf(big(width, 4), big(height, 4), [8, 2, 0, 0, 0]);
  const row = Buffer.concat([
    Buffer.from([0]),
    Buffer.alloc(Math.min(width, 64) * 3, Buffer.from([200, 30, 30])),
  ]);
  const pixels = deflateSync(
    Buffer.concat(Array.from({ length: Math.min(height, 64) }, () => row)),
  );
  return bytesOf(
    ascii("\x89PNG\r\n\x1a\n"),
    pngChunk("IHDR", header),
    ...chunks,
    pngChunk("IDAT", pixels),
    pngChunk("IEND", ""),
  );
}

export function webpChunk(type: string, body: Uint8Array | string): Uint8Array {
  const bytes = typeof body === "string" ? ascii(body) : body;
  return bytesOf(ascii(type), little(bytes.length, 4), bytes, bytes.length % 2 === 0 ? [] : [0]);
}

/** An extended WebP of the picture with these chunks behind it, and all flags set that they need. */
export function webpWith(
  chunks: readonly Uint8Array[],
  { width = 16, height = 12, flags = 0x0c } = {},
): Uint8Array {
  const header = bytesOf([flags, 0, 0, 0], little(width - 1, 3), little(height - 1, 3));
  const body = bytesOf(
    ascii("WEBP"),
    webpChunk("VP8X", header),
    files.webp().subarray(12),
    ...chunks,
  );
  return bytesOf(ascii("RIFF"), little(body.length, 4), body);
}

/** An AVIF whose size, in every place it is written, is another. */
export function avifOf(width: number, height: number): Uint8Array {
  const file = files.avif();
  const ispe = Buffer.from(file).indexOf("ispe");
  file.set(bytesOf(big(width, 4), big(height, 4)), ispe + 8);
  return file;
}

export function holds(file: Uint8Array, text: string): boolean {
  return Buffer.from(file).includes(text);
}

export function withTail(file: Uint8Array, tail: string): Uint8Array {
  return bytesOf(file, ascii(tail));
}

/** Bytes at a place of a file, changed. */
export function patched(
  file: Uint8Array,
  marker: string,
  { offset = 0, bytes }: { offset?: number; bytes: readonly number[] },
): Uint8Array {
  const at = Buffer.from(file).indexOf(ascii(marker));
  if (at === -1) throw new Error(`the file has no ${marker}`);
  const changed = file.slice();
  changed.set(bytes, at + offset);
  return changed;
}
