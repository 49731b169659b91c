// Payments. What a gateway said is recorded here before anything follows from it.

import * as z from "zod";
import type { PriceLine } from "../../durable-objects/area-inventory/contract.ts";
import type { DatabaseScope, Statement } from "../ports/database.ts";
import type { Buyer } from "../ports/payments.ts";
import { centsToDecimal } from "../shared/money.ts";
import { centsColumn, timeColumn } from "./columns.ts";

const paymentStatus = z.enum([
  "pending",
  "approved",
  "settled",
  "declined",
  "error",
  "refund_due",
  "refunded",
]);
export type PaymentStatus = z.infer<typeof paymentStatus>;

/** What an amount is made of, as it was worked out in the inventory. */
const lineColumn = z.object({
  areaId: z.uuid(),
  kind: z.enum(["base", "stage", "promotion", "service"]),
  labelId: z.string().nullable(),
  units: z.int(),
  amountInCents: z.int(),
});

const paymentRow = z
  .object({
    id: z.uuid(),
    profile_id: z.uuid(),
    reservation_id: z.uuid(),
    amount: centsColumn,
    refund_amount: centsColumn,
    currency: z.string(),
    status: paymentStatus,
    payment_method: z.string().nullable(),
    payment_gateway_transaction_id: z.string().nullable(),
    customer_email: z.string(),
    customer_data: z.object({ full_name: z.string() }),
    area_ids: z.array(z.uuid()),
    pool_ids: z.array(z.uuid()),
    request_hash: z.string(),
    expires_at: timeColumn,
    price_lines: z.array(lineColumn).nullable(),
  })
  .transform((row) => ({
    paymentId: row.id,
    profileId: row.profile_id,
    reservationId: row.reservation_id,
    amountInCents: row.amount,
    refundInCents: row.refund_amount,
    currency: row.currency,
    status: row.status,
    method: row.payment_method,
    transactionId: row.payment_gateway_transaction_id,
    email: row.customer_email,
    buyerName: row.customer_data.full_name,
    areaIds: row.area_ids,
    poolIds: row.pool_ids,
    requestHash: row.request_hash,
    expiresAt: row.expires_at,
    /** Empty where they were not kept: of older payments, and of money that came twice. */
    lines: row.price_lines ?? [],
  }));

export type Payment = z.infer<typeof paymentRow>;

const COLUMNS = `id, profile_id, reservation_id, amount, refund_amount, currency, status, payment_method,
  payment_gateway_transaction_id, customer_email, customer_data, area_ids, pool_ids, request_hash, expires_at,
  price_lines`;

export interface NewPayment {
  paymentId: string;
  profileId: string;
  eventId: string;
  reservationId: string;
  amountInCents: number;
  lines: readonly (PriceLine & { areaId: string })[];
  currency: string;
  buyer: Buyer;
  areaIds: readonly string[];
  poolIds: readonly string[];
  requestHash: string;
  expiresAt: Date;
}

/** The payment with this id: the new one, or the one that was there. */
export async function insertPayment(tenant: DatabaseScope, payment: NewPayment): Promise<Payment> {
  const { buyer } = payment;
  const customer = {
    full_name: buyer.fullName,
    document_type: buyer.documentType,
    document_number: buyer.documentNumber,
    phone: buyer.phone,
    phone_prefix: buyer.phonePrefix,
  };
  const statements: Statement[] = [
    {
      // The area's own write of the reservation may still be under way; whichever comes second finds it there.
      text: `INSERT INTO reservations (id, profile_id, cluster_id, start_date, end_date)
             VALUES ($1, $2, $3, now(), $4) ON CONFLICT (id) DO NOTHING`,
      parameters: [
        payment.reservationId,
        payment.profileId,
        payment.eventId,
        payment.expiresAt.toISOString(),
      ],
    },
    {
      text: `INSERT INTO payments (id, profile_id, reservation_id, amount, currency, customer_email, customer_data,
               area_ids, request_hash, expires_at, pool_ids, price_lines)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) ON CONFLICT (id) DO NOTHING`,
      parameters: [
        payment.paymentId,
        payment.profileId,
        payment.reservationId,
        centsToDecimal(payment.amountInCents),
        payment.currency,
        buyer.email,
        JSON.stringify(customer),
        payment.areaIds,
        payment.requestHash,
        payment.expiresAt.toISOString(),
        payment.poolIds,
        JSON.stringify(payment.lines),
      ],
    },
    { text: `SELECT ${COLUMNS} FROM payments WHERE id = $1`, parameters: [payment.paymentId] },
  ];
  const [, , rows = []] = await tenant.transaction(statements);
  return z.tuple([paymentRow]).parse(rows)[0];
}

/** In a tenant's or the system's scope. */
export async function findPayment(
  scope: DatabaseScope,
  paymentId: string,
): Promise<Payment | null> {
  const rows = await scope.query(`SELECT ${COLUMNS} FROM payments WHERE id = $1`, [paymentId]);
  return z.array(paymentRow).parse(rows)[0] ?? null;
}

