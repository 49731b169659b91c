// What a second, plain inventory of an area knows: maps and arrays, every question answered by looking at everything, and
// nothing counted that can be counted again. The plain decisions decide on it.

import type { AreaSettings, Unit } from "../../durable-objects/area-inventory/core/commands.ts";
import type {
  AreaCounts,
  Reservation,
  UnitState,
} from "../../durable-objects/area-inventory/core/view.ts";
import { bestUnits, nearestUnits } from "./best-units.ts";

/** What an answered command was, and what it was told. */
interface Remembered {
  content: string;
  outcome: object;
}

export class AreaModel {
  settings: AreaSettings | null = null;
  /** In order of position. */
  units: Unit[] = [];
  readonly reservations = new Map<string, Reservation>();
  readonly blocked = new Set<string>();
  /** The one-use codes of a pool. */
  readonly codes = new Set<string>();
  readonly commands = new Map<string, Remembered>();
  /** As many people as a ticket ever admitted here, and whether any ever could come in again. */
  peopleMax = 1;
  allowedReentry = false;

  /** What the commands since the last `forget` touched. */
  readonly touched = new Set<string>();
  /** Units that Postgres must hear of since then. */
  readonly toldUnits = new Set<string>();
  /** Reservations whose tickets are to be delivered since then. */
  readonly announced: string[] = [];
  /** Came back since then, perhaps after their time. */
  readonly restored = new Set<string>();
  hasChanged = false;
  /** The version goes on after this one. */
  sequenceAtLeast = 0;

  /** The living reservation of a unit; a unit without one is available, or blocked. */
  readonly #owners = new Map<string, string>();

  forget(): void {
    this.touched.clear();
    this.toldUnits.clear();
    this.announced.length = 0;
    this.restored.clear();
    this.hasChanged = false;
    this.sequenceAtLeast = 0;
  }

  stateOf(unitId: string): UnitState {
    if (this.blocked.has(unitId)) return "blocked";
    const owner = this.#owners.get(unitId);
    const state = owner === undefined ? "available" : this.reservations.get(owner)?.state;
    if (state === "available" || state === "held" || state === "sold") return state;
    throw new Error(`the model has a unit of a ${String(state)} reservation`);
  }

  isFree(unitId: string): boolean {
    return this.stateOf(unitId) === "available";
  }

  counts(): AreaCounts {
    const counts: AreaCounts = { available: 0, held: 0, sold: 0, blocked: 0 };
    for (const { unitId } of this.units) counts[this.stateOf(unitId)] += 1;
    return counts;
  }

  /** What held, sold and cancelled reservations use of each limited quantity. */
  taken(): Map<string, number> {
    const taken = new Map<string, number>();
    for (const { state, uses = [] } of this.reservations.values()) {
      if (state !== "held" && state !== "sold" && state !== "cancelled") continue;
      for (const { key, quantity } of uses) taken.set(key, (taken.get(key) ?? 0) + quantity);
    }
    return taken;
  }

  expire(nowMs: number): void {
    for (const reservation of this.reservations.values()) {
      if (reservation.state === "held" && nowMs >= reservation.expiresAtMs)
        this.end(reservation, "expired");
    }
  }

  /** The best units; as many are available. */
  best(quantity: number, together: boolean) {
    return bestUnits(this.units, ({ unitId }) => this.isFree(unitId), { quantity, together });
  }

  /** Free units near to a unit; null when there are not that many. */
  near(unit: Unit, quantity: number) {
    return nearestUnits(this.units, ({ unitId }) => this.isFree(unitId), { unit, quantity });
  }

  /** Gives the reservation its units, but for those whose tickets were cancelled. */
  take(reservation: Reservation): void {
    for (const unitId of unitIdsOf(reservation)) {
      const owner = this.#owners.get(unitId);
      if (
        this.blocked.has(unitId) ||
        (owner ?? reservation.reservationId) !== reservation.reservationId
      )
        throw new Error(`the model gives ${unitId} away twice`);
      this.#owners.set(unitId, reservation.reservationId);
      if (reservation.state === "sold") this.toldUnits.add(unitId);
    }
    this.put(reservation);
  }

  /** Gives a hold's units back. */
  end(reservation: Reservation, state: "released" | "expired"): void {
    for (const { unitId } of reservation.units) this.#owners.delete(unitId);
    this.put({ ...reservation, state });
  }

  /** Takes a sold unit back. */
  leave(unitId: string): void {
    this.#owners.delete(unitId);
    this.toldUnits.add(unitId);
  }

  block(unitId: string): void {
    this.blocked.add(unitId);
    this.toldUnits.add(unitId);
  }

  unblock(unitId: string): void {
    this.blocked.delete(unitId);
    this.toldUnits.add(unitId);
  }

  put(reservation: Reservation): void {
    this.reservations.set(reservation.reservationId, reservation);
    this.touched.add(reservation.reservationId);
    this.hasChanged = true;
  }
}

/** The units that nobody else can have as long as the reservation is held or sold. */
export function unitIdsOf({ units, tickets }: Pick<Reservation, "units" | "tickets">): string[] {
  const isCancelled = (ticketId: string) =>
    tickets.some((each) => each.reservationUnitId === ticketId && each.cancelledAtMs !== undefined);
  return units
    .filter(({ reservationUnitId }) => !isCancelled(reservationUnitId))
    .map(({ unitId }) => unitId);
}
