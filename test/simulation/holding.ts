// Holding a reservation as the Worker does it: each area, then each pool the areas ask for, all or none. A stage whose pool
// has no room is left out, and so is a promotion nobody asked for; then the areas are asked again.

import type {
  GivenDiscount,
  HoldTerms,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { EventLoop } from "./event-loop.ts";
import type { PlannedItem } from "./plan.ts";
import { quantityOf } from "./plain-choice.ts";
import { type ToldPool, codeOf, expiryOf, isOk, poolsOf, totalOf, unitsOf } from "./told.ts";
import type { Doing, Send } from "./worker.ts";

/** What turned out to have no room in its pool. */
interface Full {
  stagesFull: string[];
  promotionsFull: string[];
}

/** An area that holds its part, until when, and what it asks for in pools. */
interface Held {
  area: number;
  holdExpiresAtMs: number;
  totalInCents: number;
  pools: readonly ToldPool[];
}

export class Holding {
  readonly #send: Send;
  readonly #loop: EventLoop;
  readonly #numberOf: (areaId: string) => number;
  /** What the areas of a reservation asked for in pools, as they last said. */
  readonly #pools = new Map<string, Map<number, readonly ToldPool[]>>();

  constructor(world: { send: Send; loop: EventLoop; numberOf: (areaId: string) => number }) {
    this.#send = world.send;
    this.#loop = world.loop;
    this.#numberOf = world.numberOf;
  }

  /** The pools of a reservation, in the order they are held and sold. */
  poolsOf(reservationId: string): number[] {
    const asked = [...(this.#pools.get(reservationId)?.values() ?? [])].flat();
    return [...partsOf(asked).keys()].map(this.#numberOf).sort((left, right) => left - right);
  }

  /** How much of a pool the parts of these areas need. */
  partIn(reservationId: string, areas: readonly number[], pool: number): number {
    const asked = areas.flatMap((area) => this.#pools.get(reservationId)?.get(area) ?? []);
    const part = [...partsOf(asked)].find(([poolId]) => this.#numberOf(poolId) === pool);
    return part?.[1].quantity ?? 0;
  }

  async reserve(step: Doing<"reserve">): Promise<void> {
    const { reservationId } = step;
    const full: Full = { stagesFull: [], promotionsFull: [] };
    for (;;) {
      const held = await this.#holdAreas(step, full);
      if (held === null) return;
      const refusing = await this.#holdPools(step, held);
      if (refusing === null) return this.#compareTotals(step, held);
      await this.#giveBack(reservationId, held);
      const { stageId, promotionId } = refusing;
      const wasShown = step.items.some(({ terms }) => terms?.stageId === stageId);
      if (stageId !== undefined && !wasShown && !full.stagesFull.includes(stageId))
        full.stagesFull.push(stageId);
      else if (promotionId !== undefined && !full.promotionsFull.includes(promotionId))
        full.promotionsFull.push(promotionId);
      else return;
    }
  }

  /** What each area holds; null when one refused. */
  async #holdAreas(
    { reservationId, eventId, holdMs, latencyMs, ...step }: Doing<"reserve">,
    { stagesFull, promotionsFull }: Full,
  ): Promise<Held[] | null> {
    const items = step.items.toSorted((left, right) => left.area - right.area);
    const units = items.reduce((sum, { selection }) => sum + quantityOf(selection), 0);
    const held: Held[] = [];
    let firstUnitIndex = 0;
    let discountInCents = 0;
    const discounts: GivenDiscount[] = [];
    for (const { area, selection, terms } of items) {
      const outcome = await this.#send(area, {
        kind: "place-hold",
        reservationId,
        eventId,
        selection,
        firstUnitIndex,
        holdMs,
        ...(terms && { terms }),
        ...(items.length > 1 && { order: { units, discountInCents, discounts: [...discounts] } }),
        ...(stagesFull.length > 0 && { stagesFull }),
        ...(promotionsFull.length > 0 && { promotionsFull }),
      });
      if (!isOk(outcome)) {
        // What another request with this id holds is not ours to give back.
        const isOurs = codeOf(outcome) !== "command_reused";
        if (isOurs) await this.#giveBack(reservationId, held);
        return null;
      }
      held.push({
        area,
        holdExpiresAtMs: expiryOf(outcome),
        totalInCents: totalOf(outcome),
        pools: poolsOf(outcome),
      });
      this.#remember(reservationId, area, poolsOf(outcome));
      firstUnitIndex += unitsOf(outcome).length;
      for (const { promotionId, discountInCents: inCents = 0 } of unitsOf(outcome)) {
        discountInCents += inCents;
        if (promotionId !== undefined) discounts.push({ promotionId, inCents });
      }
      await this.#loop.sleep(latencyMs);
    }
    return held;
  }

  /** Areas that need pools leave it to the Worker to compare what the buyer was shown. */
  async #compareTotals({ reservationId, items }: Doing<"reserve">, held: Held[]): Promise<void> {
    const isOther = held.some(({ area, totalInCents }) => {
      const shown = items.find((item) => item.area === area)?.terms?.totalInCents;
      return shown !== undefined && shown !== totalInCents;
    });
    // The pools' parts end by themselves.
    if (isOther) await this.#giveBack(reservationId, held);
  }

  /** The part that has no room, or an empty one for another reason; the others are given back. Null: all are held. */
  async #holdPools(
    { reservationId, eventId, holdMs, latencyMs, items }: Doing<"reserve">,
    asked: readonly Held[],
  ): Promise<Partial<ToldPool> | null> {
    const held: Held[] = [];
    for (const [poolId, part] of partsOf(asked.flatMap(({ pools }) => pools))) {
      const pool = this.#numberOf(poolId);
      const terms = poolTerms(items, part);
      const outcome = await this.#send(pool, {
        kind: "place-hold",
        reservationId,
        eventId,
        selection: { kind: "pool", quantity: part.quantity },
        firstUnitIndex: 0,
        holdMs,
        ...(terms && { terms }),
      });
      if (!isOk(outcome)) {
        await this.#giveBack(reservationId, held);
        if (codeOf(outcome) !== "sold_out" || part.promotionCode !== undefined) return {};
        const { stageId, promotionId } = part;
        return { ...(stageId && { stageId }), ...(promotionId && { promotionId }) };
      }
      const holdExpiresAtMs = expiryOf(outcome);
      held.push({ area: pool, holdExpiresAtMs, totalInCents: 0, pools: [] });
      await this.#loop.sleep(latencyMs);
    }
    return null;
  }

  #remember(reservationId: string, area: number, pools: readonly ToldPool[]): void {
    const known = this.#pools.get(reservationId) ?? new Map<number, readonly ToldPool[]>();
    this.#pools.set(reservationId, known.set(area, pools));
  }

  /** Only what this request held: another one with the same id may hold anew by now. */
  async #giveBack(reservationId: string, held: readonly Held[]): Promise<void> {
    await Promise.all(
      held.map(({ area, holdExpiresAtMs }) =>
        this.#send(area, { kind: "release-hold", reservationId, holdExpiresAtMs }),
      ),
    );
  }
}

/** One part of each pool, in a fixed order: a stage's units add up, a promotion is used once by an order. */
function partsOf(asked: readonly ToldPool[]): Map<string, ToldPool> {
  const parts = new Map<string, ToldPool>();
  for (const use of asked.toSorted((left, right) => (left.poolId < right.poolId ? -1 : 1))) {
    const before = use.stageId === undefined ? 0 : (parts.get(use.poolId)?.quantity ?? 0);
    parts.set(use.poolId, { ...use, quantity: use.quantity + before });
  }
  return parts;
}

function poolTerms(
  items: readonly PlannedItem[],
  { promotionCode }: ToldPool,
): HoldTerms | undefined {
  const buyerId = items.find(({ terms }) => terms?.buyerId !== undefined)?.terms?.buyerId;
  if (buyerId === undefined && promotionCode === undefined) return undefined;
  return { ...(buyerId && { buyerId }), ...(promotionCode && { promotionCode }) };
}
