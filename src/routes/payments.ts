// Paying for a reservation, with its token.

import { createRoute, z } from "@hono/zod-openapi";
import { idSchema, jsonBody, jsonResponse } from "../contracts/common.ts";
import {
  paymentSchema,
  startPaymentSchema,
  startedPaymentSchema,
  toBuyer,
  toPaymentBody,
} from "../contracts/payments.ts";
import { problemResponse } from "../contracts/problem.ts";
import { idempotencyHeaderSchema, reservationHeaderSchema } from "../contracts/reservations.ts";
import { readIdempotencyKey } from "../http/idempotency.ts";
import { answerProblem } from "../http/problem.ts";
import { requireReservation } from "../http/reservation.ts";
import { createRouter } from "../http/router.ts";
import { getPayment } from "../services/payments/get-payment.ts";
import { startPayment } from "../services/payments/start-payment.ts";
import { renderReturnPage } from "../templates/return-page.ts";

export const paymentRoutes = createRouter();

paymentRoutes.openapi(
  createRoute({
    method: "post",
    path: "/payments",
    tags: ["payments"],
    summary: "Say who buys, get the gateway's checkout address",
    middleware: [requireReservation] as const,
    request: {
      headers: reservationHeaderSchema.extend(idempotencyHeaderSchema.shape),
      body: jsonBody(startPaymentSchema),
    },
    responses: {
      201: jsonResponse("The payment, waiting for the payer.", startedPaymentSchema),
      default: problemResponse,
    },
  }),
  async (context) => {
    const key = readIdempotencyKey(context);
    if (!key.ok) return answerProblem(context, key.refusal);
    const { dependencies, reservation } = context.var;
    const buyer = toBuyer(context.req.valid("json").buyer);
    const result = await startPayment(dependencies, reservation, {
      buyer,
      idempotencyKey: key.value,
    });
    if (!result.ok) return answerProblem(context, result.refusal);
    const { payment, checkoutUrl } = result.value;
    return context.json({ ...toPaymentBody(payment), checkout_url: checkoutUrl }, 201);
  },
);

paymentRoutes.openapi(
  createRoute({
    method: "get",
    path: "/payments/{id}",
    tags: ["payments"],
    summary: "Where a payment stands",
    middleware: [requireReservation] as const,
    request: { params: z.object({ id: idSchema }), headers: reservationHeaderSchema },
    responses: { 200: jsonResponse("The payment.", paymentSchema), default: problemResponse },
  }),
  async (context) => {
    const { dependencies, reservation } = context.var;
    const result = await getPayment(dependencies, reservation, context.req.valid("param").id);
    return result.ok
      ? context.json(toPaymentBody(result.value), 200)
      : answerProblem(context, result.refusal);
  },
);

// Where the payer's browser lands without a storefront. Proves and shows nothing of the payment.
paymentRoutes.get("/payments/:id/return", (context) => context.html(renderReturnPage()));
