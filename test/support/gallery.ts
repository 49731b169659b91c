// Events with images on a running stack, and how anybody gets their files. Asserts nothing.

import { inject } from "vitest";
import { z } from "zod";
import type { Answer, CallOptions } from "./api.ts";
import { openStackShop } from "./stack-shop.ts";

const imageShape = z.object({
  id: z.string(),
  type: z.string(),
  alt_text: z.string(),
  position: z.number(),
  url: z.string(),
  sizes: z.array(z.object({ width: z.number(), url: z.string() })),
  content_type: z.string(),
  size_bytes: z.number(),
  width: z.number(),
  height: z.number(),
  created_at: z.string(),
});
export type Image = z.infer<typeof imageShape>;

export function imageOf({ status, body }: Answer): Image {
  if (status !== 201 && status !== 200)
    throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
  return imageShape.parse(body);
}

const uploadShape = z.object({
  id: z.string(),
  method: z.string(),
  url: z.string(),
  headers: z.record(z.string(), z.string()),
  expires_at: z.string(),
});
type Upload = z.infer<typeof uploadShape>;

export interface SendOptions {
  type?: string;
  altText?: string;
  token?: string;
  headers?: Record<string, string>;
}

export function openGallery() {
  const shop = openStackShop();
  const { asOrganizer, call, database } = shop;
  const api = inject("apiUrl");

  const send = async (
    eventId: string,
    file: Uint8Array | string,
    { type = "gallery", altText, token = inject("organizerToken"), headers = {} }: SendOptions = {},
  ): Promise<Answer> => {
    const query = new URLSearchParams({
      type,
      ...(altText !== undefined && { alt_text: altText }),
    });
    const response = await fetch(`${api}/v1/events/${eventId}/images?${query.toString()}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "image/jpeg", ...headers },
      body: typeof file === "string" ? file : new Blob([new Uint8Array(file)]),
    });
    return { status: response.status, body: await response.json(), headers: response.headers };
  };

  const beginUpload = (eventId: string, body: unknown, options: CallOptions = {}) =>
    asOrganizer("POST", `/v1/events/${eventId}/images/uploads`, { body, ...options });

  return {
    ...shop,
    send,
    beginUpload,

    begun: async (
      eventId: string,
      file: Uint8Array,
      changes: object = {},
      options: CallOptions = {},
    ): Promise<Upload> => {
      const about = { type: "gallery", content_type: "image/png", size_bytes: file.length };
      const { body } = await beginUpload(eventId, { ...about, ...changes }, options);
      return uploadShape.parse(body);
    },

    /** As a browser sends it: the length comes from the file. */
    put: async ({ url, headers }: Upload, file: Uint8Array): Promise<number> => {
      const { "content-length": _length, ...others } = headers;
      const body = new Blob([new Uint8Array(file)]);
      const response = await fetch(url, { method: "PUT", headers: others, body });
      await response.arrayBuffer();
      return response.status;
    },

    newEvent: async (): Promise<string> => (await shop.draftEvent([])).eventId,

    add: async (eventId: string, file: Uint8Array, options?: SendOptions): Promise<Image> =>
      imageOf(await send(eventId, file, options)),

    images: async (eventId: string): Promise<Image[]> => {
      const { body } = await asOrganizer("GET", `/v1/events/${eventId}/images`);
      return z.object({ images: z.array(imageShape) }).parse(body).images;
    },

    change: (eventId: string, imageId: string, body: unknown, options: CallOptions = {}) =>
      asOrganizer("PATCH", `/v1/events/${eventId}/images/${imageId}`, { body, ...options }),

    remove: (eventId: string, imageId: string, options: CallOptions = {}) =>
      asOrganizer("DELETE", `/v1/events/${eventId}/images/${imageId}`, options),

    complete: (eventId: string, uploadId: string, options: CallOptions = {}) =>
      asOrganizer("POST", `/v1/events/${eventId}/images/uploads/${uploadId}/complete`, options),

    /** Straight to the file's address; past the edge cache, which does not look for a part. */
    file: async (
      url: string,
      headers: Record<string, string> = {},
      method = "GET",
    ): Promise<{ status: number; headers: Headers; bytes: Buffer }> => {
      const address = new URL(url);
      const response = await fetch(`${api}${address.pathname}${address.search}`, {
        method,
        headers,
      });
      const bytes = Buffer.from(await response.arrayBuffer());
      return { status: response.status, headers: response.headers, bytes };
    },

    /** Whether the store still has the file: asked in a way that the edge cache does not answer. */
    isStored: async (url: string): Promise<boolean> => {
      const answer = await call("GET", new URL(url).pathname, { headers: { range: "bytes=0-0" } });
      return answer.status === 206;
    },

    /** As the platform's cron would call it. */
    ring: async (): Promise<void> => {
      const answer = await fetch(`${api}/cdn-cgi/handler/scheduled`);
      if (answer.status !== 200) throw new Error(`the minute answered ${answer.status}`);
    },

    /** As if this had happened some hours ago. */
    age: async (imageIds: readonly string[], hours: number): Promise<void> => {
      await database.query(
        `UPDATE images SET unused_since = unused_since - make_interval(hours => $2),
           upload_expires_at = upload_expires_at - make_interval(hours => $2) WHERE id = ANY ($1::uuid[])`,
        [imageIds, hours],
      );
    },

    stored: async (imageId: string) => {
      const { rows } = await database.query<{
        status: string;
        unused: boolean;
        upload: boolean;
        shown: boolean;
      }>(
        `SELECT status, unused_since IS NOT NULL AS unused, upload_expires_at IS NOT NULL AS upload,
           EXISTS (SELECT FROM cluster_images WHERE image_id = images.id AND attached_at IS NOT NULL
             AND removed_at IS NULL) AS shown FROM images WHERE id = $1`,
        [imageId],
      );
      return rows[0];
    },
  };
}
