// Tickets as codes: the gate's check and the image itself.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import { problemResponse } from "../contracts/problem.ts";
import { admissionSchema, validateSchema } from "../contracts/qr.ts";
import { reservationHeaderSchema } from "../contracts/reservations.ts";
import { answerProblem } from "../http/problem.ts";
import { requireReservation } from "../http/reservation.ts";
import { createRouter } from "../http/router.ts";
import { requireSession } from "../http/session.ts";
import { admitTicket } from "../services/tickets/admit-ticket.ts";
import { getQr } from "../services/tickets/get-qr.ts";

export const qrRoutes = createRouter();

qrRoutes.openapi(
  createRoute({
    method: "post",
    path: "/qr/validate",
    tags: ["qr"],
    summary: "Admit a ticket at the gate, once",
    security: [{ session: [] }],
    middleware: [requireSession("tickets.admit")] as const,
    request: { body: jsonBody(validateSchema) },
    responses: { 200: jsonResponse("Admitted.", admissionSchema), default: problemResponse },
  }),
  async (context) => {
    const { token, scan_id: scanId = crypto.randomUUID(), gate } = context.req.valid("json");
    const result = await admitTicket(context.var.dependencies, context.var.actor, {
      token,
      scanId,
      gate,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { reservationUnitId, areaId, label, admittedAtMs } = result.value;
    return context.json(
      {
        result: "admitted" as const,
        reservation_unit_id: reservationUnitId,
        area_id: areaId,
        label,
        admitted_at: new Date(admittedAtMs).toISOString(),
      },
      200,
    );
  },
);

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
