// How buyers pay for a hold: at once, after a decline, too late, or more than once. Whatever they are told goes into the
// ledger; what came of their money is read by the judge, not believed.

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { StepFailed, payAtCheckout } from "../../dev/journey.ts";
import { buyerOf, endOf } from "../crash/payer.ts";
import type { Random } from "../crash/random.ts";
import { askUntilAnswered } from "../crash/requests.ts";
import type { SpikeReservation } from "./ledger.ts";
import type { Sale } from "./sale.ts";

/** What the gateway's event does on its way. */
const EVENTS = ["normal", "normal", "normal", "duplicate", "late"] as const;
const METHODS = ["CARD", "CARD", "NEQUI", "PSE"] as const;

const startedShape = z.object({ id: z.string(), checkout_url: z.string(), expires_at: z.string() });
const refusalShape = z.object({ code: z.string() });

interface Started {
  paymentId: string;
  checkoutUrl: string;
  expiresAtMs: number;
}

export class Payer {
  readonly #sale: Sale;
  readonly #random: Random;
  readonly #reservation: SpikeReservation;

  constructor(sale: Sale, random: Random, reservation: SpikeReservation) {
    this.#sale = sale;
    this.#random = random;
    this.#reservation = reservation;
  }

  /** Undefined when it was refused, above all because the hold is over; the buyer may then hold again. */
  async start(): Promise<Started | undefined> {
    const { api, ledger } = this.#sale;
    const reservation = this.#reservation;
    const answer = await askUntilAnswered({
      method: "POST",
      address: `${api}/v1/payments`,
      headers: { "reservation-token": reservation.token, "idempotency-key": this.#random.uuid() },
      body: { gateway: "wompi", buyer: buyerOf(`${this.#random.uuid()}@example.com`) },
    });
    if (answer === undefined) {
      ledger.unknownOutcomes += 1;
      return undefined;
    }
    if (answer.status === 201) {
      const { id, checkout_url, expires_at } = startedShape.parse(answer.body);
      reservation.paymentIds.push(id);
      return { paymentId: id, checkoutUrl: checkout_url, expiresAtMs: Date.parse(expires_at) };
    }
    const refusal = refusalShape.safeParse(answer.body);
    if (answer.status === 410 && refusal.success) ledger.refuse(refusal.data.code);
    else ledger.contradict("a payment", reservation, answer);
    return undefined;
  }

  /** One attempt on the checkout page. False when the page's time was over. */
  async approve(started: Started): Promise<boolean> {
    const choice = { outcome: "approve", event: this.#event(), method: this.#method() } as const;
    const transactionId = await this.#choose(started, choice);
    if (transactionId === undefined) return false;
    this.#approved(started, transactionId);
    return true;
  }

  async decline(started: Started): Promise<boolean> {
    const choice = { outcome: "decline", event: this.#event() } as const;
    if ((await this.#choose(started, choice)) === undefined) return false;
    this.#sale.ledger.declines += 1;
    return true;
  }

  /** The payer's bank takes its time. The transaction, undefined when the page's time was over. */
  begin(started: Started): Promise<string | undefined> {
    return this.#choose(started, { outcome: "pending", method: this.#method() });
  }

  /** The bank's answer. */
  async finish(started: Started, transactionId: string): Promise<void> {
    await this.#sale.shop.finish(transactionId, "APPROVED", this.#event());
    this.#approved(started, transactionId);
  }

  /** Until the hold is over for certain. */
  async outlive({ expiresAtMs }: Started): Promise<void> {
    await sleep(Math.max(0, expiresAtMs - Date.now()) + this.#random.between(50, 1_500));
  }

  /** Looks until the payment has ended. */
  async seeEnd({ paymentId, expiresAtMs }: Started): Promise<void> {
    const reservation = this.#reservation;
    const end = await endOf(paymentId, reservation, this.#sale);
    // Decided before the hold was over: nothing but the tickets that were held will do.
    if (end === undefined || Date.now() >= expiresAtMs) reservation.isLate = true;
    if (end === "returned") this.#sale.ledger.paidBack += 1;
    if (end === "settled" || (end === "returned" && reservation.lastWord !== "settled"))
      reservation.lastWord = end;
  }

  #event() {
    return this.#random.pick(EVENTS);
  }

  #method() {
    return this.#random.pick(METHODS);
  }

  #approved({ paymentId }: Started, transactionId: string): void {
    this.#reservation.approvals.push({ transactionId, paymentId });
    if (this.#reservation.lastWord === "held") this.#reservation.lastWord = "approved";
  }

  async #choose(
    { checkoutUrl }: Started,
    choice: Parameters<typeof payAtCheckout>[1],
  ): Promise<string | undefined> {
    try {
      return (await payAtCheckout(checkoutUrl, choice)).id;
    } catch (thrown) {
      if (!(thrown instanceof StepFailed && thrown.message.includes("expiration-time")))
        throw thrown;
      this.#sale.ledger.refuse("checkout_over");
      return undefined;
    }
  }
}
