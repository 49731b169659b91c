// The version of a thing as its ETag, and the versions that an If-Match means. What may be changed is what a version stands
// for; counts that follow from elsewhere may differ under one ETag.

import type { Context } from "hono";
import type { ExpectedVersions } from "../shared/expected-versions.ts";

/** A proxy that compresses makes a tag weak, so `W/` is no reason to refuse. */
const TAG = /^(?:W\/)?"(\d{1,9})"$/;

export function etagOf({ version }: { version: number }): { ETag: string } {
  return { ETag: `"${version}"` };
}

/** Without the header, or with `*`: whichever version it is. A tag that is none of ours matches nothing. */
export function readIfMatch({ req }: Context): ExpectedVersions {
  const header = req.header("if-match")?.trim();
  if (header === undefined || header === "*") return null;
  return header.split(",").flatMap((tag) => {
    const version = TAG.exec(tag.trim())?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}
