// Carries the outbox to Postgres and then to the effects queue: single-flight, in order, until nothing is left.
// A failure leaves the rows where they are; the object's alarm tries again.

import type { InventoryEffects, InventoryProjection } from "./contract.ts";
import { FLUSH_PAUSE_MS, planFlush } from "./flush.ts";
import type { AreaStore } from "./store.ts";

export interface FlusherParts {
  areaId: string;
  store: AreaStore;
  projection: InventoryProjection;
  effects: InventoryEffects;
}

export class Flusher {
  readonly #parts: FlusherParts;
  #running: Promise<void> | null = null;
  readonly #waiters = new Set<{ sequence: number; leave: () => void }>();
  #endPause: () => void = () => undefined;
  /** Failed flushes in a row; 0 after a success. */
  failures = 0;

  constructor(parts: FlusherParts) {
    this.#parts = parts;
  }

  /** Sends what waits. Several callers share one run; never rejects. */
  run(): Promise<void> {
    this.#running ??= this.#sendAll().finally(() => {
      this.#running = null;
    });
    return this.#running;
  }

  /** Resolves once Postgres has the batch with this number, or when `patienceMs` are over. */
  reached(sequence: number, patienceMs: number): Promise<void> {
    const oldest = this.#parts.store.oldestOutboxSequence();
    if (oldest === null || oldest > sequence) return Promise.resolve();
    return new Promise((resolve) => {
      const leave = () => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        resolve();
      };
      const timer = setTimeout(leave, patienceMs);
      const waiter = { sequence, leave };
      this.#waiters.add(waiter);
      this.#endPause();
    });
  }

  async #sendAll(): Promise<void> {
    try {
      while (await this.#sendOnce()) {
        this.failures = 0;
        await this.#pause();
      }
    } catch (error) {
      this.failures += 1;
      console.error("flush failed", {
        areaId: this.#parts.areaId,
        failures: this.failures,
        reason: reasonOf(error),
      });
    }
  }

  /** Lets rows gather, unless a purchase waits for Postgres. */
  async #pause(): Promise<void> {
    if (this.#waiters.size > 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FLUSH_PAUSE_MS);
      this.#endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  async #sendOnce(): Promise<boolean> {
    const { areaId, store, projection, effects } = this.#parts;
    const area = store.loadArea()?.area;
    const plan = planFlush(store.oldestOutboxRows());
    if (area === undefined || plan === null) return false;
    const { profileId, eventId, currency } = area.settings;
    await projection.write({
      areaId,
      profileId,
      eventId,
      currency,
      reservations: plan.reservations,
      units: plan.units,
    });
    // Only now: a mail must never speak of a ticket that Postgres does not have.
    if (plan.effects.length > 0) await effects.send({ areaId, profileId }, plan.effects);
    store.removeOutboxRows(plan.throughSequence);
    // Not every batch has a row of its own: what counts is that none up to the awaited one is left.
    const oldest = store.oldestOutboxSequence();
    for (const { sequence, leave } of this.#waiters) {
      if (oldest === null || sequence < oldest) leave();
    }
    return true;
  }
}

/** What a log may say of an error: its name and code, never its text, which can carry row contents. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown";
  const code = "code" in error && typeof error.code === "string" ? ` ${error.code}` : "";
  return `${error.name}${code}`;
}
