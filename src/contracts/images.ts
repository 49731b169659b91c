// Images of an event as an organizer sends and sees them, and as anybody asks for their files.

import { z } from "@hono/zod-openapi";
import type { EventImage } from "../db/images-repository.ts";
import type { BegunUpload } from "../services/images/begin-upload.ts";
import { imageTypes, imageUrl } from "../shared/images/files.ts";
import { idSchema, lineSchema, timeSchema } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

/** Of files that are sent to the store directly: the Worker holds one and its cleaned copy in memory. */
const DIRECT_BYTES_MAX = 30 * 1024 * 1024;
/** Fixed, so that nobody has a thousand sizes of one image made. */
const widths = [320, 640, 960, 1280, 1920] as const;

const typeSchema = z.enum(imageTypes).openapi({
  description:
    "One cover, banner and map each: a new one takes its place. Any number in the gallery.",
});
const altTextSchema = lineSchema.max(200).openapi({
  description: "What the image shows, in Spanish, for those who cannot see it.",
  example: "Público frente al escenario",
});

export const addImageQuerySchema = z.object({
  type: typeSchema,
  alt_text: altTextSchema.default(""),
});

export const changeImageSchema = z
  .strictObject({
    type: typeSchema.optional(),
    alt_text: altTextSchema.optional(),
    position: z.int().min(0).max(1_000).optional().openapi({
      description: "In the gallery, from 0; the others make room. Of no meaning elsewhere.",
    }),
  })
  .refine((changes) => Object.keys(changes).length > 0, rule("nothing_to_change"))
  .openapi("ChangeImage");

export const beginUploadSchema = z
  .strictObject({
    type: typeSchema,
    alt_text: altTextSchema.default(""),
    content_type: z.enum(["image/jpeg", "image/png", "image/webp", "image/avif"]),
    size_bytes: z.int().min(1).max(DIRECT_BYTES_MAX),
  })
  .openapi("BeginUpload");

export const begunUploadSchema = z
  .object({
    id: idSchema,
    method: z.literal("PUT"),
    url: z.string().openapi({ description: "Takes this one file, until `expires_at`." }),
    headers: z.record(z.string(), z.string()).openapi({
      description: "To be sent with it. Browsers add `content-length` by themselves.",
    }),
    expires_at: timeSchema,
  })
  .openapi("BegunUpload");

export const imageSchema = z
  .object({
    id: idSchema,
    type: typeSchema,
    alt_text: z.string(),
    position: z.int().openapi({ description: "In the gallery, from 0." }),
    url: z.string().openapi({ description: "For ever the same bytes." }),
    sizes: z
      .array(z.object({ width: z.int(), url: z.string() }))
      .openapi({ description: "Narrower copies, for `srcset`; none where they cannot be made." }),
    content_type: z.string(),
    size_bytes: z.int(),
    width: z.int(),
    height: z.int(),
    created_at: timeSchema,
  })
  .openapi("EventImage");

export const imagesSchema = z.object({ images: z.array(imageSchema) }).openapi("EventImages");

export const mediaQuerySchema = z.object({
  width: z
    .enum(widths.map(String))
    .transform(Number)
    .optional()
    .openapi({ description: "No wider than this; the image as it is where that cannot be made." }),
});

/** How this deployment delivers images. */
export interface ImageDelivery {
  publicBaseUrl: string;
  resizesImages: boolean;
}

/** Where an image is, whole and narrower. */
export function toImageAddresses(
  { imageId, contentType, width }: Pick<EventImage, "imageId" | "contentType" | "width">,
  { publicBaseUrl, resizesImages }: ImageDelivery,
) {
  const url = imageUrl(publicBaseUrl, imageId, contentType);
  const narrower = resizesImages ? widths.filter((each) => each < width) : [];
  return { url, sizes: narrower.map((each) => ({ width: each, url: `${url}?width=${each}` })) };
}

export function toImageBody(
  image: EventImage,
  delivery: ImageDelivery,
): z.infer<typeof imageSchema> {
  return {
    id: image.imageId,
    type: image.type,
    alt_text: image.altText,
    position: image.position,
    ...toImageAddresses(image, delivery),
    content_type: image.contentType,
    size_bytes: image.sizeBytes,
    width: image.width,
    height: image.height,
    created_at: (image.attachedAt ?? new Date(0)).toISOString(),
  };
}

export function toBegunUploadBody(upload: BegunUpload): z.infer<typeof begunUploadSchema> {
  const { uploadId, url, headers, expiresAt } = upload;
  return { id: uploadId, method: "PUT", url, headers, expires_at: expiresAt.toISOString() };
}
