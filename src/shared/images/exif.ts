// The one thing of a camera's notes that a picture needs: which way up it is. Everything else of them, the place above all,
// is left behind.

import { type Size, Reader, asciiOf, joined, startsWith } from "./parts.ts";

/** As EXIF numbers them: 1 is upright, 5 to 8 lie on their side. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const TAG = 0x0112;
const SHORT = 3;
const PREFIX = "Exif\0\0";

/** Of a TIFF block, with or without the prefix JPEG gives it; upright where it cannot be read. */
export function orientationOf(block: Uint8Array): Orientation {
  const tiff = startsWith(block, PREFIX) ? block.subarray(PREFIX.length) : block;
  const isLittle = startsWith(tiff, "II*\0");
  if (!isLittle && !startsWith(tiff, "MM\0*")) return 1;
  const number = (reader: Reader, bytes: number) =>
    isLittle ? reader.littleEndian(bytes) : reader.number(bytes);
  const directory = new Reader(tiff, number(new Reader(tiff, 4), 4));
  const entries = number(directory, 2);
  for (let entry = 0; entry < entries && !directory.isPast; entry += 1) {
    const [tag, type] = [number(directory, 2), number(directory, 2)];
    const count = number(directory, 4);
    const value = number(directory, 2);
    directory.bytes(2);
    if (tag === TAG && type === SHORT && count === 1 && !directory.isPast)
      return toOrientation(value);
  }
  return 1;
}

/** A TIFF block that says this and nothing else. */
export function orientationBlock(orientation: Orientation): Uint8Array {
  const entry = [TAG >> 8, TAG & 0xff, 0, SHORT, 0, 0, 0, 1, 0, orientation, 0, 0];
  return joined([asciiOf("MM\0*"), Uint8Array.of(0, 0, 0, 8, 0, 1, ...entry, 0, 0, 0, 0)]);
}

export function prefixed(block: Uint8Array): Uint8Array {
  return joined([asciiOf(PREFIX), block]);
}

export function turned({ width, height }: Size, orientation: Orientation): Size {
  return orientation < 5 ? { width, height } : { width: height, height: width };
}

function toOrientation(value: number): Orientation {
  const known: readonly Orientation[] = [1, 2, 3, 4, 5, 6, 7, 8];
  return known.find((orientation) => orientation === value) ?? 1;
}
