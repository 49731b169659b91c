// Tickets as codes: the gate's check and the image itself.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { passageSchema, reissuedSchema, toPassageBody, validateSchema } from "../contracts/qr.ts";
import { idempotencyHeaderSchema, reservationHeaderSchema } from "../contracts/reservations.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { readJsonBody } from "../http/json-body.ts";
import { answerProblem } from "../http/problem.ts";
import { requireReservation } from "../http/reservation.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { admitTicket } from "../services/tickets/admit-ticket.ts";
import { exitTicket } from "../services/tickets/exit-ticket.ts";
import { getQr } from "../services/tickets/get-qr.ts";
import { reissueTicket } from "../services/tickets/reissue-ticket.ts";

export const qrRoutes = createRouter();

qrRoutes.openAPIRegistry.registerPath(
  createRoute({
    method: "post",
    path: "/qr/validate",
    tags: ["qr"],
    summary: "Admit a ticket at the gate, or let its holder out",
    security: [{ session: [] }],
    request: { body: jsonBody(validateSchema) },
    responses: {
      200: jsonResponse("Admitted, or let out.", passageSchema),
      default: problemResponse,
    },
  }),
);
qrRoutes.post("/qr/validate", requireSession("tickets.admit"), async (context) => {
  const body = await readJsonBody(context, validateSchema);
  if (!body.ok) return answerProblem(context, body.refusal);
  const { token, scan_id: scanId = crypto.randomUUID(), gate, direction } = body.value;
  const dependencies = context.get("dependencies");
  const actor = context.get("actor");
  const scan = { token, scanId, gate };
  const result =
    direction === "in"
      ? await admitTicket(dependencies, actor, scan)
      : await exitTicket(dependencies, actor, scan);
  if (!result.ok) return answerProblem(context, result.refusal);
  return context.json(toPassageBody(result.value), 200);
});

qrRoutes.openapi(
  createRoute({
    method: "get",
    path: "/qr/{reservation_unit_id}",
    tags: ["qr"],
    summary: "A ticket's QR as SVG, for the buyer of its reservation",
    middleware: [requireReservation] as const,
    request: {
      params: z.object({ reservation_unit_id: idSchema }),
      headers: reservationHeaderSchema,
      query: z.object({
        token: z.string().optional().openapi({ description: "Instead of the header." }),
      }),
    },
    responses: {
      200: { description: "The image.", content: { "image/svg+xml": { schema: z.string() } } },
      default: problemResponse,
    },
  }),
  async (context) => {
    const { dependencies, reservation } = context.var;
    const result = await getQr(
      dependencies,
      reservation,
      context.req.valid("param").reservation_unit_id,
    );
    if (!result.ok) return answerProblem(context, result.refusal);
    return context.body(result.value.bytes, 200, {
      "Content-Type": result.value.contentType,
      // An SVG opened by itself is a document: it may run nothing and load nothing.
      "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
      "Cache-Control": "private, max-age=300",
      ETag: result.value.etag,
    });
  },
);

qrRoutes.openapi(
  createRoute({
    method: "post",
    path: "/qr/{reservation_unit_id}/regenerate",
    tags: ["qr"],
    summary: "Give a ticket a new QR; the old one is refused from now on",
    middleware: [requireReservation] as const,
    request: {
      params: z.object({ reservation_unit_id: idSchema }),
      headers: reservationHeaderSchema.extend(idempotencyHeaderSchema.shape),
    },
    responses: { 200: jsonResponse("The new serial.", reissuedSchema), default: problemResponse },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const { dependencies, reservation } = context.var;
    const result = await reissueTicket(dependencies, reservation, {
      reservationUnitId: context.req.valid("param").reservation_unit_id,
      idempotencyKey: key.value,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { reservationUnitId, serial } = result.value;
    return context.json({ reservation_unit_id: reservationUnitId, serial }, 200);
  },
);
