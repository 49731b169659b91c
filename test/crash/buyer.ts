// One buyer: holds, gives back and pays, over and over, whatever happens to the server. Everything it is told goes into the
// ledger; it never believes what it was not told.

import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import type { AcknowledgedHold, KnownReservation, Ledger } from "./ledger.ts";
import { pay } from "./payer.ts";
import type { Random } from "./random.ts";
import { type Answer, type Question, ask, askUntilAnswered } from "./requests.ts";
import type { Sale } from "./sale.ts";

const KEPT_MAX = 6;
/** More at a time and a database that is away would leave nobody to hold. */
const PAYING_MAX = 2;

export interface Shop {
  api: string;
  sale: Sale;
  ledger: Ledger;
  isOver: () => boolean;
}

const reservationShape = z.object({
  id: z.string(),
  token: z.string(),
  total_in_cents: z.number(),
  units: z.array(
    z.object({
      reservation_unit_id: z.string(),
      area_id: z.string(),
      unit_id: z.string(),
      price_in_cents: z.number(),
      service_in_cents: z.number(),
    }),
  ),
});

export class Buyer {
  readonly #shop: Shop;
  readonly #random: Random;
  /** Held and neither paid nor given back so far. */
  readonly #kept: KnownReservation[] = [];
  readonly #paying = new Set<Promise<void>>();

  constructor(shop: Shop, random: Random) {
    this.#shop = shop;
    this.#random = random;
  }

  async shop(): Promise<void> {
    const random = this.#random;
    while (!this.#shop.isOver()) {
      await sleep(random.between(10, 120));
      const held = await this.#hold();
      const oldest =
        this.#kept.length > KEPT_MAX || held === "sold out" ? this.#kept.shift() : null;
      if (oldest) await this.#release(oldest);
      if (held === undefined || held === "sold out") continue;
      await sleep(random.between(0, 80));
      const wish = random.next();
      const isSmall = held.units.some(({ areaId }) => areaId === this.#shop.sale.smallAreaId);
      const mayPay = this.#paying.size < PAYING_MAX;
      if (mayPay && wish < 0.06) this.#pay(held, () => this.#release(held));
      else if (mayPay && wish < 0.4 && !isSmall) this.#pay(held, null);
      else if (wish < 0.7) await this.#release(held);
      else this.#kept.push(held);
    }
    await Promise.all(this.#paying);
  }

  /** Aside: the buyer goes on meanwhile. */
  #pay(reservation: KnownReservation, giveBack: (() => Promise<void>) | null): void {
    const { api, ledger } = this.#shop;
    const payment = pay(reservation, { api, ledger, random: this.#random, giveBack });
    this.#paying.add(payment);
    const forget = () => this.#paying.delete(payment);
    // One that failed stays, for the end to find.
    payment.then(forget, () => undefined);
  }

  #question(method: Question["method"], path: string): Question {
    return { method, address: `${this.#shop.api}/v1${path}`, headers: {} };
  }

  /** The reservation once it is acknowledged; undefined when nobody knows, or another refusal. */
  async #hold(): Promise<KnownReservation | "sold out" | undefined> {
    const { sale, ledger } = this.#shop;
    const random = this.#random;
    const areaIds = random.chance(0.3)
      ? [sale.smallAreaId]
      : random.chance(0.25)
        ? [...sale.largeAreaIds]
        : [random.pick(sale.largeAreaIds)];
    const items = areaIds.map((area_id) => ({ area_id, quantity: random.between(1, 3) }));
    const isKeyed = random.chance(0.6);
    const question = {
      ...this.#question("POST", "/reservations"),
      headers: isKeyed ? { "idempotency-key": random.uuid() } : {},
      body: { event_id: sale.eventId, items },
    };
    const answer = await (isKeyed ? askUntilAnswered(question) : ask(question));
    if (answer === undefined) {
      ledger.unknownOutcomes += 1;
      await sleep(random.between(50, 200));
      return undefined;
    }
    if (answer.status === 409) return "sold out";
    if (answer.status !== 201) {
      ledger.contradictions.push(`a hold was answered ${answer.status}`);
      return undefined;
    }
    const known = toKnown(answer);
    ledger.reservations.push(known);
    if (isKeyed && random.chance(0.2)) await this.#repeat(question, known);
    return known;
  }

  /** The same request after its answer: nothing but the same answer will do, whatever was killed in between. */
  async #repeat(question: Question, known: KnownReservation): Promise<void> {
    const { ledger } = this.#shop;
    if (this.#random.chance(0.3)) await sleep(this.#random.between(500, 3_000));
    const answer = await askUntilAnswered(question);
    if (answer === undefined) return;
    ledger.repeatedHolds += 1;
    const again = answer.status === 201 ? toKnown(answer) : undefined;
    if (again?.reservationId === known.reservationId && sameUnits(again, known)) return;
    ledger.contradictions.push(`hold ${known.reservationId} was not the same when repeated`);
  }

  /** Most insist on an answer; some walk away without knowing. */
  async #release(reservation: KnownReservation): Promise<void> {
    const { reservationId, token } = reservation;
    const question = {
      ...this.#question("DELETE", `/reservations/${reservationId}`),
      headers: { "reservation-token": token },
    };
    reservation.lastWord = "releasing";
    const answer = await (this.#random.chance(0.8) ? askUntilAnswered(question) : ask(question));
    if (answer?.status === 204) reservation.lastWord = "released";
    else if (answer === undefined) this.#shop.ledger.unknownOutcomes += 1;
    else this.#shop.ledger.contradict("a release", reservation, answer);
  }
}

function toKnown(answer: Answer): KnownReservation {
  return { ...toHold(answer), paymentId: null, transaction: null };
}

/** An acknowledged hold as the buyer was told of it. */
export function toHold({ body }: Answer): AcknowledgedHold {
  const { id, token, total_in_cents, units } = reservationShape.parse(body);
  return {
    reservationId: id,
    token,
    totalInCents: total_in_cents,
    units: units.map((unit) => ({
      reservationUnitId: unit.reservation_unit_id,
      areaId: unit.area_id,
      unitId: unit.unit_id,
      quotedInCents: unit.price_in_cents + unit.service_in_cents,
    })),
    lastWord: "held",
    isLate: false,
  };
}

function sameUnits(left: KnownReservation, right: KnownReservation): boolean {
  const idsOf = ({ units }: KnownReservation) => units.map(({ unitId }) => unitId).join();
  return idsOf(left) === idsOf(right);
}
