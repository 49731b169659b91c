// The Worker's verbs as its services have them, over simulated objects: areas in a fixed order, what was held given back
// when a later area refuses, every lost call sent again with the same ids. Keeps what buyers and gates were told.

import type { AreaObject } from "./area-object.ts";
import type { EventLoop } from "./event-loop.ts";
import type { Action, SentCommand, Step } from "./plan.ts";
import type { Referee } from "./referee.ts";

/** Before a lost call is sent again. */
const RETRY_AFTER_MS = 120;

type Doing<Kind extends Action["kind"]> = Extract<Action, { kind: Kind }> & Step;

interface ToldUnit {
  unitId: string;
  reservationUnitId: string;
  priceInCents: number;
  serviceInCents: number;
}

export class Worker {
  readonly #areas: readonly AreaObject[];
  readonly #loop: EventLoop;
  readonly #referee: Referee;
  /** The ticket that a buyer was told has this unit. */
  readonly #bought = new Map<string, string>();
  /** The scan that opened the gate for a ticket. */
  readonly #admitted = new Map<string, string>();

  constructor(world: { areas: readonly AreaObject[]; loop: EventLoop; referee: Referee }) {
    this.#areas = world.areas;
    this.#loop = world.loop;
    this.#referee = world.referee;
  }

  async reserve(step: Doing<"reserve">): Promise<void> {
    const { reservationId, eventId, holdMs } = step;
    const items = step.items.toSorted((left, right) => left.area - right.area);
    const held: number[] = [];
    let firstUnitIndex = 0;
    for (const { area, selection } of items) {
      const outcome = await this.send(area, {
        kind: "place-hold",
        reservationId,
        eventId,
        selection,
        firstUnitIndex,
        holdMs,
      });
      if (!isOk(outcome)) {
        // What another request with this id holds is not ours to give back.
        const isOurs = codeOf(outcome) !== "command_reused";
        if (isOurs) await this.#giveBack(reservationId, held);
        return;
      }
      held.push(area);
      firstUnitIndex += unitsOf(outcome).length;
      await this.#loop.sleep(step.latencyMs);
    }
  }

  async startPayment(step: Doing<"start-payment">): Promise<void> {
    const { reservationId, paymentId, paymentWindowMs } = step;
    for (const area of step.areas) {
      const outcome = await this.send(area, {
        kind: "extend-hold",
        reservationId,
        paymentId,
        paymentWindowMs,
      });
      if (!isOk(outcome)) return;
      await this.#loop.sleep(step.latencyMs);
    }
  }

  async settle(step: Doing<"settle">): Promise<void> {
    const { reservationId, paymentId } = step;
    for (const area of step.areas) {
      const outcome = await this.send(area, { kind: "commit-hold", reservationId, paymentId });
      if (isOk(outcome)) this.#tookTickets(unitsOf(outcome));
      await this.#loop.sleep(step.latencyMs);
    }
  }

  async giveBack(step: Doing<"give-back">): Promise<void> {
    for (const area of step.areas) {
      const { reservationId } = step;
      if (!isOk(await this.send(area, { kind: "release-hold", reservationId }))) return;
      await this.#loop.sleep(step.latencyMs);
    }
  }

  async sendAsIs({ area, command }: Doing<"send">): Promise<void> {
    const outcome = await this.send(area, command);
    if (command.kind === "admit-ticket" && isOk(outcome)) this.#opened(command);
  }

  /** One command to one area, until it is answered. */
  async send(area: number, command: SentCommand): Promise<object> {
    const object = this.#areas[area];
    if (object === undefined) throw new Error(`no area ${area}`);
    for (;;) {
      const outcome = await object.send(command);
      if (outcome !== null) return outcome;
      await this.#loop.sleep(RETRY_AFTER_MS);
    }
  }

  async #giveBack(reservationId: string, areas: readonly number[]): Promise<void> {
    await Promise.all(
      areas.map((area) => this.send(area, { kind: "release-hold", reservationId })),
    );
  }

  #tookTickets(units: readonly ToldUnit[]): void {
    for (const { unitId, reservationUnitId } of units) {
      const other = this.#bought.get(unitId);
      if (other !== undefined && other !== reservationUnitId)
        this.#referee.object("INV5", `${unitId} bought as ${other} and as ${reservationUnitId}`);
      this.#bought.set(unitId, reservationUnitId);
    }
  }

  #opened({ reservationUnitId, scanId }: Extract<SentCommand, { kind: "admit-ticket" }>): void {
    const other = this.#admitted.get(reservationUnitId);
    if (other !== undefined && other !== scanId)
      this.#referee.object("INV8", `${reservationUnitId} admitted by ${other} and by ${scanId}`);
    this.#admitted.set(reservationUnitId, scanId);
  }
}

function isOk(outcome: object): boolean {
  return "ok" in outcome && outcome.ok === true;
}

function codeOf(outcome: object): unknown {
  const refusal: unknown = "refusal" in outcome ? outcome.refusal : null;
  return typeof refusal === "object" && refusal !== null && "code" in refusal ? refusal.code : null;
}

function unitsOf(outcome: object): readonly ToldUnit[] {
  return "units" in outcome && Array.isArray(outcome.units) ? outcome.units : [];
}
