// Files of images, for anybody who has their name: they are on public pages. Never anything else that the store holds.

import { createRoute, z } from "@hono/zod-openapi";
import { mediaQuerySchema } from "../contracts/images.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerMedia } from "../http/media-answer.ts";
import { createRouter } from "../http/router.ts";
import { openMedia } from "../services/media/open-media.ts";

export const mediaRoutes = createRouter();

mediaRoutes.openapi(
  createRoute({
    method: "get",
    path: "/media/{name}",
    tags: ["media"],
    summary: "An image, for ever the same",
    description: "Answers `If-None-Match` with 304 and `Range` with a part.",
    request: {
      params: z.object({
        name: z.string().openapi({ example: "0b9f6a2e-6c0e-4d8b-9a51-6f2f7d1c9a10.jpg" }),
      }),
      query: mediaQuerySchema,
    },
    responses: {
      200: { description: "The image." },
      206: { description: "A part of it." },
      304: { description: "As the client has it." },
      default: problemResponse,
    },
  }),
  (context) => {
    const { name } = context.req.valid("param");
    const { width } = context.req.valid("query");
    const { dependencies, publicBaseUrl } = context.var;
    const query = width === undefined ? "" : `?width=${width}`;
    const address = `${publicBaseUrl}/v1/media/${encodeURIComponent(name)}${query}`;
    return answerMedia(context, address, () =>
      openMedia(dependencies, { name, width: width ?? null }),
    );
  },
);
