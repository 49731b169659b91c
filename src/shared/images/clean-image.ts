// Takes an image file for what its bytes say it is, and gives it back without anything but the picture. Name, media type and
// sender are not asked. A picture larger than anybody shows is refused by its own header, before anything decodes it.

import { type Result, ok, refused } from "../result.ts";
import { cleanAvif } from "./avif.ts";
import { cleanJpeg } from "./jpeg.ts";
import {
  type ImageFault,
  type ImageParts,
  type Size,
  joined,
  startsWith,
  textOf,
} from "./parts.ts";
import { cleanPng } from "./png.ts";
import { cleanWebp } from "./webp.ts";

export type ImageType = "image/jpeg" | "image/png" | "image/webp" | "image/avif";

export interface CleanImage extends Size {
  contentType: ImageType;
  bytes: Uint8Array<ArrayBuffer>;
}

export type ImageRefusal =
  | { code: "image_format_unsupported"; format: string }
  | { code: "image_unreadable"; reason: ImageFault }
  | {
      code: "image_too_large";
      width: number;
      height: number;
      max_side: number;
      max_pixels: number;
    };

/** Pixels a side. */
export const SIDE_MAX = 12_000;
/** The sensors of most telephones; a browser needs four bytes for each. */
export const PIXELS_MAX = 50_000_000;

const readers: Record<ImageType, (file: Uint8Array) => ImageParts | ImageFault> = {
  "image/jpeg": cleanJpeg,
  "image/png": cleanPng,
  "image/webp": cleanWebp,
  "image/avif": cleanAvif,
};

export const extensions: Record<ImageType, string> = {
  "image/jpeg": "jpg",
  "image/png": "png",
  "image/webp": "webp",
  "image/avif": "avif",
};

export function cleanImage(file: Uint8Array): Result<CleanImage, ImageRefusal> {
  const format = formatOf(file);
  if (!isImageType(format)) return refused({ code: "image_format_unsupported", format });
  const read = readers[format](file);
  if (typeof read === "string") return refused({ code: "image_unreadable", reason: read });
  const tooLarge = read.sizes.find(isTooLarge);
  if (tooLarge !== undefined) {
    const limits = { max_side: SIDE_MAX, max_pixels: PIXELS_MAX };
    return refused({ code: "image_too_large", ...tooLarge, ...limits });
  }
  return ok({ ...read.shown, contentType: format, bytes: joined(read.parts) });
}

function isTooLarge({ width, height }: Size): boolean {
  return width > SIDE_MAX || height > SIDE_MAX || width * height > PIXELS_MAX;
}

function isImageType(format: string): format is ImageType {
  return Object.hasOwn(readers, format);
}

const signatures: readonly [format: string, bytes: string, at?: number][] = [
  ["image/jpeg", "\xff\xd8\xff"],
  ["image/png", "\x89PNG\r\n\x1a\n"],
  ["gif", "GIF8"],
  ["bmp", "BM"],
  ["tiff", "II*\0"],
  ["tiff", "MM\0*"],
  ["pdf", "%PDF"],
  ["zip", "PK\x03\x04"],
  ["gzip", "\x1f\x8b"],
  ["jxl", "\xff\x0a"],
  ["jxl", "\0\0\0\x0cJXL "],
  ["jp2", "\0\0\0\x0cjP  "],
  ["psd", "8BPS"],
];
const SEEN_BYTES = 1_024;
const MARKUP = /^\s*</;

/** The media type of a format that is taken; of any other its name, or `unknown`. */
function formatOf(file: Uint8Array): string {
  const signature = signatures.find(([, bytes, at = 0]) => startsWith(file, bytes, at));
  if (signature !== undefined) return signature[0];
  if (startsWith(file, "RIFF")) return startsWith(file, "WEBP", 8) ? "image/webp" : "riff";
  if (startsWith(file, "ftyp", 4)) return isoFormatOf(file);
  return textFormatOf(file);
}

/** By all the brands of its first box: the first of them may be a more general one. */
function isoFormatOf(file: Uint8Array): string {
  const brands = textOf(
    file.subarray(8, Math.min(((file[2] ?? 0) << 8) | (file[3] ?? 0), SEEN_BYTES)),
  );
  if (/avif|avis/.test(brands)) return "image/avif";
  return /hei[cxms]|hev[cx]|mif1/.test(brands) ? "heic" : "mp4";
}

function textFormatOf(file: Uint8Array): string {
  const text = new TextDecoder().decode(file.subarray(0, SEEN_BYTES));
  if (/<svg[\s>]|<!doctype\s+svg/i.test(text)) return "svg";
  if (!MARKUP.test(text)) return "unknown";
  return /<!doctype\s+html|<html[\s>]/i.test(text) ? "html" : "xml";
}
