// Anybody gets an image by its name: as it is, or narrower where that can be made. Knows no event: whoever has the name may see
// it, and a name is never used again.

import type { MediaFile, MediaRange, StoredMedia } from "../../ports/media.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { keyOfName } from "../../shared/images/files.ts";

export interface OpenedMedia extends MediaFile {
  /** The whole of it, or a part. Null when it has gone since. */
  read: (range: MediaRange | null) => Promise<ReadableStream<Uint8Array> | null>;
}

export async function openMedia(
  dependencies: Dependencies,
  { name, width }: { name: string; width: number | null },
): Promise<Result<OpenedMedia, { code: "media_not_found" }>> {
  const { media, imageResizer } = dependencies;
  const key = keyOfName(name);
  if (key === null) return refused({ code: "media_not_found" });
  if (width !== null && imageResizer !== null) {
    const stored = await media.get(key);
    if (stored === null) return refused({ code: "media_not_found" });
    const narrower = await imageResizer.resize(stored, width);
    if (narrower !== null) return ok(inMemory(stored, narrower, width));
  }
  const file = await media.find(key);
  if (file === null) return refused({ code: "media_not_found" });
  return ok({
    ...file,
    read: async (range) => (await media.get(key, range ?? undefined))?.bytes ?? null,
  });
}

/** Another representation of the same image has a tag of its own. */
function inMemory(
  { contentType, etag }: StoredMedia,
  bytes: Uint8Array,
  width: number,
): OpenedMedia {
  return {
    contentType,
    etag: etag.replace(/"$/, `-w${width}"`),
    sizeBytes: bytes.length,
    async read(range) {
      const { offset, length } = range ?? { offset: 0, length: bytes.length };
      return new Blob([bytes.slice(offset, offset + length)]).stream();
    },
  };
}
