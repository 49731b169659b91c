// Cloudflare Images as an ImageResizer: narrower, never wider, in the format the image has.

import type { ImageResizer } from "../ports/media.ts";

const formats = ["image/jpeg", "image/png", "image/webp", "image/avif"] as const;

export function createCloudflareImages(images: ImagesBinding): ImageResizer {
  return {
    async resize({ bytes, contentType }, width) {
      const format = formats.find((known) => known === contentType);
      if (format === undefined) return null;
      try {
        const result = await images
          .input(bytes)
          .transform({ width, fit: "scale-down" })
          .output({ format });
        return new Uint8Array(await result.response().arrayBuffer());
      } catch (error) {
        // Over its quota or not understood there: the original does as well.
        console.error("image not resized", {
          name: error instanceof Error ? error.name : "unknown",
        });
        return null;
      }
    },
  };
}
