// The Worker's verbs as its services have them, over simulated objects: areas in a fixed order, then pools, what was held
// given back when one of them refuses, every lost call sent again with the same ids.

import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaObject } from "./area-object.ts";
import type { EventLoop } from "./event-loop.ts";
import { Holding } from "./holding.ts";
import type { Action, SentCommand, Step } from "./plan.ts";
import type { PostgresModel } from "./postgres-model.ts";
import { Rebuilding } from "./rebuilding.ts";
import type { Referee } from "./referee.ts";
import { codeOf, isOk } from "./told.ts";
import type { Watch } from "./watch.ts";

/** Before a lost call is sent again. */
const RETRY_AFTER_MS = 120;

export type Doing<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }> & Step;

/** Sends one command to one area, until it is answered. */
export type Send = (area: number, command: SentCommand) => Promise<object>;

export class Worker {
  readonly #areas: readonly AreaObject[];
  readonly #loop: EventLoop;
  readonly #referee: Referee;
  readonly #watch: Watch;
  readonly #holding: Holding;
  readonly #rebuilding: Rebuilding;
  /** Payments and holds under way, by reservation. */
  readonly #underWay = new Map<string, number>();
  /** Paid for while it was being held: nobody can tell which pools belonged to it. */
  readonly #mixed = new Set<string>();

  constructor(world: {
    areas: readonly AreaObject[];
    loop: EventLoop;
    referee: Referee;
    watch: Watch;
    postgres: PostgresModel;
  }) {
    const { areas, loop, referee, watch, postgres } = world;
    this.#areas = areas;
    this.#loop = loop;
    this.#referee = referee;
    this.#watch = watch;
    const send: Send = (area, command) => this.send(area, command);
    const numberOf = (areaId: string) => areas.findIndex((area) => area.areaId === areaId);
    this.#holding = new Holding({ send, loop, numberOf });
    this.#rebuilding = new Rebuilding({ send, loop, postgres, referee });
  }

  reserve(step: Doing<"reserve">): Promise<void> {
    return this.#tracked(step.reservationId, () => this.#holding.reserve(step));
  }

  async startPayment(step: Doing<"start-payment">): Promise<void> {
    const { reservationId, paymentId, paymentWindowMs, buyerId } = step;
    for (const area of [...step.areas, ...this.#holding.poolsOf(reservationId)]) {
      const outcome = await this.send(area, {
        kind: "extend-hold",
        reservationId,
        paymentId,
        paymentWindowMs,
        ...(buyerId !== undefined && { buyerId }),
      });
      if (!isOk(outcome)) return;
      await this.#loop.sleep(step.latencyMs);
    }
  }

  /** Pools first: without them no area sells its part. */
  settle(step: Doing<"settle">): Promise<void> {
    const { reservationId, paymentId, latencyMs } = step;
    const commit = (area: number) =>
      this.send(area, { kind: "commit-hold", reservationId, paymentId });
    return this.#tracked(reservationId, async () => {
      const pools = this.#holding.poolsOf(reservationId);
      const sold: number[] = [];
      let isShort = false;
      for (const commitTo of [pools, step.areas]) {
        if (isShort) break;
        for (const area of commitTo) {
          const outcome = await commit(area);
          if (!isOk(outcome) && !mustReturn(outcome)) return;
          isShort ||= !isOk(outcome);
          if (isOk(outcome)) sold.push(area);
          await this.#loop.sleep(latencyMs);
          if (isShort && commitTo === pools) break;
        }
      }
      if (isShort) await this.#returnParts({ reservationId, paymentId, pools }, sold);
    });
  }

  /** The pools keep what the areas that sold need of them. */
  async #returnParts(
    { pools, ...ids }: { reservationId: string; paymentId: string; pools: readonly number[] },
    sold: readonly number[],
  ): Promise<void> {
    for (const pool of pools) {
      const quantityKept = this.#holding.partIn(ids.reservationId, sold, pool);
      await this.send(pool, { kind: "return-part", ...ids, quantityKept });
    }
  }

  async giveBack(step: Doing<"give-back">): Promise<void> {
    const { reservationId } = step;
    for (const area of [...step.areas, ...this.#holding.poolsOf(reservationId)]) {
      if (!isOk(await this.send(area, { kind: "release-hold", reservationId }))) return;
      await this.#loop.sleep(step.latencyMs);
    }
  }

  async sendAsIs({ area, command }: Doing<"send">): Promise<void> {
    await this.#rebuilding.ended(area, command);
    await this.send(area, command);
  }

  lose({ area, chunk, latencyMs }: Doing<"lose">): Promise<void> {
    return this.#rebuilding.loseAndRebuild(area, this.#area(area), { chunk, latencyMs });
  }

  async send(area: number, command: SentCommand): Promise<object> {
    for (;;) {
      const mustRefuse = this.#watch.mustRefuse(command);
      const outcome = await this.#area(area).send(command);
      if (outcome !== null) {
        this.#watch.answered(command, outcome, mustRefuse);
        return outcome;
      }
      await this.#loop.sleep(RETRY_AFTER_MS);
    }
  }

  /** At rest: whoever has units at the price of a pool has the pool's part, and nobody else does. */
  finish(): void {
    for (const { areaId, model } of this.#areas) {
      for (const reservation of model.reservations.values()) {
        this.#mustHavePools(reservation);
        if (model.settings?.pool !== undefined) this.#mustHaveUnits(areaId, reservation);
      }
    }
  }

  #mustHaveUnits(poolId: string, { reservationId, state }: Reservation): void {
    if (state !== "sold" || this.#mixed.has(reservationId)) return;
    const states = this.#areas.flatMap(({ model }) => {
      const part = model.reservations.get(reservationId);
      return part?.pools?.some((pool) => pool.poolId === poolId) === true ? [part.state] : [];
    });
    if (states.length > 0 && states.every((each) => each === "refund-due"))
      this.#referee.object(
        "INV90",
        `${reservationId} got nothing, and keeps its part of ${poolId}`,
      );
  }

  #mustHavePools({ reservationId, state, pools = [] }: Reservation): void {
    if (state !== "sold" || this.#mixed.has(reservationId)) return;
    for (const { poolId } of pools) {
      const pool = this.#areas.find(({ areaId }) => areaId === poolId);
      const found = pool?.model.reservations.get(reservationId)?.state;
      if (found !== "sold")
        this.#referee.object("INV64", `${reservationId} is sold, its part of ${poolId} ${found}`);
    }
  }

  async #tracked(reservationId: string, work: () => Promise<void>): Promise<void> {
    const before = this.#underWay.get(reservationId) ?? 0;
    if (before > 0) this.#mixed.add(reservationId);
    this.#underWay.set(reservationId, before + 1);
    await work();
    this.#underWay.set(reservationId, (this.#underWay.get(reservationId) ?? 0) - 1);
  }

  #area(area: number): AreaObject {
    const object = this.#areas[area];
    if (object === undefined) throw new Error(`no area ${area}`);
    return object;
  }
}

/** Else nobody knows yet, and whoever settles comes back. */
function mustReturn(outcome: object): boolean {
  const code = codeOf(outcome);
  return code === "refund_due" || code === "already_paid";
}
