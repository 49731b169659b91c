// Holds of anonymous buyers. The token in the answer is all that later requests need.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import {
  idempotencyHeaderSchema,
  placeReservationSchema,
  placedReservationSchema,
  reservationHeaderSchema,
  reservationSchema,
  toItem,
  toReservationBody,
} from "../contracts/reservations.ts";
import { clientNetwork } from "../http/client-address.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { readJsonBody } from "../http/json-body.ts";
import { answerProblem } from "../http/problem.ts";
import { requireReservation } from "../http/reservation.ts";
import { createRouter } from "../http/router.ts";
import { getReservation } from "../services/reservations/get-reservation.ts";
import { placeReservation } from "../services/reservations/place-reservation.ts";
import { releaseReservation } from "../services/reservations/release-reservation.ts";

const paramsSchema = z.object({ id: idSchema });

type PlacedReservationBody = z.infer<typeof placedReservationSchema>;

export const reservationRoutes = createRouter();

reservationRoutes.openAPIRegistry.registerPath(
  createRoute({
    method: "post",
    path: "/reservations",
    tags: ["reservations"],
    summary: "Hold units for a while, by quantity or by name",
    request: { headers: idempotencyHeaderSchema, body: jsonBody(placeReservationSchema) },
    responses: {
      201: jsonResponse("Held until expires_at.", placedReservationSchema),
      default: problemResponse,
    },
  }),
);
reservationRoutes.post("/reservations", async (context) => {
  const body = await readJsonBody(context, placeReservationSchema);
  if (!body.ok) return answerProblem(context, body.refusal);
  const key = readIdempotencyKey(context);
  if (!key.ok) return answerProblem(context, key.refusal);
  const { event_id: eventId, items, promotion_code: code } = body.value;
  const result = await placeReservation(context.get("dependencies"), {
    eventId,
    items: items.map((item) => toItem(item, code)),
    idempotencyKey: key.value,
    address: clientNetwork(context) ?? "",
  });
  if (!result.ok) return answerProblem(context, result.refusal);
  const { reservation, token } = result.value;
  const answer: PlacedReservationBody = { ...toReservationBody(reservation), token };
  return context.json(answer, 201);
});

reservationRoutes.openapi(
  createRoute({
    method: "get",
    path: "/reservations/{id}",
    tags: ["reservations"],
    summary: "The reservation of the token",
    middleware: [requireReservation] as const,
    request: { params: paramsSchema, headers: reservationHeaderSchema },
    responses: {
      200: jsonResponse("The reservation.", reservationSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, reservation } = context.var;
    if (context.req.valid("param").id !== reservation.reservationId) {
      return answerProblem(context, { code: "reservation_not_found" });
    }
    const result = await getReservation(dependencies, reservation);
    return result.ok
      ? context.json(toReservationBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

reservationRoutes.openapi(
  createRoute({
    method: "delete",
    path: "/reservations/{id}",
    tags: ["reservations"],
    summary: "Give the units back",
    middleware: [requireReservation] as const,
    request: { params: paramsSchema, headers: reservationHeaderSchema },
    responses: { 204: { description: "Released, now or before." }, default: problemResponse },
  }),
  async (context) => {
    const { dependencies, reservation } = context.var;
    if (context.req.valid("param").id !== reservation.reservationId) {
      return answerProblem(context, { code: "reservation_not_found" });
    }
    const result = await releaseReservation(dependencies, reservation);
    return result.ok ? context.body(null, 204) : answerProblem(context, result.refusal);
  },
);
