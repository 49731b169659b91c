// Events of the signed-in organizer.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import {
  changeEventSchema,
  createEventSchema,
  eventPageQuerySchema,
  eventPageSchema,
  eventSchema,
  toEventBody,
  toEventPageBody,
} from "../contracts/events.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { changeEvent } from "../services/events/change-event.ts";
import { createEvent } from "../services/events/create-event.ts";
import { getEvent } from "../services/events/get-event.ts";
import { listEvents } from "../services/events/list-events.ts";
import { publishEvent } from "../services/events/publish-event.ts";
import { unpublishEvent } from "../services/events/unpublish-event.ts";

export const eventRoutes = createRouter();

const common = { tags: ["events"], security: [{ session: [] }] };
const params = z.object({ id: idSchema });

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/events",
    summary: "Your events, newest first",
    middleware: [requireSession("catalog.read")] as const,
    request: { query: eventPageQuerySchema },
    responses: {
      200: jsonResponse("A page of events.", eventPageSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { cursor, limit } = context.req.valid("query");
    const page = await listEvents(context.var.dependencies, context.var.actor, {
      after: cursor ?? null,
      limit,
    });
    return context.json(toEventPageBody(page), 200);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events",
    summary: "Create an event, as a draft",
    middleware: [requireSession("catalog.write")] as const,
    request: { body: jsonBody(createEventSchema) },
    responses: { 201: jsonResponse("The new event.", eventSchema), default: problemResponse },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await createEvent(context.var.dependencies, context.var.actor, {
      name: body.name,
      description: body.description,
      slug: body.slug ?? null,
      type: body.event_type,
      startsAt: body.starts_at,
      endsAt: body.ends_at,
      timeZone: body.time_zone,
    });
    return result.ok
      ? context.json(toEventBody(result.value), 201)
      : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "get",
    path: "/events/{id}",
    summary: "One event",
    middleware: [requireSession("catalog.read")] as const,
    request: { params },
    responses: { 200: jsonResponse("The event.", eventSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await getEvent(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json(toEventBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "patch",
    path: "/events/{id}",
    summary: "Change an event",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, body: jsonBody(changeEventSchema) },
    responses: {
      200: jsonResponse("The event, with its changes.", eventSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const body = context.req.valid("json");
    const result = await changeEvent(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      changes: {
        name: body.name,
        description: body.description,
        type: body.event_type,
        startsAt: body.starts_at,
        endsAt: body.ends_at,
        timeZone: body.time_zone,
      },
    });
    return result.ok
      ? context.json(toEventBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/publish",
    summary: "Put an event on sale",
    description:
      "May be repeated: it then finishes whatever an earlier call or change left half done.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params },
    responses: { 200: jsonResponse("The published event.", eventSchema), default: problemResponse },
  }),
  async (context) => {
    const result = await publishEvent(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json(toEventBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/unpublish",
    summary: "Take an event off sale",
    description: "What is held can still be paid; sold tickets stay valid.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params },
    responses: {
      200: jsonResponse("The event, a draft again.", eventSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const result = await unpublishEvent(
      context.var.dependencies,
      context.var.actor,
      context.req.valid("param").id,
    );
    return result.ok
      ? context.json(toEventBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);
