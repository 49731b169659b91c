// One drained batch of commands over the store: the view the core decides on, the changes it asked for, and at the
// end one outbox row for all of them. Lives inside one transaction; nothing of it is kept afterwards.

import type { Area, Change, Reservation, View } from "./core/view.ts";
import type { InventoryEffect, ProjectedReservation, ReservationUnitStatus } from "./contract.ts";
import type { AreaStore } from "./store.ts";

/** What a decision sees in an area that was never configured: nothing. */
export const emptyView: View = {
  area: () => null,
  reservation: () => null,
  availableUnits: () => [],
  unitsById: () => [],
  unitsAtPositions: () => [],
  ticket: () => null,
  holdsDue: () => [],
};

export class Batch implements View {
  readonly #store: AreaStore;
  #area: Area | null;
  readonly #sequence: number;
  #changed = false;
  readonly #reservationIds = new Set<string>();
  readonly #positions = new Set<number>();
  readonly #effects: InventoryEffect[] = [];

  constructor(store: AreaStore) {
    this.#store = store;
    const stored = store.loadArea();
    this.#area = stored?.area ?? null;
    this.#sequence = (stored?.sequence ?? 0) + 1;
  }

  area = () => this.#area;
  reservation = (reservationId: string) => this.#store.reservation(reservationId);
  availableUnits = (limit: number) => this.#store.availableUnits(limit);
  unitsById = (unitIds: readonly string[]) => this.#store.unitsById(unitIds);
  unitsAtPositions = (positions: readonly number[]) => this.#store.unitsAtPositions(positions);
  ticket = (reservationUnitId: string) => this.#store.ticket(reservationUnitId);
  holdsDue = (nowMs: number) => this.#store.holdsDue(nowMs);

  /** Writes what one decision asked for; the next decision of the batch sees it. */
  save(changes: readonly Change[], effects: readonly InventoryEffect[]): void {
    for (const change of changes) this.#apply(change);
    this.#effects.push(...effects);
  }

  /** Writes the area and the outbox row of the batch. Returns the batch's number, or null when nothing changed. */
  close(): number | null {
    if (!this.#changed || this.#area === null) return null;
    this.#store.saveArea({ area: this.#area, sequence: this.#sequence });
    const reservations = [...this.#reservationIds].map((id) => this.#project(id));
    const units = this.#store
      .unitsAtPositions([...this.#positions])
      .map(({ unitId, state }) => ({ unitId, state, version: this.#sequence }));
    if (reservations.length === 0 && units.length === 0) return null;
    this.#store.addOutboxRow({
      sequence: this.#sequence,
      body: { reservations, units, effects: this.#effects },
    });
    return this.#sequence;
  }

  #apply(change: Change): void {
    this.#changed = true;
    switch (change.kind) {
      case "settings":
        this.#area = {
          available: 0,
          held: 0,
          sold: 0,
          blocked: 0,
          ...this.#area,
          settings: change.settings,
        };
        return;
      case "units-added":
        this.#store.addUnits(change.units);
        this.#count("available", change.units.length);
        return;
      case "unit-state":
        for (const { state, units } of this.#store.countByState(change.positions))
          this.#count(state, -units);
        this.#store.setUnitState(change.positions, change.state, change.reservationId);
        this.#count(change.state, change.positions.length);
        for (const position of change.positions) this.#positions.add(position);
        return;
      case "reservation":
        this.#store.saveReservation(change.reservation);
        this.#reservationIds.add(change.reservation.reservationId);
        return;
      case "tickets":
        for (const ticket of change.tickets) {
          this.#store.saveTicket(ticket);
          this.#reservationIds.add(ticket.reservationId);
        }
        return;
      default:
        change satisfies never;
    }
  }

  #count(state: keyof Omit<Area, "settings">, units: number): void {
    if (this.#area === null) throw new Error("units of an area without settings");
    this.#area = { ...this.#area, [state]: this.#area[state] + units };
  }

  #project(reservationId: string): ProjectedReservation {
    const reservation = this.#store.reservation(reservationId);
    if (reservation === null) throw new Error("a touched reservation is gone");
    const ids = reservation.units.map((unit) => unit.reservationUnitId);
    const tickets = new Map(
      this.#store.tickets(ids).map((ticket) => [ticket.reservationUnitId, ticket]),
    );
    return {
      reservationId,
      state: reservation.state,
      expiresAtMs: reservation.expiresAtMs,
      version: this.#sequence,
      units: reservation.units.map((unit) => {
        const ticket = tickets.get(unit.reservationUnitId);
        const admittedAtMs = ticket?.admittedAtMs ?? null;
        return {
          reservationUnitId: unit.reservationUnitId,
          unitId: unit.unitId,
          status: admittedAtMs === null ? statuses[reservation.state] : "used",
          priceInCents: unit.priceInCents,
          serviceInCents: unit.serviceInCents,
          serial: ticket?.serial ?? 0,
          admittedAtMs,
        };
      }),
    };
  }
}

const statuses: Record<Reservation["state"], ReservationUnitStatus> = {
  held: "reserved",
  sold: "confirmed",
  released: "cancelled",
  expired: "cancelled",
  "refund-due": "cancelled",
};