/** Approved by the gateway some minutes ago and still without tickets or refund. System scope. */
export async function findUnsettledPayments(
  system: DatabaseScope,
  page: { before: Date; limit: number },
): Promise<Payment[]> {
  const rows = await system.query(
    `SELECT ${COLUMNS} FROM payments WHERE status = 'approved' AND updated_at < $1 ORDER BY updated_at LIMIT $2`,
    [page.before.toISOString(), page.limit],
  );
  return z.array(paymentRow).parse(rows);
}

/** Due to go back for some minutes. Those a person has to return stay among them. System scope. */
export async function findDueRefunds(
  system: DatabaseScope,
  page: { before: Date; limit: number },
): Promise<Payment[]> {
  const rows = await system.query(
    `SELECT ${COLUMNS} FROM payments
     WHERE status = 'refund_due' AND updated_at BETWEEN $1::timestamptz - interval '1 day' AND $1
     ORDER BY updated_at DESC LIMIT $2`,
    [page.before.toISOString(), page.limit],
  );
  return z.array(paymentRow).parse(rows);
}

/** The buyer of a reservation, as given with the payment that bought it. */
export async function findPayingBuyer(
  tenant: DatabaseScope,
  reservationId: string,
): Promise<{ email: string; fullName: string; areaIds: string[] } | null> {
  const rows = await tenant.query(
    `SELECT ${COLUMNS} FROM payments
     WHERE reservation_id = $1 AND status IN ('approved', 'settled', 'refund_due', 'refunded')
     ORDER BY status = 'settled' DESC, created_at LIMIT 1`,
    [reservationId],
  );
  const payment = z.array(paymentRow).parse(rows)[0];
  if (payment === undefined) return null;
  return { email: payment.email, fullName: payment.buyerName, areaIds: payment.areaIds };
}

export interface TransactionRecord {
  paymentId: string;
  transactionId: string;
  method: string;
  status: "pending" | "approved" | "declined" | "error";
}

/**
 * Records the gateway's word on a payment that nothing was decided on yet: an approval is never taken back by an older or
 * another attempt's decline. The payment as it stands afterwards.
 */
export async function recordTransaction(
  tenant: DatabaseScope,
  record: TransactionRecord,
): Promise<Payment> {
  const [, rows = []] = await tenant.transaction([
    {
      text: `UPDATE payments SET status = $2, payment_gateway_transaction_id = $3, payment_method = $4, updated_at = now()
             WHERE id = $1 AND status IN ('pending', 'declined', 'error')`,
      parameters: [record.paymentId, record.status, record.transactionId, record.method],
    },
    { text: `SELECT ${COLUMNS} FROM payments WHERE id = $1`, parameters: [record.paymentId] },
  ]);
  return z.tuple([paymentRow]).parse(rows)[0];
}

/** Ends the settling of an approved payment; false when it had ended before. */
export async function settlePayment(
  tenant: DatabaseScope,
  end: { paymentId: string; status: "settled" | "refund_due"; refundInCents: number },
): Promise<boolean> {
  const rows = await tenant.query(
    `UPDATE payments SET status = $2, refund_amount = $3, updated_at = now()
     WHERE id = $1 AND status = 'approved' RETURNING id`,
    [end.paymentId, end.status, centsToDecimal(end.refundInCents)],
  );
  return rows.length > 0;
}

export async function markRefunded(tenant: DatabaseScope, paymentId: string): Promise<void> {
  await tenant.query(
    "UPDATE payments SET status = 'refunded', updated_at = now() WHERE id = $1 AND status = 'refund_due'",
    [paymentId],
  );
}

/** A settled payment whose money went back whole. */
export async function markCancelled(tenant: DatabaseScope, paymentId: string): Promise<void> {
  await tenant.query(
    `UPDATE payments SET status = 'refunded', refund_amount = amount, updated_at = now()
     WHERE id = $1 AND status = 'settled'`,
    [paymentId],
  );
}

/** Money that came twice for one payment: kept as a payment of its own that has to go back. Repeating it adds nothing. */
export async function insertSurplusPayment(
  tenant: DatabaseScope,
  surplus: {
    paymentId: string;
    of: Payment;
    transactionId: string;
    method: string;
    amountInCents: number;
  },
): Promise<void> {
  await tenant.query(
    `INSERT INTO payments (id, profile_id, reservation_id, amount, refund_amount, currency, status, payment_method,
       payment_gateway_transaction_id, customer_email, customer_data, area_ids, request_hash, expires_at)
     SELECT $2, profile_id, reservation_id, $3, $3, currency, 'refund_due', $4, $5, customer_email, customer_data,
       area_ids, request_hash, expires_at
     FROM payments WHERE id = $1
     ON CONFLICT DO NOTHING`,
    [
      surplus.of.paymentId,
      surplus.paymentId,
      centsToDecimal(surplus.amountInCents),
      surplus.method,
      surplus.transactionId,
    ],
  );
}
