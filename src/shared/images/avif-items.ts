// The items of an AVIF file (ISO/IEC 23008-12): what each one is, where its bytes are, and how large its picture is. Reads
// only; what is not understood without a doubt is a fault.

import { type Box, boxesIn } from "./boxes.ts";
import { type ImageFault, type Size, Reader } from "./parts.ts";

export interface Extent {
  start: number;
  end: number;
}

export interface Item {
  id: number;
  type: string;
  /** Where its bytes are in the file, in order. */
  extents: readonly Extent[];
}

export interface Items {
  items: readonly Item[];
  primary: { size: Size; isOnItsSide: boolean };
  sizes: readonly Size[];
}

/** Of the boxes in `meta`. */
export function itemsIn(file: Uint8Array, boxes: readonly Box[]): Items | ImageFault {
  const only = (type: string) => {
    const found = boxes.filter((box) => box.type === type);
    return found.length === 1 ? found[0] : undefined;
  };
  const [iinf, iloc, pitm, iprp] = [only("iinf"), only("iloc"), only("pitm"), only("iprp")];
  if (iinf === undefined || iloc === undefined || pitm === undefined || iprp === undefined)
    return "malformed";
  const types = typesIn(file, iinf);
  if (typeof types === "string") return types;
  const places = placesIn(file, iloc, only("idat"));
  if (typeof places === "string") return places;
  const primary = primaryIn(file, pitm);
  const properties = propertiesIn(file, iprp, primary);
  if (typeof properties === "string") return properties;
  if (!["av01", "grid"].includes(types.get(primary) ?? "")) return "malformed";
  const items = Array.from(types, ([id, type]) => ({ id, type, extents: places.get(id) ?? [] }));
  return { items, ...properties };
}

function fullBox(file: Uint8Array, box: Box): { version: number; flags: number; reader: Reader } {
  const reader = new Reader(file.subarray(0, box.end), box.body);
  return { version: reader.number(1), flags: reader.number(3), reader };
}

function primaryIn(file: Uint8Array, pitm: Box): number {
  const { version, reader } = fullBox(file, pitm);
  return reader.number(version === 0 ? 2 : 4);
}

function typesIn(file: Uint8Array, iinf: Box): Map<number, string> | ImageFault {
  const { version, reader } = fullBox(file, iinf);
  reader.number(version === 0 ? 2 : 4);
  if (reader.isPast) return "malformed";
  const entries = boxesIn(file, reader.at, iinf.end);
  if (typeof entries === "string") return entries;
  const types = new Map<number, string>();
  for (const entry of entries) {
    const info = fullBox(file, entry);
    // Older versions do not say what an item is.
    if (entry.type !== "infe" || (info.version !== 2 && info.version !== 3))
      return "metadata_unsafe";
    const id = info.reader.number(info.version === 2 ? 2 : 4);
    const protection = info.reader.number(2);
    const type = info.reader.text(4);
    if (info.reader.isPast || types.has(id)) return "malformed";
    if (protection !== 0) return "metadata_unsafe";
    types.set(id, type);
  }
  return types;
}

/** More than any picture has, tiles and all: what follows is compared with one another. */
const ITEMS_MAX = 2_000;
const EXTENTS_MAX = 32;

/** How `iloc` writes its numbers. */
interface Layout {
  version: number;
  offsetBytes: number;
  lengthBytes: number;
  baseBytes: number;
  indexBytes: number;
}

