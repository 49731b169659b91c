/**
 * Sends `transaction.updated` to the shop (A4) and keeps trying on Wompi's schedule until the answer is
 * exactly 200. A retry may never build the body again: the shop has to see the same bytes and checksum.
 */
import { eventChecksum } from "./signatures.ts";
import type { Status, Transaction } from "./transactions.ts";

/** `late` behaves as if the first attempt had been lost on the way: only the retries happen. */
export const EVENT_MODES = ["normal", "duplicate", "late", "none"] as const;
export type EventMode = (typeof EVENT_MODES)[number];

interface Attempt {
  at: string;
  /** The HTTP status of the shop, or null when it could not be reached in time. */
  status: number | null;
  error: string | null;
}

export interface Delivery {
  transaction_id: string;
  transaction_status: Status;
  state: "waiting" | "delivered" | "abandoned";
  attempts: Attempt[];
  checksum: string;
  body: string;
}

export interface EventsOptions {
  eventsUrl: string;
  eventsSecret: string;
  redeliveryDelaysMilliseconds: readonly number[];
}

const SIGNED_PROPERTIES = ["transaction.id", "transaction.status", "transaction.amount_in_cents"];
// Wompi documents no timeout; ten seconds is the sandbox's own choice.
const ANSWER_TIMEOUT_MILLISECONDS = 10_000;

export class Events {
  readonly #options: EventsOptions;
  readonly #deliveries: Delivery[] = [];
  readonly #lastOf = new Map<string, Delivery>();
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #stopping = new AbortController();

  constructor(options: EventsOptions) {
    this.#options = options;
  }

  /** Signs the transaction as it is now and sends it in the way asked for. */
  publish(transaction: Transaction, mode: EventMode): void {
    const signed = signEvent(transaction, this.#options.eventsSecret);
    // Remembered even when nothing is sent, so that `resend` can bring back a lost event.
    this.#lastOf.set(transaction.id, signed);
    if (mode === "none") return;
    this.#send(signed, mode === "late" ? 1 : 0);
    if (mode === "duplicate") this.#send(signed, 0);
  }

  /** The same bytes once more, also after the shop answered 200. False when there was never an event. */
  resend(transactionId: string): boolean {
    const last = this.#lastOf.get(transactionId);
    if (last !== undefined) this.#send(last, 0);
    return last !== undefined;
  }

  deliveries(): Delivery[] {
    return this.#deliveries;
  }

  stop(): void {
    this.#stopping.abort();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #send(signed: Delivery, firstAttempt: number): void {
    const delivery: Delivery = { ...signed, attempts: [] };
    this.#deliveries.push(delivery);
    this.#schedule(delivery, firstAttempt, Date.now());
  }

  /** Attempt 0 is the first notification; attempt n comes at the n-th delay, counted from the first. */
  #schedule(delivery: Delivery, attempt: number, startedAt: number): void {
    const delay = attempt === 0 ? 0 : this.#options.redeliveryDelaysMilliseconds[attempt - 1];
    if (delay === undefined || this.#stopping.signal.aborted) {
      delivery.state = "abandoned";
      return;
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        void this.#attempt(delivery).then(() => {
          if (delivery.state === "waiting") this.#schedule(delivery, attempt + 1, startedAt);
        });
      },
      Math.max(0, startedAt + delay - Date.now()),
    );
    this.#timers.add(timer);
  }

  async #attempt(delivery: Delivery): Promise<void> {
    const attempt: Attempt = { at: new Date().toISOString(), status: null, error: null };
    delivery.attempts.push(attempt);
    try {
      const response = await fetch(this.#options.eventsUrl, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Event-Checksum": delivery.checksum },
        body: delivery.body,
        // A redirect is not a 200 and is not followed.
        redirect: "manual",
        signal: AbortSignal.any([
          this.#stopping.signal,
          AbortSignal.timeout(ANSWER_TIMEOUT_MILLISECONDS),
        ]),
      });
      attempt.status = response.status;
      if (response.status === 200) delivery.state = "delivered";
      await response.body?.cancel();
    } catch (error) {
      attempt.error = error instanceof Error ? error.message : String(error);
    }
  }
}

/** The envelope of A4. The timestamp is in seconds and stands at the top level. */
function signEvent(transaction: Transaction, eventsSecret: string): Delivery {
  const now = new Date();
  const timestamp = Math.floor(now.getTime() / 1000);
  const data = { transaction };
  const properties = SIGNED_PROPERTIES;
  const checksum = eventChecksum({ data, properties, timestamp }, eventsSecret);
  const body = JSON.stringify({
    event: "transaction.updated",
    data,
    environment: "test",
    signature: { properties, checksum },
    timestamp,
    sent_at: now.toISOString(),
  });
  return {
    transaction_id: transaction.id,
    transaction_status: transaction.status,
    state: "waiting",
    attempts: [],
    checksum,
    body,
  };
}
