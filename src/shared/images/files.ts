// What images are for, and where their files are: in the store, and for anybody to get. The only place that makes these names.

import { type ImageType, extensions } from "./clean-image.ts";

/** What an event uses images for. */
export const imageTypes = ["cover", "banner", "map", "gallery"] as const;
export type EventImageType = (typeof imageTypes)[number];

const NAME = /^([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(jpg|png|webp|avif)$/;

/** Files on their way, which nobody gets. */
export function uploadKey(imageId: string): string {
  return `uploads/${imageId}`;
}

/** What addresses end with. A name stands for the same bytes for ever. */
function fileName(imageId: string, contentType: string): string {
  const extension = isImageType(contentType) ? extensions[contentType] : "bin";
  return `${imageId}.${extension}`;
}

/** Null for a name that no image has: nothing else of the store is reached by a name. */
export function keyOfName(name: string): string | null {
  return NAME.test(name) ? `images/${name}` : null;
}

export function imageKey(imageId: string, contentType: string): string {
  return `images/${fileName(imageId, contentType)}`;
}

/** Every place where a file of this image may be, whatever became of it. */
export function keysOf(imageId: string): string[] {
  const types = Object.keys(extensions);
  return [uploadKey(imageId), ...types.map((type) => imageKey(imageId, type))];
}

export function imageUrl(publicBaseUrl: string, imageId: string, contentType: string): string {
  return `${publicBaseUrl}/v1/media/${fileName(imageId, contentType)}`;
}

function isImageType(contentType: string): contentType is ImageType {
  return Object.hasOwn(extensions, contentType);
}
