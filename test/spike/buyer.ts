// One buyer, from the door to the tickets or out again: holds what they wish, tries again a few times where the answer says
// that may help, and pays in their own manner.

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { toHold } from "../crash/buyer.ts";
import type { Random } from "../crash/random.ts";
import { type Question, ask } from "../crash/requests.ts";
import { carryThrough } from "./pay.ts";
import type { SpikeReservation } from "./ledger.ts";
import type { Sale } from "./sale.ts";
import { type Wish, drawWish } from "./wish.ts";

const UNANSWERED_MAX = 5;
/** Between two tries of somebody who does not give up. */
const DETERMINED_PAUSE_MILLISECONDS = [500, 1_500] as const;
const LOOK_UP_MILLISECONDS = 500;

const refusalShape = z.object({ code: z.string(), may_retry: z.boolean() });

type Held = SpikeReservation | "may retry" | "no use";

export class Buyer {
  readonly #sale: Sale;
  readonly #random: Random;
  #hasCome = false;

  constructor(sale: Sale, random: Random) {
    this.#sale = sale;
    this.#random = random;
  }

  /** As one of the crowd, in this place of it: tries a few times, or once. */
  async comeAndBuy(place: number): Promise<void> {
    const { holdMilliseconds } = this.#sale;
    const wish = drawWish(this.#random, place, this.#sale.areas.length);
    let question = this.#question(wish);
    for (let tries = 0; tries <= wish.patience; tries += 1) {
      const held = await this.#hold(question);
      if (held === "no use") return;
      if (held !== "may retry" && (await this.#carryThrough(wish.manner, held))) return;
      await this.#waitForSeats(this.#random.between(holdMilliseconds / 8, holdMilliseconds / 2));
      // The very same request, key and all, may be sent again, but seats somebody took are no use any more.
      if (held !== "may retry" || wish.isNamed) question = this.#question(wish);
    }
  }

  /** Goes on until everything is sold: without such buyers, seats that come back at the end would find nobody. */
  async comeAndStay(): Promise<void> {
    const { areas } = this.#sale;
    for (let held: Held = "may retry"; held !== "no use";) {
      const area = this.#random.between(0, areas.length - 1);
      held = await this.#hold(this.#question({ items: [{ area, quantity: 1 }], isNamed: false }));
      if (held === "may retry")
        await this.#waitForSeats(this.#random.between(...DETERMINED_PAUSE_MILLISECONDS));
      else if (held !== "no use") await this.#carryThrough("pay", held);
    }
  }

  #carryThrough(manner: Wish["manner"], reservation: SpikeReservation): Promise<boolean> {
    return carryThrough(manner, { sale: this.#sale, random: this.#random, reservation });
  }

  /** Holds end and seats come back; when everything is sold there is nothing to wait for. */
  async #waitForSeats(milliseconds: number): Promise<void> {
    const until = Date.now() + milliseconds;
    while (!this.#sale.isOver && Date.now() < until) {
      await sleep(Math.min(LOOK_UP_MILLISECONDS, until - Date.now()));
    }
  }

  #question({ items, isNamed }: Pick<Wish, "items" | "isNamed">): Question {
    const { api, eventId, areas } = this.#sale;
    return {
      method: "POST",
      address: `${api}/v1/reservations`,
      headers: { "idempotency-key": this.#random.uuid() },
      body: {
        event_id: eventId,
        items: items.map(({ area, quantity }) => {
          const { areaId = "", unitIds = [] } = areas[area] ?? {};
          if (!isNamed) return { area_id: areaId, quantity };
          const first = this.#random.between(0, Math.max(0, unitIds.length - quantity));
          return { area_id: areaId, unit_ids: unitIds.slice(first, first + quantity) };
        }),
      },
    };
  }

  /** Asks until there is an answer, with the same key: an unanswered request may have been carried out. */
  async #hold(question: Question): Promise<Held> {
    const { holding, ledger } = this.#sale;
    for (let unanswered = 0; unanswered < UNANSWERED_MAX; unanswered += 1) {
      const answer = await holding.run(() => this.#ask(question));
      if (answer === "not asked") return "no use";
      if (!this.#hasCome) ledger.buyersCome += 1;
      this.#hasCome = true;
      if (answer === undefined) {
        ledger.unknownOutcomes += 1;
        continue;
      }
      if (answer.status === 201) {
        const reservation = { ...toHold(answer), paymentIds: [], approvals: [] };
        ledger.reservations.push(reservation);
        return reservation;
      }
      const refusal = refusalShape.safeParse(answer.body);
      if (refusal.success) ledger.refuse(refusal.data.code);
      else ledger.contradictions.push(`a hold was answered ${answer.status}`);
      return refusal.success && refusal.data.may_retry ? "may retry" : "no use";
    }
    return "no use";
  }

  /** Everybody asks once; who hears in the queue that everything is sold does not ask again. */
  async #ask(question: Question) {
    const { isOver, isGivenUp, ledger } = this.#sale;
    if (isGivenUp || (isOver && this.#hasCome)) return "not asked";
    const startedAt = performance.now();
    const answer = await ask(question);
    if (answer !== undefined) ledger.holdMilliseconds.push(performance.now() - startedAt);
    return answer;
  }
}
