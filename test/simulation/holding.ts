// Holding a reservation as the Worker does it: each area, then each pool the areas ask for, all or none. A stage whose pool
// has no room is left out, and the areas are asked again.

import type { HoldTerms, PoolUse } from "../../durable-objects/area-inventory/core/commands.ts";
import type { EventLoop } from "./event-loop.ts";
import type { PlannedItem } from "./plan.ts";
import { quantityOf } from "./plain-choice.ts";
import { codeOf, isOk, poolsOf, unitsOf } from "./told.ts";
import type { Doing, Send } from "./worker.ts";

export class Holding {
  readonly #send: Send;
  readonly #loop: EventLoop;
  readonly #numberOf: (areaId: string) => number;
  /** What the areas of a reservation asked for in pools, as they last said. */
  readonly #pools = new Map<string, Map<number, readonly PoolUse[]>>();

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

  async reserve(step: Doing<"reserve">): Promise<void> {
    const { reservationId } = step;
    const stagesFull: string[] = [];
    for (;;) {
      const held = await this.#holdAreas(step, stagesFull);
      if (held === null) return;
      const refusing = await this.#holdPools(step, held);
      if (refusing === null) return;
      await this.#giveBack(reservationId, [...held.keys()]);
      const { stageId } = refusing;
      const wasShown = step.items.some(({ terms }) => terms?.stageId === stageId);
      if (stageId === undefined || wasShown || stagesFull.includes(stageId)) return;
      stagesFull.push(stageId);
    }
  }

  /** What each area asks for in pools; null when one refused. */
  async #holdAreas(
    { reservationId, eventId, holdMs, latencyMs, ...step }: Doing<"reserve">,
    stagesFull: readonly string[],
  ): Promise<Map<number, readonly PoolUse[]> | null> {
    const items = step.items.toSorted((left, right) => left.area - right.area);
    const units = items.reduce((sum, { selection }) => sum + quantityOf(selection), 0);
    const asked = new Map<number, readonly PoolUse[]>();
    let firstUnitIndex = 0;
    let discountInCents = 0;
    for (const { area, selection, terms } of items) {
      const outcome = await this.#send(area, {
        kind: "place-hold",
        reservationId,
        eventId,
        selection,
        firstUnitIndex,
        holdMs,
        ...(terms && { terms }),
        ...(items.length > 1 && { order: { units, discountInCents } }),
        ...(stagesFull.length > 0 && { stagesFull }),
      });
      if (!isOk(outcome)) {
        // What another request with this id holds is not ours to give back.
        const isOurs = codeOf(outcome) !== "command_reused";
        if (isOurs) await this.#giveBack(reservationId, [...asked.keys()]);
        return null;
      }
      asked.set(area, poolsOf(outcome));
      this.#remember(reservationId, area, poolsOf(outcome));
      firstUnitIndex += unitsOf(outcome).length;
      for (const unit of unitsOf(outcome)) discountInCents += unit.discountInCents ?? 0;
      await this.#loop.sleep(latencyMs);
    }
    return asked;
  }

  /** The part that was refused, whose others are given back; null when all are held. */
  async #holdPools(
    { reservationId, eventId, holdMs, latencyMs, items }: Doing<"reserve">,
    asked: ReadonlyMap<number, readonly PoolUse[]>,
  ): Promise<{ stageId?: string } | null> {
    const held: number[] = [];
    for (const [poolId, part] of partsOf([...asked.values()].flat())) {
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
        const { stageId } = part;
        return codeOf(outcome) === "sold_out" && stageId !== undefined ? { stageId } : {};
      }
      held.push(pool);
      await this.#loop.sleep(latencyMs);
    }
    return null;
  }

  #remember(reservationId: string, area: number, pools: readonly PoolUse[]): void {
    const known = this.#pools.get(reservationId) ?? new Map<number, readonly PoolUse[]>();
    this.#pools.set(reservationId, known.set(area, pools));
  }

  async #giveBack(reservationId: string, areas: readonly number[]): Promise<void> {
    await Promise.all(
      areas.map((area) => this.#send(area, { kind: "release-hold", reservationId })),
    );
  }
}

/** One part of each pool, in a fixed order: a stage's units add up, a promotion is used once by an order. */
function partsOf(asked: readonly PoolUse[]): Map<string, PoolUse> {
  const parts = new Map<string, PoolUse>();
  for (const use of asked.toSorted((left, right) => (left.poolId < right.poolId ? -1 : 1))) {
    const before = use.stageId === undefined ? 0 : (parts.get(use.poolId)?.quantity ?? 0);
    parts.set(use.poolId, { ...use, quantity: use.quantity + before });
  }
  return parts;
}

function poolTerms(
  items: readonly PlannedItem[],
  { promotionCode }: PoolUse,
): HoldTerms | undefined {
  const buyerId = items.find(({ terms }) => terms?.buyerId !== undefined)?.terms?.buyerId;
  if (buyerId === undefined && promotionCode === undefined) return undefined;
  return { ...(buyerId && { buyerId }), ...(promotionCode && { promotionCode }) };
}
