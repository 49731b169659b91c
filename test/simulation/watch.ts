// Looks at no table and no model: remembers only what callers were told, and finds what cannot all be true. A unit is one
// buyer's; nobody comes in with a cancelled ticket or an old code, nor more people than a ticket admits.

import type { SentCommand } from "./plan.ts";
import type { Referee } from "./referee.ts";
import { cancelledOf, isOk, serialOf, unitsOf } from "./told.ts";

/** By ids of tickets, or of units. */
type Sets = Map<string, Set<string>>;

export class Watch {
  readonly #referee: Referee;
  /** The tickets that buyers were told have a unit. */
  readonly #bought: Sets = new Map();
  readonly #cancelled = new Set<string>();
  readonly #serials = new Map<string, number>();
  /** Scans that opened the gate, inwards and outwards. */
  readonly #entered: Sets = new Map();
  readonly #left: Sets = new Map();
  /** As settings ever said, of any area. */
  readonly #peopleMax: number;

  constructor(referee: Referee, peopleMax: number) {
    this.#referee = referee;
    this.#peopleMax = peopleMax;
  }

  /** Before a command leaves: what of it must be refused, given what was answered until now. */
  mustRefuse(command: SentCommand): boolean {
    if (command.kind !== "admit-ticket" && command.kind !== "exit-ticket") return false;
    const { reservationUnitId, serial } = command;
    const newest = this.#serials.get(reservationUnitId) ?? 1;
    return this.#cancelled.has(reservationUnitId) || serial < newest;
  }

  answered(command: SentCommand, outcome: object, mustRefuse: boolean): void {
    if (!isOk(outcome)) return;
    if (mustRefuse)
      this.#referee.object("INV8", `${JSON.stringify(command)} opened the gate for an old code`);
    if (command.kind === "commit-hold") {
      for (const { unitId, reservationUnitId } of unitsOf(outcome))
        add(this.#bought, unitId, reservationUnitId);
    } else if (command.kind === "cancel-tickets") {
      for (const id of cancelledOf(outcome)) this.#cancelled.add(id);
    } else if (command.kind === "reissue-ticket") {
      const { reservationUnitId } = command;
      const known = this.#serials.get(reservationUnitId) ?? 1;
      this.#serials.set(reservationUnitId, Math.max(known, serialOf(outcome)));
    } else if (command.kind === "admit-ticket")
      add(this.#entered, command.reservationUnitId, command.scanId);
    else if (command.kind === "exit-ticket")
      add(this.#left, command.reservationUnitId, command.scanId);
  }

  /** At the end, when every answer has arrived. */
  finish(): void {
    for (const [unitId, tickets] of this.#bought) {
      const living = [...tickets].filter((id) => !this.#cancelled.has(id));
      if (living.length > 1) this.#referee.object("INV5", `${unitId} bought as ${living.join()}`);
    }
    for (const [ticket, scans] of this.#entered) {
      const inside = scans.size - (this.#left.get(ticket)?.size ?? 0);
      if (inside > this.#peopleMax || this.#cancelled.has(ticket))
        this.#referee.object("INV8", `${inside} people are in with ${ticket}`);
    }
  }
}

function add(sets: Sets, key: string, value: string): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}
