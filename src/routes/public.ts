// What anybody may read of an area and its units while they sell. No session; nothing here changes anything.

import { createRoute } from "@hono/zod-openapi";
import { jsonResponse } from "../contracts/common.ts";
import { liveDescription, liveMessageSchema } from "../contracts/live.ts";
import { movedResponse, problemResponse } from "../contracts/problem.ts";
import {
  areaParamsSchema,
  availabilitySchema,
  publicUnitsSchema,
  toAvailabilityBody,
  toPublicUnitsBody,
  UNITS_PER_PAGE,
  unitPageQuerySchema,
} from "../contracts/public.ts";
import { keepAtEdge } from "../http/edge-cache.ts";
import { generationOf } from "../http/generations.ts";
import { leadToMoved } from "../http/moved.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSite } from "../http/site.ts";
import { getAvailability } from "../services/public/get-availability.ts";
import { listUnits } from "../services/public/list-units.ts";
import { watchArea } from "../services/public/watch-area.ts";

/** Availability may be this old: an area's object sees one read a second per location at most. */
const AVAILABILITY_SECONDS = 1;

export const publicRoutes = createRouter();

publicRoutes.openapi(
  createRoute({
    method: "get",
    path: "/public/events/{slug}/areas/{area_id}/availability",
    tags: ["public"],
    summary: "What is left of an area, at most a second old",
    middleware: [requireSite, leadToMoved, keepAtEdge(AVAILABILITY_SECONDS)] as const,
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
    middleware: [requireSite, leadToMoved, keepAtEdge(AVAILABILITY_SECONDS, ["page"])] as const,
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
    const generation = await generationOf(profileId);
    const result = await watchArea(dependencies, profileId, { slug, areaId, generation });
    return result.ok
      ? new Response(null, { status: 101, webSocket: result.value })
      : answerProblem(context, result.refusal);
  },
);
