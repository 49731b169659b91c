// AVIF with only the bytes its picture is made of. Everything in it is found by its place in the file, so nothing moves: notes
// of cameras and editors are overwritten where they stand, and so is whatever belongs to nothing.

import { type Extent, type Item, itemsIn } from "./avif-items.ts";
import { type Box, blank, boxesIn } from "./boxes.ts";
import { type ImageFault, type ImageParts, Reader, asciiOf, joined } from "./parts.ts";

/** Boxes a picture needs; any other becomes an empty space. */
const kept: ReadonlySet<string> = new Set(["ftyp", "meta", "mdat"]);
const keptInMeta: ReadonlySet<string> = new Set(
  "hdlr pitm iloc iinf iprp iref idat grpl dinf".split(" "),
);
/** Items that are pictures or say how pictures are put together. */
const pictures: ReadonlySet<string> = new Set(["av01", "grid", "iovl", "tmap"]);
const DATA_BOXES_MAX = 16;
const SPACE = 0x20;
/** An EXIF item without an entry: it begins with where its TIFF block does. */
const EMPTY_EXIF = joined([
  Uint8Array.of(0, 0, 0, 0),
  asciiOf("MM\0*"),
  Uint8Array.of(0, 0, 0, 8, 0, 0, 0, 0, 0, 0),
]);

export function cleanAvif(file: Uint8Array): ImageParts | ImageFault {
  const boxes = boxesIn(file, 0, file.length);
  if (typeof boxes === "string") return boxes;
  const [ftyp, meta] = [boxes[0], boxes.find(({ type }) => type === "meta")];
  if (ftyp === undefined || meta === undefined) return "malformed";
  if (isSequence(file, ftyp) || boxes.some(({ type }) => type === "moov")) return "animated";
  if (boxes.filter(({ type }) => type === "meta" || type === "ftyp").length !== 2)
    return "malformed";
  const inMeta = boxesIn(file, meta.body + 4, meta.end);
  if (typeof inMeta === "string") return inMeta;
  const found = itemsIn(file, inMeta);
  if (typeof found === "string") return found;

  const data = [
    ...boxes.filter(({ type }) => type === "mdat"),
    ...inMeta.filter(({ type }) => type === "idat"),
  ];
  if (data.length > DATA_BOXES_MAX) return "malformed";
  const cleaned = emptied(file, { boxes, inMeta, data });
  if (!found.items.every((item) => restore({ file, cleaned, data }, item)))
    return "metadata_unsafe";
  const { size, isOnItsSide } = found.primary;
  return {
    shown: isOnItsSide ? { width: size.height, height: size.width } : size,
    sizes: found.sizes,
    parts: [cleaned],
  };
}

function isSequence(file: Uint8Array, ftyp: Box): boolean {
  return new Reader(file, ftyp.body).text(4) === "avis";
}

interface Structure {
  boxes: readonly Box[];
  inMeta: readonly Box[];
  /** Where items' bytes may be. */
  data: readonly Box[];
}

/** The file's structure with no item's bytes in it. */
function emptied(file: Uint8Array, { boxes, inMeta, data }: Structure): Uint8Array {
  const cleaned = file.slice();
  for (const box of boxes) if (!kept.has(box.type)) blank(cleaned, box);
  for (const box of inMeta) if (!keptInMeta.has(box.type)) blank(cleaned, box);
  for (const { body, end } of data) cleaned.fill(0, body, end);
  return cleaned;
}

interface Copies {
  file: Uint8Array;
  cleaned: Uint8Array;
  data: readonly Box[];
}

/** Gives a picture its bytes back, and notes something that says nothing. False where its bytes are somewhere else. */
function restore({ file, cleaned, data }: Copies, { type, extents }: Item): boolean {
  const isInside = ({ start, end }: Extent) =>
    data.some((box) => start >= box.body && end <= box.end);
  if (!extents.every(isInside)) return false;
  if (type === "Exif") return restoreExif(cleaned, extents);
  for (const { start, end } of extents) {
    if (pictures.has(type)) cleaned.set(file.subarray(start, end), start);
    else cleaned.fill(SPACE, start, end);
  }
  return true;
}

function restoreExif(cleaned: Uint8Array, extents: readonly Extent[]): boolean {
  const [only] = extents;
  if (only === undefined) return true;
  if (extents.length > 1 || only.end - only.start < EMPTY_EXIF.length) return false;
  cleaned.set(EMPTY_EXIF, only.start);
  return true;
}
