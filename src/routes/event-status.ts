// The statuses of the signed-in organizer's events: on sale and off it, put off, called off, over.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, ifMatchMoveHeaderSchema, jsonResponse } from "../contracts/common.ts";
import { eventSchema, toEventBody } from "../contracts/events.ts";
import { problemResponse } from "../contracts/problem.ts";
import { etagOf, readIfMatch } from "../http/etag.ts";
import { answerProblem } from "../http/problem.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { cancelEvent } from "../services/events/cancel-event.ts";
import { finishEvent } from "../services/events/finish-event.ts";
import { postponeEvent } from "../services/events/postpone-event.ts";
import { publishEvent } from "../services/events/publish-event.ts";
import { unpublishEvent } from "../services/events/unpublish-event.ts";

export const eventStatusRoutes = createRouter();

const moves = [
  {
    verb: publishEvent,
    path: "/events/{id}/publish",
    summary: "Put an event on sale",
    description:
      "Of a draft or a postponed event. A concert, a play or a festival needs your legal information with a PULEP code.",
  },
  {
    verb: unpublishEvent,
    path: "/events/{id}/unpublish",
    summary: "Take an event off sale: a draft again",
    description:
      "Of a published or postponed event. What is held can still be paid; sold tickets stay valid.",
  },
  {
    verb: postponeEvent,
    path: "/events/{id}/postpone",
    summary: "Put an event off",
    description:
      "Of a published event. Nothing more is held; sold tickets stay valid. Give it new dates and publish it again.",
  },
  {
    verb: cancelEvent,
    path: "/events/{id}/cancel",
    summary: "Call an event off, for good",
    description:
      "Of any event that is not over. Nothing more is held, and no payment is begun; one that is approved from now on goes " +
      "back by itself. What was paid before is not returned by this: refund it.",
  },
  {
    verb: finishEvent,
    path: "/events/{id}/finish",
    summary: "Close an event, for good",
    description:
      "Of a published event that has started. A day after its end it happens by itself. The gate goes on.",
  },
];

for (const { verb, description, ...move } of moves) {
  eventStatusRoutes.openapi(
    createRoute({
      ...move,
      method: "post",
      tags: ["events"],
      security: [{ session: [] }],
      description:
        `${description} May be repeated: it then finishes whatever an earlier call left half done. With \`If-Match\` only the ` +
        "version you have seen is moved; leave it out to repeat, since a move makes a new version.",
      middleware: [requireSession("catalog.write")] as const,
      request: { params: z.object({ id: idSchema }), headers: ifMatchMoveHeaderSchema },
      responses: { 200: jsonResponse("The event.", eventSchema), default: problemResponse },
    }),
    async (context) => {
      const { dependencies, actor } = context.var;
      const result = await verb(dependencies, actor, {
        eventId: context.req.valid("param").id,
        expected: readIfMatch(context),
      });
      return result.ok
        ? context.json(toEventBody(result.value), 200, etagOf(result.value))
        : answerProblem(context, result.refusal);
    },
  );
}
