/**
 * The transactions of one sandbox, in memory: stopping the sandbox forgets them. This file decides which
 * changes of status Wompi allows (A4); it sends no events and knows no HTTP.
 */
import type { CheckoutRequest } from "./checkout-request.ts";
import { paymentMethod, type Method, type PaymentMethod } from "./payment-methods.ts";

export type FinalStatus = "APPROVED" | "DECLINED" | "ERROR";
export type Status = "PENDING" | "VOIDED" | FinalStatus;

/** The fields of a transaction as the API and the events show them (A4, with the fields real events add). */
export interface Transaction {
  id: string;
  created_at: string;
  finalized_at: string | null;
  amount_in_cents: number;
  reference: string;
  customer_email: string;
  currency: "COP";
  payment_method_type: Method;
  payment_method: PaymentMethod;
  redirect_url: string | null;
  status: Status;
  status_message: string | null;
  shipping_address: Record<string, string> | null;
  payment_link_id: null;
  payment_source_id: null;
  customer_data: Record<string, string> | null;
  billing_data: null;
  bill_id: null;
  taxes: { type: string; amount_in_cents: number }[];
  tip_in_cents: null;
}

export interface NewTransaction {
  checkout: CheckoutRequest;
  method: Method;
  status: Status;
  customerEmail: string;
}

const STATUS_MESSAGES: Readonly<Record<Status, string | null>> = {
  PENDING: null,
  APPROVED: null,
  DECLINED: "La transacción fue rechazada (Sandbox)",
  ERROR: "Ocurrió un error al procesar la transacción (Sandbox)",
  VOIDED: "La transacción fue anulada (Sandbox)",
};

const MERCHANT_ID = 15113;

export class Transactions {
  readonly #byId = new Map<string, Transaction>();
  // Starts anywhere, so that a sandbox restarted within one second does not repeat an id.
  #sequence = 10_000 + Math.floor(Math.random() * 80_000);

  create({ checkout, method, status, customerEmail }: NewTransaction): Transaction {
    const now = new Date();
    this.#sequence += 1;
    const transaction: Transaction = {
      id: `${MERCHANT_ID}-${Math.floor(now.getTime() / 1000)}-${this.#sequence}`,
      created_at: now.toISOString(),
      finalized_at: status === "PENDING" ? null : now.toISOString(),
      amount_in_cents: checkout.amountInCents,
      reference: checkout.reference,
      customer_email: customerEmail,
      currency: "COP",
      payment_method_type: method,
      payment_method: paymentMethod(method),
      redirect_url: checkout.redirectUrl,
      status,
      status_message: STATUS_MESSAGES[status],
      shipping_address: checkout.shippingAddress,
      payment_link_id: null,
      payment_source_id: null,
      customer_data: checkout.customerData,
      billing_data: null,
      bill_id: null,
      taxes: checkout.taxes,
      tip_in_cents: null,
    };
    this.#byId.set(transaction.id, transaction);
    return transaction;
  }

  find(id: string): Transaction | null {
    return this.#byId.get(id) ?? null;
  }

  newestFirst(): Transaction[] {
    return [...this.#byId.values()].toReversed();
  }

  withReference(reference: string): Transaction[] {
    return this.newestFirst().filter((transaction) => transaction.reference === reference);
  }

  /** A2: a completed reference is spent; a declined or failed one may be tried again. */
  isSpent(reference: string): boolean {
    return this.withReference(reference).some(
      ({ status }) => status === "APPROVED" || status === "VOIDED",
    );
  }

  /**
   * Ends a pending payment. It does not look at the reference: a slow PSE payment can be approved after
   * a card already paid the same reference, and a shop has to survive being paid twice.
   */
  finish(id: string, status: FinalStatus): Transaction | null {
    return this.#change(id, status, ({ status: from }) => from === "PENDING");
  }

  /** A4 and A5: cards only, and only once approved. */
  void(id: string): Transaction | null {
    return this.#change(
      id,
      "VOIDED",
      ({ status, payment_method_type: method }) => status === "APPROVED" && method === "CARD",
    );
  }

  #change(id: string, to: Status, allowed: (now: Transaction) => boolean): Transaction | null {
    const before = this.#byId.get(id);
    if (before === undefined || !allowed(before)) return null;
    const changed: Transaction = {
      ...before,
      status: to,
      status_message: STATUS_MESSAGES[to],
      finalized_at: before.finalized_at ?? new Date().toISOString(),
    };
    this.#byId.set(id, changed);
    return changed;
  }
}
