// JPEG (ITU-T T.81) without what cameras, phones and editors write beside the picture: places, names, previews, comments,
// further pictures, and whatever follows the end. Colours and the way up stay.

import { type Orientation, orientationBlock, orientationOf, prefixed, turned } from "./exif.ts";
import {
  type ImageFault,
  type ImageParts,
  PIECES_MAX,
  type Size,
  Reader,
  joined,
  numberBytes,
  startsWith,
} from "./parts.ts";

const START = 0xd8;
const END = 0xd9;
const SCAN = 0xda;
const APPLICATION_1 = 0xe1;
/** 0xC0 to 0xCF but for tables that share the range: the frame, which has the size. */
const NO_FRAMES: ReadonlySet<number> = new Set([0xc4, 0xc8, 0xcc]);
/** A JFIF header without a preview in it. */
const JFIF_BYTES = 18;
const ADOBE_BYTES = 16;

interface Segment {
  /** Null for the data of a scan. */
  marker: number | null;
  /** The whole of it, marker and length too. */
  bytes: Uint8Array;
  end: number;
}

export function cleanJpeg(file: Uint8Array): ImageParts | ImageFault {
  const segments = segmentsOf(file);
  if (typeof segments === "string") return segments;
  const frames = segments.filter(({ marker }) => isFrame(marker));
  const [frame] = frames;
  const scan = segments.findIndex(({ marker }) => marker === SCAN);
  // The frame says how to read the scans.
  if (frame === undefined || frames.length > 1 || scan < segments.indexOf(frame))
    return "malformed";
  const size = sizeIn(frame.bytes);
  if (size.width === 0 || size.height === 0) return "malformed";
  const note = segments.find(isCameras);
  const orientation = note === undefined ? 1 : orientationOf(note.bytes.subarray(4));
  const kept = segments.filter(belongsToPicture).map(({ bytes }) => bytes);
  return {
    shown: turned(size, orientation),
    sizes: [size],
    parts: [Uint8Array.of(0xff, START), ...notes(orientation), ...kept, Uint8Array.of(0xff, END)],
  };
}

/** Up to the end of the picture, whatever follows. */
function segmentsOf(file: Uint8Array): Segment[] | ImageFault {
  const segments: Segment[] = [];
  for (let at = 2; segments.length < PIECES_MAX;) {
    const segment = segmentAt(file, at);
    if (typeof segment === "string") return segment;
    if (segment.marker === END) return segments;
    segments.push(segment);
    at = segment.end;
    if (segment.marker !== SCAN) continue;
    const end = endOfScan(file, at);
    if (end === null) return "truncated";
    segments.push({ marker: null, bytes: file.subarray(at, end), end });
    at = end;
  }
  return "malformed";
}

function segmentAt(file: Uint8Array, start: number): Segment | ImageFault {
  let at = start;
  if (at < file.length && file[at] !== 0xff) return "malformed";
  // Any number of these may fill the space before a marker.
  while (file[at + 1] === 0xff) at += 1;
  const marker = file[at + 1];
  if (marker === undefined) return "truncated";
  if (marker === END) return { marker, bytes: file.subarray(at, at + 2), end: at + 2 };
  if (marker < 0xc0 || (marker >= 0xd0 && marker <= START)) return "malformed";
  const reader = new Reader(file, at + 2);
  const length = reader.number(2);
  const end = at + 2 + length;
  if (reader.isPast || end > file.length) return "truncated";
  return length < 2 ? "malformed" : { marker, bytes: file.subarray(at, end), end };
}

function isFrame(marker: number | null): boolean {
  return marker !== null && marker >= 0xc0 && marker <= 0xcf && !NO_FRAMES.has(marker);
}

function sizeIn(frame: Uint8Array): Size {
  const reader = new Reader(frame, 5);
  const height = reader.number(2);
  const width = reader.number(2);
  return reader.isPast ? { width: 0, height: 0 } : { width, height };
}

function isCameras({ marker, bytes }: Segment): boolean {
  return marker === APPLICATION_1 && startsWith(bytes, "Exif", 4);
}

/** Frames, tables, scans, and of what applications add the header, the colours, and how they were mixed. */
function belongsToPicture({ marker, bytes }: Segment): boolean {
  if (marker === null || marker <= 0xcf || (marker >= SCAN && marker <= 0xdd)) return true;
  if (marker === 0xe0) return startsWith(bytes, "JFIF\0", 4) && bytes.length === JFIF_BYTES;
  if (marker === 0xe2) return startsWith(bytes, "ICC_PROFILE\0", 4);
  return marker === 0xee && startsWith(bytes, "Adobe", 4) && bytes.length === ADOBE_BYTES;
}

/** Where the next marker stands: 0xFF is data when a zero or a restart follows. */
function endOfScan(file: Uint8Array, start: number): number | null {
  for (let at = file.indexOf(0xff, start); at !== -1; at = file.indexOf(0xff, at + 1)) {
    const next = file[at + 1];
    if (next === undefined) return null;
    if (next !== 0 && next !== 0xff && (next < 0xd0 || next > 0xd7)) return at;
  }
  return null;
}

function notes(orientation: Orientation): Uint8Array[] {
  if (orientation === 1) return [];
  const block = prefixed(orientationBlock(orientation));
  return [joined([Uint8Array.of(0xff, APPLICATION_1), numberBytes(block.length + 2, 2), block])];
}
