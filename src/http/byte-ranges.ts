// Which part of a file a request asks for (RFC 9110, section 14). One part only: several are answered with the whole.

import type { MediaRange } from "../ports/media.ts";

const SINGLE = /^bytes=(\d{0,15})-(\d{0,15})$/;

/** Null for the whole file. */
export function rangeOf(
  header: string | undefined,
  sizeBytes: number,
): MediaRange | "unsatisfiable" | null {
  const [, first = "", last = ""] = SINGLE.exec(header?.replaceAll(" ", "") ?? "") ?? [];
  if (first === "" && last === "") return null;
  if (first === "") return partAt(sizeBytes - Math.min(Number(last), sizeBytes), sizeBytes);
  if (last === "") return partAt(Number(first), sizeBytes);
  // The other way round it is no range at all.
  if (Number(last) < Number(first)) return null;
  const part = partAt(Number(first), sizeBytes);
  if (part === "unsatisfiable") return part;
  return { ...part, length: Math.min(Number(last) - Number(first) + 1, part.length) };
}

/** From there to the end. */
function partAt(offset: number, sizeBytes: number): MediaRange | "unsatisfiable" {
  return offset >= sizeBytes ? "unsatisfiable" : { offset, length: sizeBytes - offset };
}

/** Whether one of the tags in an If-None-Match is this one; their strength does not matter there. */
export function hasTag(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  const strong = (tag: string) => tag.trim().replace(/^W\//, "");
  return header.trim() === "*" || header.split(",").some((tag) => strong(tag) === strong(etag));
}
