// What anybody may read of a site. No session; nothing here changes anything.

import { createRoute } from "@hono/zod-openapi";
import { jsonResponse, pageQuerySchema } from "../contracts/common.ts";
import { liveDescription, liveMessageSchema } from "../contracts/live.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  areaParamsSchema,
  availabilitySchema,
  publicAreasSchema,
  publicEventPageSchema,
  publicEventSchema,
  publicUnitsSchema,
  slugParamsSchema,
  toAvailabilityBody,
  toPublicAreasBody,
  toPublicEventBody,
  toPublicUnitsBody,
  UNITS_PER_PAGE,
  unitPageQuerySchema,
} from "../contracts/public.ts";
import { answerAgain, keepAtEdge } from "../http/edge-cache.ts";
import { leadToMoved } from "../http/moved.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSite } from "../http/site.ts";
import { getAvailability } from "../services/public/get-availability.ts";
import { getEvent } from "../services/public/get-event.ts";
import { listAreas } from "../services/public/list-areas.ts";
import { listEvents } from "../services/public/list-events.ts";
import { listUnits } from "../services/public/list-units.ts";
import { watchArea } from "../services/public/watch-area.ts";

/** Availability may be this old: an area's object sees one read a second per location at most. */
const AVAILABILITY_SECONDS = 1;

const movedResponse = { description: "The event has another slug now; `Location` has it." };

export const publicRoutes = createRouter();

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events",
    tags: ["public"],
    summary: "Published events of the site, soonest first",
    middleware: [requireSite] as const,
    request: { query: pageQuerySchema },
    responses: {
      200: jsonResponse("A page of events.", publicEventPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { cursor, limit } = context.req.valid("query");
    const result = await listEvents(dependencies, profileId, { cursor, limit });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { events, nextCursor } = result.value;
    return context.json({ events: events.map(toPublicEventBody), next_cursor: nextCursor }, 200);
  },
);

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}",
    tags: ["public"],
    summary: "One published event",
    middleware: [requireSite, leadToMoved] as const,
    request: { params: slugParamsSchema },
    responses: {
      200: jsonResponse("The event.", publicEventSchema),
      308: movedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const result = await getEvent(dependencies, profileId, context.req.valid("param").slug);
    return result.ok
      ? context.json(toPublicEventBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}/areas",
    tags: ["public"],
    summary: "The event's areas with their prices, at most a second old",
    middleware: [answerAgain, requireSite, leadToMoved, keepAtEdge(AVAILABILITY_SECONDS)] as const,
    request: { params: slugParamsSchema },
    responses: {
      200: jsonResponse("The areas, dearest first.", publicAreasSchema),
      308: movedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const result = await listAreas(dependencies, profileId, context.req.valid("param").slug);
    return result.ok
      ? context.json(toPublicAreasBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}/areas/{area_id}/availability",
    tags: ["public"],
    summary: "What is left of an area, at most a second old",
    middleware: [answerAgain, requireSite, leadToMoved, keepAtEdge(AVAILABILITY_SECONDS)] as const,
    request: { params: areaParamsSchema },
    responses: {
      200: jsonResponse("Counts of units.", availabilitySchema),
      308: movedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { slug, area_id: areaId } = context.req.valid("param");
    const result = await getAvailability(dependencies, profileId, { slug, areaId });
    return result.ok
      ? context.json(toAvailabilityBody(areaId, result.value, dependencies.now()), 200)
      : answerProblem(context, result.refusal);
  },
);

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}/areas/{area_id}/units",
    tags: ["public"],
    summary: "The area's units and which are free, at most a second old",
    middleware: [
      answerAgain,
      requireSite,
      leadToMoved,
      keepAtEdge(AVAILABILITY_SECONDS, ["page"]),
    ] as const,
    request: { params: areaParamsSchema, query: unitPageQuerySchema },
    responses: {
      200: jsonResponse("A page of units, in order of sale.", publicUnitsSchema),
      308: movedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { slug, area_id: areaId } = context.req.valid("param");
    const { page } = context.req.valid("query");
    const result = await listUnits(dependencies, profileId, {
      slug,
      areaId,
      page,
      pageUnits: UNITS_PER_PAGE,
    });
    return result.ok
      ? context.json(toPublicUnitsBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

publicRoutes.openAPIRegistry.register("LiveMessage", liveMessageSchema);
publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}/areas/{area_id}/live",
    tags: ["public"],
    summary: "The area's sale as it happens, on a WebSocket",
    description: liveDescription,
    middleware: [requireSite, leadToMoved] as const,
    request: { params: areaParamsSchema },
    responses: {
      101: { description: "Connected. Each message is the JSON text of a `LiveMessage`." },
      308: movedResponse,
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, profileId } = context.var;
    const { slug, area_id: areaId } = context.req.valid("param");
    if (context.req.header("upgrade")?.toLowerCase() !== "websocket")
      return answerProblem(context, { code: "upgrade_required" });
    const result = await watchArea(dependencies, profileId, { slug, areaId });
    return result.ok
      ? new Response(null, { status: 101, webSocket: result.value })
      : answerProblem(context, result.refusal);
  },
);
