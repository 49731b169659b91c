// An object that lost all it had stored, rebuilt from Postgres in the steps of `rebuild-area-inventory.ts`: settings that
// say so, units, sales, everything else, what is blocked, and at last the settings in force.

import type { Reservation } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaObject } from "./area-object.ts";
import type { EventLoop } from "./event-loop.ts";
import type { SentCommand } from "./plan.ts";
import type { PostgresModel } from "./postgres-model.ts";
import type { Referee } from "./referee.ts";
import { codeOf, isOk } from "./told.ts";
import type { Send } from "./worker.ts";

/** How often, and how long, a loss waits for Postgres to have everything: what it lacks is lost for ever. */
const TRY_EVERY_MS = 250;
const TRIES_MAX = 40;

/** While it lasts, an organizer's changes wait. */
const changes: ReadonlySet<SentCommand["kind"]> = new Set([
  "configure-area",
  "load-units",
  "load-codes",
  "block-units",
  "unblock-units",
  "restore-reservations",
]);

export class Rebuilding {
  readonly #send: Send;
  readonly #loop: EventLoop;
  readonly #postgres: PostgresModel;
  readonly #referee: Referee;
  readonly #underWay = new Map<number, Promise<void>>();
  #rebuilt = 0;

  constructor(world: { send: Send; loop: EventLoop; postgres: PostgresModel; referee: Referee }) {
    this.#send = world.send;
    this.#loop = world.loop;
    this.#postgres = world.postgres;
    this.#referee = world.referee;
  }

  async ended(area: number, { kind }: SentCommand): Promise<void> {
    while (changes.has(kind) && this.#underWay.has(area)) await this.#underWay.get(area);
  }

  async loseAndRebuild(
    area: number,
    object: AreaObject,
    pace: { chunk: number; latencyMs: number },
  ): Promise<void> {
    for (let tries = 0; !object.isLosable; tries += 1) {
      if (tries === TRIES_MAX || this.#underWay.has(area)) return;
      await this.#loop.sleep(TRY_EVERY_MS);
    }
    if (this.#underWay.has(area)) return;
    const rebuilding = this.#rebuild(area, object, pace);
    this.#underWay.set(area, rebuilding);
    await rebuilding;
    this.#underWay.delete(area);
  }

  async #rebuild(
    area: number,
    object: AreaObject,
    { chunk, latencyMs }: { chunk: number; latencyMs: number },
  ): Promise<void> {
    const { settings, units, codes } = object.model;
    if (settings === null) return;
    const parts = this.#partsOf(object.areaId);
    const blocked = units
      .map(({ unitId }) => unitId)
      .filter((unitId) => this.#postgres.units.get(unitId)?.status === "blocked");
    const sequenceAtLeast = this.#newestVersionOf(object);
    object.lose();

    const send = async (command: SentCommand) => {
      let outcome = await this.#send(area, command);
      while (codeOf(outcome) === "command_failed") outcome = await this.#send(area, command);
      if (!isOk(outcome))
        this.#referee.object("INV56", `${JSON.stringify(command)}: ${JSON.stringify(outcome)}`);
      await this.#loop.sleep(latencyMs);
    };
    const before = { ...settings, isRestoring: true, version: settings.version - 1 };
    await send({ kind: "configure-area", settings: before });
    await send({ kind: "load-units", units });
    if (codes.size > 0) await send({ kind: "load-codes", codes: [...codes] });
    // Sales first: what is left of a hold must not stand in the way of a ticket. The version goes on in any case.
    const sold = parts.filter(({ state }) => state === "sold");
    const others = parts.filter(({ state }) => state !== "sold");
    for (const reservations of [[], ...chunksOf(sold, chunk), ...chunksOf(others, chunk)])
      await send({ kind: "restore-reservations", reservations, sequenceAtLeast });
    this.#rebuilt += 1;
    const commandId = `rebuild-${this.#rebuilt}`;
    if (blocked.length > 0) await send({ kind: "block-units", commandId, unitIds: blocked });
    await send({ kind: "configure-area", settings });
  }

  #partsOf(areaId: string): Reservation[] {
    return [...this.#postgres.reservations].flatMap(([, { parts }]) => {
      const { version: _version, ...part } = parts.get(areaId) ?? { version: 0 };
      return "reservationId" in part ? [part] : [];
    });
  }

  /** Of all that Postgres has of the area: a unit's own row may be newer than every reservation. */
  #newestVersionOf({ areaId, model }: AreaObject): number {
    const { reservations, units } = this.#postgres;
    const ofParts = [...reservations.values()].map(({ parts }) => parts.get(areaId)?.version ?? 0);
    const ofUnits = model.units.map(({ unitId }) => units.get(unitId)?.version ?? 0);
    return Math.max(0, ...ofParts, ...ofUnits);
  }
}

function chunksOf<Item>(items: readonly Item[], length: number): Item[][] {
  const chunks: Item[][] = [];
  for (let from = 0; from < items.length; from += length)
    chunks.push(items.slice(from, from + length));
  return chunks;
}
