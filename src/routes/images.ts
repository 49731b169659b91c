// Images of the signed-in organizer's events. Their files are delivered by media.ts.

import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import {
  addImageQuerySchema,
  beginUploadSchema,
  begunUploadSchema,
  changeImageSchema,
  imageSchema,
  imagesSchema,
  toBegunUploadBody,
  toImageBody,
} from "../contracts/images.ts";
import { problemResponse } from "../contracts/problem.ts";
import { idempotencyHeaderSchema } from "../contracts/reservations.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { type SessionEnv, requireSession } from "../http/session.ts";
import { addImage } from "../services/images/add-image.ts";
import { beginUpload } from "../services/images/begin-upload.ts";
import { changeImage } from "../services/images/change-image.ts";
import { completeUpload } from "../services/images/complete-upload.ts";
import { deleteImage } from "../services/images/delete-image.ts";
import { listImages } from "../services/images/list-images.ts";

export const imageRoutes = createRouter();

const common = { tags: ["images"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });
const imageParams = params.extend({ image_id: idSchema });
const file = { schema: z.string().openapi({ format: "binary" }) };

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/images",
    summary: "Add an image to an event",
    description:
      "The body is the file: JPEG, PNG, WebP or AVIF, up to 10 MiB; what it is, its bytes say. Where and by whom it " +
      "was taken is removed from it. Larger files go by way of `/images/uploads`.",
    middleware: [requireSession("catalog.write")] as const,
    request: {
      params,
      query: addImageQuerySchema,
      headers: idempotencyHeaderSchema,
      body: { required: true, content: { "image/*": file } },
    },
    responses: { 201: jsonResponse("The image.", imageSchema), default: problemResponse },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const { type, alt_text: altText } = context.req.valid("query");
    const result = await addImage(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      type,
      altText,
      file: new Uint8Array(await context.req.arrayBuffer()),
      idempotencyKey: key.value,
    });
    return result.ok
      ? context.json(toImageBody(result.value, addressesOf(context)), 201)
      : answerProblem(context, result.refusal);
  },
);

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/events/{id}/images",
    summary: "The images of an event: cover, banner, map, then the gallery in its order",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("All of them.", imagesSchema), default: problemResponse },
  }),
  async (context) => {
    const { id } = context.req.valid("param");
    const result = await listImages(context.var.dependencies, context.var.actor, id);
    if (!result.ok) return answerProblem(context, result.refusal);
    const images = result.value.map((image) => toImageBody(image, addressesOf(context)));
    return context.json({ images }, 200);
  },
);

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/events/{id}/images/{image_id}",
    summary: "Change an image's use, its text or its place in the gallery",
    middleware: [requireSession("catalog.write")] as const,
    request: { params: imageParams, body: jsonBody(changeImageSchema) },
    responses: { 200: jsonResponse("The image.", imageSchema), default: problemResponse },
  }),
  async (context) => {
    const { id: eventId, image_id: imageId } = context.req.valid("param");
    const { type, alt_text: altText, position } = context.req.valid("json");
    const result = await changeImage(context.var.dependencies, context.var.actor, {
      eventId,
      imageId,
      changes: { type, altText, position },
    });
    return result.ok
      ? context.json(toImageBody(result.value, addressesOf(context)), 200)
      : answerProblem(context, result.refusal);
  },
);

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/events/{id}/images/{image_id}",
    summary: "Take an image from an event",
    description: "Its address goes on working for a day, for pages that are open.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params: imageParams },
    responses: { 204: { description: "The event does not show it." }, default: problemResponse },
  }),
  async (context) => {
    const { id: eventId, image_id: imageId } = context.req.valid("param");
    const image = { eventId, imageId };
    const result = await deleteImage(context.var.dependencies, context.var.actor, image);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/images/uploads",
    summary: "Begin to send a large image straight to the store",
    description: "PUT the file to `url` with `headers`, then call `complete`.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: idempotencyHeaderSchema, body: jsonBody(beginUploadSchema) },
    responses: { 201: jsonResponse("Where to.", begunUploadSchema), default: problemResponse },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const body = context.req.valid("json");
    const result = await beginUpload(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      type: body.type,
      altText: body.alt_text,
      contentType: body.content_type,
      sizeBytes: body.size_bytes,
      idempotencyKey: key.value,
    });
    return result.ok
      ? context.json(toBegunUploadBody(result.value), 201)
      : answerProblem(context, result.refusal);
  },
);

imageRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/images/uploads/{upload_id}/complete",
    summary: "Have an image that was sent to the store checked and shown",
    description: "Repeating it answers the same image.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params: params.extend({ upload_id: idSchema }) },
    responses: { 201: jsonResponse("The image.", imageSchema), default: problemResponse },
  }),
  async (context) => {
    const { id: eventId, upload_id: uploadId } = context.req.valid("param");
    const upload = { eventId, uploadId };
    const result = await completeUpload(context.var.dependencies, context.var.actor, upload);
    return result.ok
      ? context.json(toImageBody(result.value, addressesOf(context)), 201)
      : answerProblem(context, result.refusal);
  },
);

function addressesOf({ var: { publicBaseUrl, dependencies } }: Context<SessionEnv>) {
  return { publicBaseUrl, resizesImages: dependencies.imageResizer !== null };
}
