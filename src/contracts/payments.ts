// Paying for a reservation.

import { z } from "@hono/zod-openapi";
import type { Payment } from "../db/payments-repository.ts";
import type { Buyer } from "../ports/payments.ts";
import { idSchema, lineSchema, priceLineSchema, timeSchema, toPriceLineBody } from "./common.ts";
import { rule } from "../shared/field-rules.ts";

const buyerSchema = z
  .strictObject({
    full_name: lineSchema.min(3).max(120).openapi({ example: "Ana María Rojas" }),
    email: z.email().max(254).openapi({ example: "ana@example.com" }),
    document_type: z.enum(["CC", "CE", "NIT", "PP", "TI"]),
    document_number: z.string().regex(/^[A-Za-z0-9-]{4,20}$/, rule("not_a_document_number")),
    phone: z
      .string()
      .regex(/^\d{7,12}$/, rule("not_a_phone"))
      .openapi({ example: "3001234567" }),
    phone_prefix: z
      .string()
      .regex(/^\+\d{1,3}$/, rule("not_a_phone_prefix"))
      .default("+57"),
  })
  .openapi("Buyer");

export const startPaymentSchema = z
  .strictObject({ gateway: z.literal("wompi"), buyer: buyerSchema })
  .openapi("StartPayment");

export const paymentSchema = z
  .object({
    id: idSchema,
    reservation_id: idSchema,
    gateway: z.literal("wompi"),
    status: z
      .enum(["pending", "approved", "settled", "declined", "error", "refund_due", "refunded"])
      .openapi({
        description: "`settled`: the tickets exist. `refund_due`: the money is on its way back.",
      }),
    method: z.string().nullable(),
    amount_in_cents: z.int(),
    refund_in_cents: z.int(),
    currency: z.string(),
    lines: z.array(priceLineSchema).openapi({
      description: "What the amount is made of; empty where it was not kept.",
    }),
    expires_at: timeSchema.openapi({ description: "The units are held until then." }),
  })
  .openapi("Payment");

export const startedPaymentSchema = paymentSchema
  .extend({ checkout_url: z.url().openapi({ description: "Send the payer's browser there." }) })
  .openapi("StartedPayment");

export function toBuyer(buyer: z.infer<typeof buyerSchema>): Buyer {
  return {
    fullName: buyer.full_name,
    email: buyer.email,
    documentType: buyer.document_type,
    documentNumber: buyer.document_number,
    phone: buyer.phone,
    phonePrefix: buyer.phone_prefix,
  };
}

export function toPaymentBody(payment: Payment): z.infer<typeof paymentSchema> {
  return {
    id: payment.paymentId,
    reservation_id: payment.reservationId,
    gateway: "wompi",
    status: payment.status,
    method: payment.method,
    amount_in_cents: payment.amountInCents,
    refund_in_cents: payment.refundInCents,
    currency: payment.currency,
    lines: payment.lines.map(toPriceLineBody),
    expires_at: payment.expiresAt.toISOString(),
  };
}
