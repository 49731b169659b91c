// Events of the signed-in organizer.

import { createRoute, z } from "@hono/zod-openapi";
import {
  idSchema,
  ifMatchHeaderSchema,
  jsonBody,
  jsonResponse,
  toChangedTime,
  toTime,
} from "../contracts/common.ts";
import {
  changeEventSchema,
  createEventSchema,
  duplicateEventSchema,
  eventPageQuerySchema,
  eventPageSchema,
  eventSchema,
  toEventBody,
  toEventPageBody,
} from "../contracts/events.ts";
import { problemResponse } from "../contracts/problem.ts";
import { idempotencyHeaderSchema } from "../contracts/reservations.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { changeEvent } from "../services/events/change-event.ts";
import { createEvent } from "../services/events/create-event.ts";
import { deleteEvent } from "../services/events/delete-event.ts";
import { duplicateEvent } from "../services/events/duplicate-event.ts";
import { getEvent } from "../services/events/get-event.ts";
import { listEvents } from "../services/events/list-events.ts";

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
      startsAt: new Date(body.starts_at),
      endsAt: new Date(body.ends_at),
      timeZone: body.time_zone,
      salesStartAt: toTime(body.sales_start_at),
      salesEndAt: toTime(body.sales_end_at),
      pulepCode: body.pulep_code,
      city: body.city,
      venueName: body.venue_name,
      venueAddress: body.venue_address,
    });
    return result.ok
      ? context.json(toEventBody(result.value), 201, etagOf(result.value))
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
      ? context.json(toEventBody(result.value), 200, etagOf(result.value))
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
    request: { params, headers: ifMatchHeaderSchema, body: jsonBody(changeEventSchema) },
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
        slug: body.slug,
        startsAt: toChangedTime(body.starts_at) ?? undefined,
        endsAt: toChangedTime(body.ends_at) ?? undefined,
        timeZone: body.time_zone,
        salesStartAt: toChangedTime(body.sales_start_at),
        salesEndAt: toChangedTime(body.sales_end_at),
        pulepCode: body.pulep_code,
        city: body.city,
        venueName: body.venue_name,
        venueAddress: body.venue_address,
      },
      expected: readIfMatch(context),
    });
    return result.ok
      ? context.json(toEventBody(result.value), 200, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "delete",
    path: "/events/{id}",
    summary: "Delete an event",
    description:
      "Not while it is on sale, tickets of it are sold, units are held or money is on its way. Its slug may be given again.",
    middleware: [requireSession("catalog.write")] as const,
    request: { params, headers: ifMatchHeaderSchema },
    responses: { 204: { description: "It is gone." }, default: problemResponse },
  }),
  async (context) => {
    const result = await deleteEvent(context.var.dependencies, context.var.actor, {
      eventId: context.req.valid("param").id,
      expected: readIfMatch(context),
    });
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);

eventRoutes.openapi(
  createRoute({
    ...common,
    method: "post",
    path: "/events/{id}/duplicate",
    summary: "Make a new event of one you have",
    description:
      "A draft with the same areas, units, blocked units, stages, promotions and images, and nothing of its sales. Each code of " +
      "yours means one promotion, so the copies have new ones: the old ones behind four characters and a dash. One-use codes and " +
      "the event's own PULEP code are not copied.",
    middleware: [requireSession("catalog.write")] as const,
    request: {
      params,
      headers: idempotencyHeaderSchema,
      body: { ...jsonBody(duplicateEventSchema), required: false },
    },
    responses: { 201: jsonResponse("The new event.", eventSchema), default: problemResponse },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const body = context.req.valid("json");
    const result = await duplicateEvent(context.var.dependencies, context.var.actor, {
      originalId: context.req.valid("param").id,
      name: body.name ?? null,
      slug: body.slug ?? null,
      startsAt: toTime(body.starts_at ?? null),
      endsAt: toTime(body.ends_at ?? null),
      idempotencyKey: key.value,
    });
    return result.ok
      ? context.json(toEventBody(result.value), 201, etagOf(result.value))
      : answerProblem(context, result.refusal);
  },
);
