// WebP (RFC 9649) with only the chunks its picture needs. A still picture: animations are refused.

import { type Orientation, orientationBlock, orientationOf, turned } from "./exif.ts";
import {
  type ImageFault,
  type ImageParts,
  PIECES_MAX,
  type Size,
  Reader,
  asciiOf,
  joined,
  littleEndianBytes,
  textOf,
} from "./parts.ts";

const HEADER_BYTES = 12;
const ANIMATION = 0x02;
const XMP = 0x04;
const EXIF = 0x08;

interface Chunk {
  type: string;
  body: Uint8Array;
}

export function cleanWebp(file: Uint8Array): ImageParts | ImageFault {
  const chunks = chunksOf(file);
  if (typeof chunks === "string") return chunks;
  const [first, ...others] = chunks;
  if (first === undefined) return "malformed";
  const isExtended = first.type === "VP8X";
  if (isExtended && isAnimated(first)) return "animated";
  const size = sizeIn(chunks);
  if (size === null || (isExtended && !isSame(size, canvasOf(first.body)))) return "malformed";
  const note = isExtended ? others.find(({ type }) => type === "EXIF") : undefined;
  const orientation = note === undefined ? 1 : orientationOf(note.body);
  const kept = isExtended ? extended(others, first, orientation) : [first];
  const body = joined([asciiOf("WEBP"), ...kept.flatMap(written)]);
  return {
    shown: turned(size, orientation),
    sizes: [size],
    parts: [asciiOf("RIFF"), littleEndianBytes(body.length, 4), body],
  };
}

function isAnimated({ body }: Chunk): boolean {
  return ((body[0] ?? 0) & ANIMATION) !== 0;
}

/** Of the one picture; without a header of its own it comes first. */
function sizeIn(chunks: readonly Chunk[]): Size | null {
  const pictures = chunks.filter(({ type }) => type === "VP8 " || type === "VP8L");
  const [picture] = pictures;
  if (picture === undefined || pictures.length > 1) return null;
  return picture === chunks[0] || chunks[0]?.type === "VP8X" ? sizeOf(picture) : null;
}

function isSame(size: Size, canvas: Size | null): boolean {
  return size.width === canvas?.width && size.height === canvas.height;
}

function chunksOf(file: Uint8Array): Chunk[] | ImageFault {
  const end = 8 + new Reader(file, 4).littleEndian(4);
  if (end > file.length) return "truncated";
  const chunks: Chunk[] = [];
  for (let at = HEADER_BYTES; at < end;) {
    const reader = new Reader(file.subarray(0, end), at);
    const type = reader.text(4);
    const length = reader.littleEndian(4);
    const body = reader.bytes(length);
    if (reader.isPast) return "truncated";
    if (chunks.push({ type, body }) > PIECES_MAX) return "malformed";
    // Chunks begin at even places.
    at = reader.at + (length % 2);
  }
  return chunks;
}

/** The header with flags that are true, what belongs to the picture, and the way up. */
function extended(chunks: readonly Chunk[], header: Chunk, orientation: Orientation): Chunk[] {
  const flags = (header.body[0] ?? 0) & ~(EXIF | XMP);
  const body = header.body.slice();
  body[0] = orientation === 1 ? flags : flags | EXIF;
  const kept = chunks.filter(({ type }) => ["ICCP", "ALPH", "VP8 ", "VP8L"].includes(type));
  const note = { type: "EXIF", body: orientationBlock(orientation) };
  return [{ type: "VP8X", body }, ...kept, ...(orientation === 1 ? [] : [note])];
}

function written({ type, body }: Chunk): Uint8Array[] {
  const frame = [asciiOf(type), littleEndianBytes(body.length, 4), body];
  return body.length % 2 === 0 ? frame : [...frame, Uint8Array.of(0)];
}

function canvasOf(header: Uint8Array): Size | null {
  const reader = new Reader(header, 4);
  const width = reader.littleEndian(3) + 1;
  const height = reader.littleEndian(3) + 1;
  return reader.isPast ? null : { width, height };
}

function sizeOf({ type, body }: Chunk): Size | null {
  const size = type === "VP8L" ? losslessSize(body) : lossySize(body);
  return size === null || size.width === 0 || size.height === 0 ? null : size;
}

function lossySize(body: Uint8Array): Size | null {
  const reader = new Reader(body, 3);
  if (textOf(reader.bytes(3)) !== "\x9d\x01\x2a") return null;
  const width = reader.littleEndian(2) & 0x3fff;
  const height = reader.littleEndian(2) & 0x3fff;
  return reader.isPast ? null : { width, height };
}

function losslessSize(body: Uint8Array): Size | null {
  const reader = new Reader(body);
  if (reader.number(1) !== 0x2f) return null;
  const bits = reader.littleEndian(4);
  return reader.isPast
    ? null
    : { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
}