function placesIn(
  file: Uint8Array,
  iloc: Box,
  idat: Box | undefined,
): Map<number, Extent[]> | ImageFault {
  const { version, reader } = fullBox(file, iloc);
  const sizes = reader.number(2);
  const layout: Layout = {
    version,
    offsetBytes: sizes >> 12,
    lengthBytes: (sizes >> 8) & 0xf,
    baseBytes: (sizes >> 4) & 0xf,
    indexBytes: version === 0 ? 0 : sizes & 0xf,
  };
  const count = reader.number(version < 2 ? 2 : 4);
  if (count > ITEMS_MAX) return "malformed";
  const places = new Map<number, Extent[]>();
  let bytes = 0;
  for (let item = 0; item < count; item += 1) {
    const id = reader.number(version < 2 ? 2 : 4);
    const extents = extentsOf(reader, layout, idat);
    if (typeof extents === "string") return extents;
    bytes += extents.reduce((sum, { start, end }) => sum + end - start, 0);
    // Items that share their bytes would be copied again and again.
    if (reader.isPast || places.has(id) || bytes > file.length) return "malformed";
    places.set(id, extents);
  }
  const isPast = [...places.values()].flat().some(({ end }) => end > file.length);
  return isPast ? "truncated" : places;
}

function extentsOf(
  reader: Reader,
  { version, offsetBytes, lengthBytes, baseBytes, indexBytes }: Layout,
  idat: Box | undefined,
): Extent[] | ImageFault {
  const method = version === 0 ? 0 : reader.number(2) & 0xf;
  const reference = reader.number(2);
  const base = reader.number(baseBytes);
  const count = reader.number(2);
  // In another file, or inside another item: nobody can tell what else is there.
  if (method > 1 || reference !== 0) return "metadata_unsafe";
  const origin = method === 1 ? idat?.body : 0;
  if (origin === undefined || count > EXTENTS_MAX) return "malformed";
  const extents: Extent[] = [];
  for (let extent = 0; extent < count && !reader.isPast; extent += 1) {
    reader.number(indexBytes);
    const start = origin + base + reader.number(offsetBytes);
    const length = reader.number(lengthBytes);
    // Without a length it is all there is.
    if (length === 0) return "metadata_unsafe";
    extents.push({ start, end: start + length });
  }
  return extents;
}

function propertiesIn(
  file: Uint8Array,
  iprp: Box,
  primary: number,
): Pick<Items, "primary" | "sizes"> | ImageFault {
  const containers = boxesIn(file, iprp.body, iprp.end);
  if (typeof containers === "string") return containers;
  const ipco = containers.find(({ type }) => type === "ipco");
  const ipma = containers.find(({ type }) => type === "ipma");
  if (ipco === undefined || ipma === undefined || containers.length !== 2) return "malformed";
  const properties = boxesIn(file, ipco.body, ipco.end);
  if (typeof properties === "string") return properties;
  const own = associatedWith(file, ipma, primary).flatMap((index) => properties[index - 1] ?? []);
  const extent = own.find(({ type }) => type === "ispe");
  const rotation = own.find(({ type }) => type === "irot");
  const sizes = properties.filter(({ type }) => type === "ispe").map((box) => sizeIn(file, box));
  if (extent === undefined || sizes.some(({ width, height }) => width === 0 || height === 0))
    return "malformed";
  const isOnItsSide = rotation !== undefined && ((file[rotation.body] ?? 0) & 1) === 1;
  return { primary: { size: sizeIn(file, extent), isOnItsSide }, sizes };
}

function sizeIn(file: Uint8Array, ispe: Box): Size {
  const { reader } = fullBox(file, ispe);
  const [width, height] = [reader.number(4), reader.number(4)];
  return reader.isPast ? { width: 0, height: 0 } : { width, height };
}

/** The numbers of an item's properties, from 1. */
function associatedWith(file: Uint8Array, ipma: Box, wanted: number): number[] {
  const { version, flags, reader } = fullBox(file, ipma);
  const isLong = (flags & 1) === 1;
  const count = reader.number(4);
  for (let entry = 0; entry < count && !reader.isPast; entry += 1) {
    const id = reader.number(version < 1 ? 2 : 4);
    const associations = Array.from({ length: reader.number(1) }, () =>
      isLong ? reader.number(2) & 0x7fff : reader.number(1) & 0x7f,
    );
    if (id === wanted && !reader.isPast) return associations;
  }
  return [];
}
