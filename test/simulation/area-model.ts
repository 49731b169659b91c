// What a second, plain inventory of an area knows: maps and arrays, every question answered by looking at everything.
// `plain-decisions.ts` decides on it.

import type { AreaSettings, Unit } from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation, UnitState } from "../../durable-objects/area-inventory/core/view.ts";
import { bestUnits } from "./best-units.ts";

export class AreaModel {
  settings: AreaSettings | null = null;
  /** In order of position. */
  units: Unit[] = [];
  readonly reservations = new Map<string, Reservation>();
  /** What the commands since the last `forget` touched. */
  readonly touched = new Set<string>();
  hasChanged = false;
  /** The living reservation of a unit; a unit without one is available. */
  readonly #owners = new Map<string, string>();

  forget(): void {
    this.touched.clear();
    this.hasChanged = false;
  }

  stateOf(unitId: string): UnitState {
    const owner = this.#owners.get(unitId);
    const state = owner === undefined ? "available" : this.reservations.get(owner)?.state;
    if (state === "available" || state === "held" || state === "sold") return state;
    throw new Error(`the model has a unit of a ${String(state)} reservation`);
  }

  count(state: UnitState): number {
    return this.units.filter((unit) => this.stateOf(unit.unitId) === state).length;
  }

  expire(nowMs: number): void {
    for (const reservation of this.reservations.values()) {
      if (reservation.state === "held" && nowMs >= reservation.expiresAtMs)
        this.end(reservation, "expired");
    }
  }

  /** The best units; as many are available. */
  best(quantity: number, together: boolean) {
    const isFree = (unit: Unit) => this.stateOf(unit.unitId) === "available";
    return bestUnits(this.units, isFree, { quantity, together });
  }

  /** Gives the reservation its units. */
  take(reservation: Reservation): void {
    for (const { unitId } of reservation.units) {
      const owner = this.#owners.get(unitId);
      if (owner !== undefined && owner !== reservation.reservationId)
        throw new Error(`the model gives ${unitId} away twice`);
      this.#owners.set(unitId, reservation.reservationId);
    }
    this.put(reservation);
  }

  /** Gives a hold's units back. */
  end(reservation: Reservation, state: "released" | "expired"): void {
    for (const { unitId } of reservation.units) this.#owners.delete(unitId);
    this.put({ ...reservation, state });
  }

  put(reservation: Reservation): void {
    this.reservations.set(reservation.reservationId, reservation);
    this.touched.add(reservation.reservationId);
    this.hasChanged = true;
  }
}
