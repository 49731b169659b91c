// What Postgres holds of the sale, read as the owner of the tables. Reads only.

import pg from "pg";
import { z } from "zod";

const unitShape = z.object({
  id: z.string(),
  area_id: z.string(),
  status: z.string(),
  inventory_version: z.coerce.number(),
});
const partShape = z.looseObject({ version: z.number(), state: z.string() });
const reservationShape = z.object({
  id: z.string(),
  status: z.string(),
  parts: z.record(z.string(), partShape).nullable(),
});
const ticketShape = z.object({
  id: z.string(),
  reservation_id: z.string(),
  area_id: z.string(),
  unit_id: z.string(),
  status: z.string(),
  price: z.string(),
  service: z.string(),
  serial: z.number(),
  inventory_version: z.coerce.number(),
});
const paymentShape = z.object({
  id: z.string(),
  reservation_id: z.string(),
  status: z.string(),
  amount: z.string(),
  refund_amount: z.string(),
  payment_gateway_transaction_id: z.string().nullable(),
});

export type PostgresUnit = z.infer<typeof unitShape>;
export type PostgresReservation = z.infer<typeof reservationShape>;
export type PostgresTicket = z.infer<typeof ticketShape>;
export type PostgresPayment = z.infer<typeof paymentShape>;

export interface PostgresState {
  units: Map<string, PostgresUnit>;
  reservations: Map<string, PostgresReservation>;
  tickets: PostgresTicket[];
  payments: Map<string, PostgresPayment>;
}

async function withClient<Value>(
  address: string,
  read: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client({ connectionString: address });
  await client.connect();
  try {
    return await read(client);
  } finally {
    await client.end();
  }
}

const byId = <Row extends { id: string }>(rows: Row[]) => new Map(rows.map((row) => [row.id, row]));

export function readPostgres(address: string): Promise<PostgresState> {
  return withClient(address, async (client) => {
    const rowsOf = async (text: string): Promise<unknown> => (await client.query(text)).rows;
    const units = await rowsOf("SELECT id, area_id, status, inventory_version FROM units");
    const reservations = await rowsOf(
      "SELECT id, status, extra_attributes -> 'areas' AS parts FROM reservations",
    );
    const tickets = await rowsOf(
      `SELECT id, reservation_id, area_id, unit_id, status, price, service, serial, inventory_version
       FROM reservation_units`,
    );
    const payments = await rowsOf(
      `SELECT id, reservation_id, status, amount, refund_amount, payment_gateway_transaction_id FROM payments`,
    );
    return {
      units: byId(z.array(unitShape).parse(units)),
      reservations: byId(z.array(reservationShape).parse(reservations)),
      tickets: z.array(ticketShape).parse(tickets),
      payments: byId(z.array(paymentShape).parse(payments)),
    };
  });
}

/** Of these approved transactions, those that neither became tickets nor money that goes back. */
export function unsettledTransactions(
  address: string,
  transactionIds: string[],
): Promise<string[]> {
  return withClient(address, async (client) => {
    const { rows } = await client.query(
      `SELECT wanted.id FROM unnest($1::text[]) AS wanted (id)
       WHERE NOT EXISTS (SELECT FROM payments WHERE payment_gateway_transaction_id = wanted.id
         AND status IN ('settled', 'refund_due', 'refunded'))`,
      [transactionIds],
    );
    return z
      .array(z.object({ id: z.string() }))
      .parse(rows)
      .map(({ id }) => id);
  });
}
