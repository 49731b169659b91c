// What an object finds outside: Postgres and the effects queue, with what goes wrong on the way to them.

import type {
  InventoryEffect,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";
import type { EventLoop } from "./event-loop.ts";
import type { ObjectParts } from "./platform.ts";
import type { WriteFate } from "./plan.ts";
import type { PostgresModel } from "./postgres-model.ts";
import type { Referee } from "./referee.ts";

const DONE_AFTER_MS = 4;
const TIMED_OUT_AFTER_MS = 10_000;
/** How long after its failure a lost write still arrives. */
const LATE_BY_MS = 7_000;

export class Outside {
  /** What becomes of the next writes and sends; then all goes well. */
  fates: WriteFate[] = [];
  queueFates: ("refused" | "answer-lost")[] = [];
  delayMs = 0;
  /** How often tickets of a reservation were sent for delivery. */
  readonly delivered = new Map<string, number>();
  readonly #loop: EventLoop;
  readonly #postgres: PostgresModel;
  readonly #referee: Referee;
  readonly #areaId: string;

  constructor(
    areaId: string,
    world: { loop: EventLoop; postgres: PostgresModel; referee: Referee },
  ) {
    this.#areaId = areaId;
    this.#loop = world.loop;
    this.#postgres = world.postgres;
    this.#referee = world.referee;
  }

  /** Whether Postgres knows that the reservation's part here was sold. */
  hasSale(reservationId: string): boolean {
    const state = this.#partOf(reservationId)?.state;
    return state === "sold" || state === "cancelled";
  }

  /** What one life of the object gets: after its end nothing is sent, and no answer comes. */
  partsFor(isAlive: () => boolean): ObjectParts {
    let writesUnderWay = 0;
    return {
      projection: {
        write: (batch) => {
          writesUnderWay += 1;
          if (writesUnderWay > 1) this.#referee.object("INV7", "two flushes at once");
          return new Promise((resolve, reject) => {
            this.#write(structuredClone(batch), (error) => {
              writesUnderWay -= 1;
              if (!isAlive()) return;
              if (error === null) resolve();
              else reject(error);
            });
          });
        },
      },
      effects: {
        send: (area, effects) => {
          if (area.areaId !== this.#areaId) this.#referee.object("INV7", "another area's effects");
          return isAlive() ? this.#send(effects) : new Promise(() => undefined);
        },
      },
    };
  }

  #write(batch: ProjectionBatch, answer: (error: Error | null) => void): void {
    const fate = this.fates.shift() ?? "done";
    const delayMs = DONE_AFTER_MS + (fate === "timed-out" ? TIMED_OUT_AFTER_MS : this.delayMs);
    const apply = () => this.#apply(batch);
    const failure = fate === "done" || fate === "twice" ? null : new Error(fate);
    this.#loop.after(delayMs, () => {
      if (fate === "done" || fate === "twice" || fate === "answer-lost") apply();
      answer(failure);
    });
    if (fate === "late" || fate === "twice") this.#loop.after(delayMs + LATE_BY_MS, apply);
  }

  #apply(batch: ProjectionBatch): void {
    try {
      if (batch.areaId !== this.#areaId) throw new Error("another area's rows");
      this.#postgres.write(batch);
    } catch (error) {
      this.#referee.object("INV7", `Postgres refuses a batch: ${String(error)}`);
    }
  }

  async #send(effects: readonly InventoryEffect[]): Promise<void> {
    for (const { reservationId } of effects) {
      const isRefundDue = this.#partOf(reservationId)?.state === "refund-due";
      if (!isRefundDue && !this.hasSale(reservationId))
        this.#referee.object("INV7", `effect before Postgres has the sale of ${reservationId}`);
    }
    const fate = this.queueFates.shift();
    if (fate !== "refused") {
      for (const { reservationId } of effects)
        this.delivered.set(reservationId, (this.delivered.get(reservationId) ?? 0) + 1);
    }
    if (fate !== undefined) throw new Error(fate);
  }

  #partOf(reservationId: string) {
    return this.#postgres.reservations.get(reservationId)?.parts.get(this.#areaId);
  }
}
