// An R2 bucket as a MediaStore. It may not choose keys or content types.

import type { MediaFile, MediaStore } from "../ports/media.ts";

export function createR2Media(bucket: R2Bucket): MediaStore {
  return {
    async put(key, { bytes, contentType }) {
      await bucket.put(key, bytes, { httpMetadata: { contentType } });
    },
    async find(key) {
      const object = await bucket.head(key);
      return object === null ? null : fileOf(object);
    },
    async get(key, range) {
      const object = await bucket.get(key, range === undefined ? {} : { range });
      return object === null ? null : { ...fileOf(object), bytes: object.body };
    },
    async remove(keys) {
      await bucket.delete([...keys]);
    },
  };
}

function fileOf({ httpMetadata, httpEtag, size }: R2Object): MediaFile {
  return {
    contentType: httpMetadata?.contentType ?? "application/octet-stream",
    etag: httpEtag,
    sizeBytes: size,
  };
}
