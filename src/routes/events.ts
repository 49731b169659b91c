// Events of the signed-in organizer.

import { createRoute } from "@hono/zod-openapi";
import { jsonBody, jsonResponse } from "../contracts/common.ts";
import { createEventSchema, eventSchema, toEventBody } from "../contracts/events.ts";
import { problemResponse } from "../contracts/problem.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { createEvent } from "../services/events/create-event.ts";

export const eventRoutes = createRouter();

eventRoutes.openapi(
  createRoute({
    method: "post",
    path: "/events",
    tags: ["events"],
    summary: "Create an event, as a draft",
    security: [{ session: [] }],
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
    return result.ok ? context.json(toEventBody(result.value), 201) : answerProblem(context, result.refusal);
  },
);
