// PNG (W3C PNG, third edition) with only the chunks its picture needs: no text, no camera's notes, no frames of an
// animation, nothing behind the end.

import { type Orientation, orientationBlock, orientationOf, turned } from "./exif.ts";
import {
  type ImageFault,
  type ImageParts,
  PIECES_MAX,
  type Size,
  Reader,
  asciiOf,
  joined,
  numberBytes,
} from "./parts.ts";

const SIGNATURE_BYTES = 8;
/** Length, type and checksum. */
const FRAME_BYTES = 12;
const HEADER_BYTES = 13;
const critical: ReadonlySet<string> = new Set(["IHDR", "PLTE", "IDAT", "IEND"]);
/** Transparency, colours and the density of pixels. */
const kept: ReadonlySet<string> = new Set(
  "tRNS cHRM gAMA iCCP sBIT sRGB cICP mDCV cLLI bKGD pHYs".split(" "),
);

interface Chunk {
  type: string;
  body: Uint8Array;
  /** The whole of it, length, type and checksum too. */
  bytes: Uint8Array;
}

export function cleanPng(file: Uint8Array): ImageParts | ImageFault {
  const chunks = chunksOf(file);
  if (typeof chunks === "string") return chunks;
  const [header, ...rest] = chunks;
  const size = header === undefined ? null : sizeIn(header);
  const isRead = (chunk: Chunk) => chunk.type !== "IHDR" && !isUnknown(chunk);
  // What nobody here knows may say how to read the rest.
  if (header === undefined || size === null || !rest.every(isRead)) return "malformed";
  if (!rest.some(({ type }) => type === "IDAT")) return "malformed";
  const note = rest.find(({ type }) => type === "eXIf");
  const orientation = note === undefined ? 1 : orientationOf(note.body);
  const parts = rest.filter(({ type }) => critical.has(type) || kept.has(type));
  return {
    shown: turned(size, orientation),
    sizes: [size],
    parts: [
      file.subarray(0, SIGNATURE_BYTES),
      header.bytes,
      ...notes(orientation),
      ...parts.map(({ bytes }) => bytes),
    ],
  };
}

/** Up to the end of the picture, whatever follows. */
function chunksOf(file: Uint8Array): Chunk[] | ImageFault {
  const chunks: Chunk[] = [];
  for (let at = SIGNATURE_BYTES; chunks.length < PIECES_MAX;) {
    const reader = new Reader(file, at);
    const length = reader.number(4);
    const type = reader.text(4);
    const end = at + FRAME_BYTES + length;
    if (reader.isPast || end > file.length) return "truncated";
    chunks.push({ type, body: file.subarray(at + 8, end - 4), bytes: file.subarray(at, end) });
    if (type === "IEND") return chunks;
    at = end;
  }
  return "malformed";
}

function sizeIn({ type, body }: Chunk): Size | null {
  if (type !== "IHDR" || body.length !== HEADER_BYTES) return null;
  const reader = new Reader(body);
  const [width, height] = [reader.number(4), reader.number(4)];
  return width === 0 || height === 0 ? null : { width, height };
}

/** Whoever may leave a chunk out is told by a small letter. */
function isUnknown({ type }: Chunk): boolean {
  return !/^[a-z]/.test(type) && !critical.has(type);
}

function notes(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const body = orientationBlock(orientation);
  const checked = joined([asciiOf("eXIf"), body]);
  return [joined([numberBytes(body.length, 4), checked, numberBytes(crc32(checked), 4)])];
}

/** Of a few bytes: without a table. */
function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
