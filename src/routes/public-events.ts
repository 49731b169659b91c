// What anybody may read of a site's events. No session; nothing here changes anything. Answers are kept at the edge until the
// organizer changes something, and have an ETag.

import { createRoute } from "@hono/zod-openapi";
import { jsonResponse } from "../contracts/common.ts";
import { eventJsonLd, jsonLdSchema } from "../contracts/event-json-ld.ts";
import { movedResponse, problemResponse, unchangedResponse } from "../contracts/problem.ts";
import {
  publicAreasSchema,
  publicPageSchema,
  toPublicAreasBody,
  toPublicPageBody,
} from "../contracts/public-page.ts";
import { publicEventQuerySchema, searchParameters, toFilter } from "../contracts/public-search.ts";
import { publicEventPageSchema, slugParamsSchema, toPublicEventBody } from "../contracts/public.ts";
import { keepUntilChanged } from "../http/edge-cache.ts";
import { leadToMoved } from "../http/moved.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSite } from "../http/site.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { getEvent } from "../services/public/get-event.ts";
import { listAreas } from "../services/public/list-areas.ts";
import { listEvents } from "../services/public/list-events.ts";

export const publicEventRoutes = createRouter();

const common = { method: "get" as const, tags: ["public"] };
const request = { params: slugParamsSchema };
const keepPage = keepUntilChanged();
const otherResponses = {
  304: unchangedResponse,
  308: movedResponse,
  default: problemResponse,
};

publicEventRoutes.openapi(
  createRoute({
    ...common,
    path: "/public/events",
    summary: "Events of the site that are neither over nor cancelled, soonest first",
    middleware: [requireSite, keepUntilChanged(searchParameters)] as const,
    request: { query: publicEventQuerySchema },
    responses: {
      200: jsonResponse("A page of events.", publicEventPageSchema),
      304: unchangedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId, publicBaseUrl } = context.var;
    const { cursor, limit, ...search } = context.req.valid("query");
    const result = await listEvents(dependencies, profileId, {
      filter: toFilter(search),
      cursor,
      limit,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const events = result.value.events.map((event) => toPublicEventBody(event, publicBaseUrl));
    return context.json({ events, next_cursor: result.value.nextCursor }, 200);
  },
);

publicEventRoutes.openapi(
  createRoute({
    ...common,
    path: "/public/events/{slug}",
    middleware: [requireSite, leadToMoved, keepPage] as const,
    request,
    summary: "One event, with its areas as they sell now",
    description: "Also of an event that was postponed or cancelled while it was on sale.",
    responses: {
      200: jsonResponse("The event's page.", publicPageSchema),
      ...otherResponses,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const result = await getEvent(dependencies, profileId, context.req.valid("param").slug);
    return result.ok
      ? context.json(toPublicPageBody(result.value, pageContext(context.var)), 200)
      : answerProblem(context, result.refusal);
  },
);

publicEventRoutes.openapi(
  createRoute({
    ...common,
    path: "/public/events/{slug}/json-ld",
    middleware: [requireSite, leadToMoved, keepPage] as const,
    request,
    summary: "One event as search engines read it",
    description: 'To be put into the page\'s `<script type="application/ld+json">` as it is.',
    responses: {
      200: {
        description: "An Event of schema.org.",
        content: { "application/ld+json": { schema: jsonLdSchema } },
      },
      ...otherResponses,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const result = await getEvent(dependencies, profileId, context.req.valid("param").slug);
    if (!result.ok) return answerProblem(context, result.refusal);
    const document = JSON.stringify(eventJsonLd(result.value, pageContext(context.var)));
    // No name or description may end the element that it is put into.
    const text = document.replaceAll("<", String.raw`\u003c`);
    return context.body(text, 200, { "Content-Type": "application/ld+json" });
  },
);

publicEventRoutes.openapi(
  createRoute({
    ...common,
    path: "/public/events/{slug}/areas",
    middleware: [requireSite, leadToMoved, keepPage] as const,
    request,
    summary: "The event's areas as they sell now",
    responses: {
      200: jsonResponse("The areas, dearest first.", publicAreasSchema),
      ...otherResponses,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const result = await listAreas(dependencies, profileId, context.req.valid("param").slug);
    return result.ok
      ? context.json(toPublicAreasBody(result.value, pageContext(context.var)), 200)
      : answerProblem(context, result.refusal);
  },
);

function pageContext({
  dependencies: { imageResizer, now },
  publicBaseUrl,
}: {
  dependencies: Dependencies;
  publicBaseUrl: string;
}) {
  return { publicBaseUrl, resizesImages: imageResizer !== null, nowMs: now() };
}
