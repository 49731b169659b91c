// Boxes of ISO media files (ISO/IEC 14496-12), of which AVIF is one. Finds them; knows what none of them means.

import { type ImageFault, Reader, asciiOf } from "./parts.ts";

export interface Box {
  type: string;
  /** Where it begins in the file, where what it holds begins, and where it ends. */
  start: number;
  body: number;
  end: number;
}

/** Side by side. A picture has some dozens, tiles and all; they are compared with one another. */
const BOXES_MAX = 2_000;

/** The boxes from one place of the file to another, which they must fill exactly. */
export function boxesIn(file: Uint8Array, from: number, to: number): Box[] | ImageFault {
  const boxes: Box[] = [];
  for (let start = from; start < to;) {
    const reader = new Reader(file.subarray(0, to), start);
    const short = reader.number(4);
    const type = reader.text(4);
    // 1: a longer number follows; 0: it goes on to the end of the file.
    const length = short === 1 ? reader.number(8) : short === 0 ? to - start : short;
    const end = start + length;
    if (reader.isPast || end > to) return "truncated";
    if (end < reader.at || (short === 0 && to !== file.length)) return "malformed";
    if (boxes.push({ type, start, body: reader.at, end }) > BOXES_MAX) return "malformed";
    start = end;
  }
  return boxes;
}

/** Makes a box an empty space of the same length: nothing else moves. */
export function blank(file: Uint8Array, { start, body, end }: Box): void {
  file.set(asciiOf("free"), start + 4);
  file.fill(0, body, end);
}
