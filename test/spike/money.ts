// Where every approved peso is: with a ticket at its quoted price, on its way back, or nowhere, which is what this looks
// for. Pure.

import { decimalToCents } from "../../src/shared/money.ts";
import type { Areas } from "../crash/compare.ts";
import type { PostgresPayment, PostgresState } from "../crash/postgres-state.ts";
import type { GatewayTransaction } from "./gateway.ts";
import type { SpikeLedger } from "./ledger.ts";

/** Money that is not where it should be, and why that is thought so. */
export interface Astray {
  what: string;
  cents: number;
}

export interface Money {
  /** What the gateway took, whatever it gave back since. */
  taken: number;
  /** The same by the payments in Postgres. */
  recorded: number;
  /** What the sold tickets cost. */
  tickets: number;
  /** Due to go back, or back already. */
  returned: number;
  astray: Astray[];
  unaccounted: number;
}

interface Books {
  ledger: SpikeLedger;
  transactions: readonly GatewayTransaction[];
  areas: Areas;
  postgres: PostgresState;
}

const sum = (cents: readonly number[]): number => cents.reduce((all, one) => all + one, 0);
const isTaken = ({ status }: GatewayTransaction) => status === "APPROVED" || status === "VOIDED";
const hasMoney = ({ status }: PostgresPayment) =>
  ["approved", "settled", "refund_due", "refunded"].includes(status);
const refundOf = ({ status, refund_amount }: PostgresPayment) =>
  status === "refund_due" || status === "refunded" ? decimalToCents(refund_amount) : 0;

export function countMoney(books: Books): Money {
  const taken = books.transactions.filter(isTaken);
  const payments = [...books.postgres.payments.values()].filter(hasMoney);
  const bought = boughtBy(books.areas);
  const astray = [
    ...taken.flatMap((one) => ofTransaction(one, payments, bought)),
    ...notAsQuoted(books.ledger, taken),
    ...withoutTransaction(payments, taken),
    ...withoutPayment(bought, payments),
  ];
  const sums = {
    taken: sum(taken.map((one) => one.amount_in_cents)),
    recorded: sum(payments.map(({ amount }) => decimalToCents(amount))),
    tickets: sum(
      books.postgres.tickets.map((one) => decimalToCents(one.price) + decimalToCents(one.service)),
    ),
    returned: sum(payments.map(refundOf)),
  };
  const difference = Math.max(
    Math.abs(sums.taken - sums.recorded),
    Math.abs(sums.taken - sums.tickets - sums.returned),
  );
  // What is astray somewhere is missing in the sums as well; it is not missing twice.
  const unaccounted = Math.max(difference, sum(astray.map(({ cents }) => cents)));
  if (difference > 0)
    astray.push({ what: `the sums differ: ${JSON.stringify(sums)}`, cents: difference });
  return { ...sums, astray, unaccounted };
}

/** What each payment bought, by the areas that sold to it. */
function boughtBy(areas: Areas): Map<string, number> {
  const bought = new Map<string, number>();
  for (const { reservations } of areas.values()) {
    for (const { state, paymentId, units } of reservations.values()) {
      if (state !== "sold") continue;
      const price = sum(units.map((unit) => unit.priceInCents + unit.serviceInCents));
      bought.set(paymentId ?? "nobody", (bought.get(paymentId ?? "nobody") ?? 0) + price);
    }
  }
  return bought;
}

function ofTransaction(
  { id, amount_in_cents: amount, status }: GatewayTransaction,
  payments: readonly PostgresPayment[],
  bought: ReadonlyMap<string, number>,
): Astray[] {
  const [payment, ...others] = payments.filter((one) => one.payment_gateway_transaction_id === id);
  const found = (what: string, cents: number): Astray[] =>
    cents === 0 ? [] : [{ what: `transaction ${id}: ${what}`, cents: Math.abs(cents) }];
  if (payment === undefined) return found("in no payment", amount);
  const tickets = bought.get(payment.id) ?? 0;
  const refund = refundOf(payment);
  const isBack = status === "VOIDED";
  return [
    ...found("in several payments", others.length * amount),
    ...found(
      `${payment.status}, took ${amount}, tickets ${tickets}, refund ${refund}`,
      amount - tickets - refund,
    ),
    ...found(
      `${status} at the gateway, ${payment.status} in Postgres`,
      isBack === (payment.status === "refunded") ? 0 : amount,
    ),
  ];
}

/** The payer was asked for what the hold was quoted at. */
function notAsQuoted(
  { reservations }: SpikeLedger,
  taken: readonly GatewayTransaction[],
): Astray[] {
  const quoted = new Map(
    reservations.flatMap(({ paymentIds, totalInCents }) =>
      paymentIds.map((paymentId) => [paymentId, totalInCents]),
    ),
  );
  return taken.flatMap(({ id, reference, amount_in_cents: amount }) => {
    const wanted = quoted.get(reference) ?? 0;
    const what = `transaction ${id}: took ${amount}, quoted ${wanted}`;
    return amount === wanted ? [] : [{ what, cents: Math.abs(amount - wanted) }];
  });
}

function withoutTransaction(
  payments: readonly PostgresPayment[],
  taken: readonly GatewayTransaction[],
): Astray[] {
  const known = new Set(taken.map(({ id }) => id));
  return payments.flatMap(({ id, status, amount, payment_gateway_transaction_id: transaction }) =>
    known.has(transaction ?? "")
      ? []
      : [{ what: `payment ${id}: ${status}, never paid`, cents: decimalToCents(amount) }],
  );
}

function withoutPayment(
  bought: ReadonlyMap<string, number>,
  payments: readonly PostgresPayment[],
): Astray[] {
  const known = new Set(payments.map(({ id }) => id));
  return [...bought].flatMap(([paymentId, cents]) =>
    known.has(paymentId) ? [] : [{ what: `tickets for payment ${paymentId}, never paid`, cents }],
  );
}
