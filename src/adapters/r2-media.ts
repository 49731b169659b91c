// An R2 bucket as a MediaStore. It may not choose keys or content types.

import type { MediaStore } from "../ports/media.ts";

/** `etag` comes quoted, ready for an ETag header. */
export function createR2Media(bucket: R2Bucket): MediaStore {
  return {
    async put(key, { bytes, contentType }) {
      await bucket.put(key, bytes, { httpMetadata: { contentType } });
    },
    async get(key) {
      const object = await bucket.get(key);
      if (object === null) return null;
      return {
        bytes: object.body,
        contentType: object.httpMetadata?.contentType ?? "application/octet-stream",
        etag: object.httpEtag,
      };
    },
  };
}
