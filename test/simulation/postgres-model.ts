// Postgres as far as areas write to it: the three statements of `src/db/inventory-projection.ts` with their version guards,
// and `waro_reservation_status`, over maps. One `write` is one transaction: all of it or, when it throws, nothing.

import type {
  ProjectedReservation,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";

export interface ReservationRow {
  status: string;
  endDateMs: number;
  parts: Map<string, ProjectedReservation>;
}

export interface TicketRow {
  reservationId: string;
  areaId: string;
  unitId: string;
  status: string;
  price: number;
  service: number;
  serial: number;
  admittedAtMs: number | null;
  stageId: string | null;
  promotionId: string | null;
  version: number;
}

export class PostgresModel {
  readonly reservations = new Map<string, ReservationRow>();
  readonly tickets = new Map<string, TicketRow>();
  readonly units = new Map<string, { status: string; version: number }>();

  /** The living ticket of a unit. */
  readonly #living = new Map<string, string>();

  addUnits(unitIds: readonly string[]): void {
    for (const unitId of unitIds) this.units.set(unitId, { status: "available", version: 0 });
  }

  write({ areaId, reservations, units }: ProjectionBatch): void {
    mustDiffer(reservations.map(({ reservationId }) => reservationId));
    mustDiffer(units.map(({ unitId }) => unitId));
    const tickets = reservations.filter((each) => each.tickets.length > 0).flatMap(ticketRowsOf);
    mustDiffer(tickets.map(({ id }) => id));
    const newTickets = tickets
      .map(({ id, ...row }) => ({ id, ...row, areaId }))
      .filter(({ id, version }) => version > (this.tickets.get(id)?.version ?? -1));
    this.#mustFit(newTickets);

    for (const reservation of reservations) this.#writePart(areaId, reservation);
    for (const { id, ...row } of newTickets) {
      // A known ticket keeps what the statement does not set.
      const { reservationId, areaId: ofArea, stageId, promotionId } = this.tickets.get(id) ?? row;
      this.tickets.set(id, { ...row, reservationId, areaId: ofArea, stageId, promotionId });
      if (row.status !== "cancelled") this.#living.set(row.unitId, id);
      else if (this.#living.get(row.unitId) === id) this.#living.delete(row.unitId);
    }
    for (const { unitId, state, version } of units) {
      const unit = this.units.get(unitId);
      if (unit === undefined || unit.version >= version) continue;
      this.units.set(unitId, { status: state === "held" ? "available" : state, version });
    }
  }

  #writePart(areaId: string, reservation: ProjectedReservation): void {
    const known = this.reservations.get(reservation.reservationId);
    if (known !== undefined && (known.parts.get(areaId)?.version ?? 0) >= reservation.version)
      return;
    const parts = new Map(known?.parts).set(areaId, reservation);
    this.reservations.set(reservation.reservationId, {
      parts,
      endDateMs: reservation.expiresAtMs,
      status: statusOf([...parts.values()]),
    });
  }

  /** The primary key's area, and the unique index over living tickets: one a unit. */
  #mustFit(rows: readonly ({ id: string } & TicketRow)[]): void {
    const ended = new Set(rows.filter(({ status }) => status === "cancelled").map(({ id }) => id));
    const living = new Map<string, string>();
    for (const { id, areaId, unitId, status } of rows) {
      const known = this.tickets.get(id);
      if (known !== undefined && known.areaId !== areaId)
        throw new Error(`ticket ${id} is of two areas`);
      if (status === "cancelled") continue;
      const other = living.get(unitId) ?? this.#living.get(unitId);
      if (other !== undefined && other !== id && !ended.has(other))
        throw new Error(`tickets ${other} and ${id} for unit ${unitId}`);
      living.set(unitId, id);
    }
  }
}

export function statusOf(parts: readonly ProjectedReservation[]): string {
  if (parts.some(({ state }) => state === "sold")) return "completed";
  return parts.some(({ state }) => state === "held") ? "active" : "cancelled";
}

function ticketRowsOf({ reservationId, version, units, tickets, state }: ProjectedReservation) {
  return units.map((unit) => {
    const ticket = tickets.find((each) => each.reservationUnitId === unit.reservationUnitId);
    const admittedAtMs = ticket?.admittedAtMs ?? null;
    const living = admittedAtMs === null ? "confirmed" : "used";
    return {
      id: unit.reservationUnitId,
      reservationId,
      unitId: unit.unitId,
      status: ticket?.cancelledAtMs === undefined && state === "sold" ? living : "cancelled",
      price: unit.priceInCents,
      service: unit.serviceInCents,
      serial: ticket?.serial ?? 0,
      admittedAtMs,
      stageId: unit.stageId ?? null,
      promotionId: unit.promotionId ?? null,
      version,
    };
  });
}

/** `ON CONFLICT DO UPDATE` cannot touch a row twice in one statement. */
function mustDiffer(ids: readonly string[]): void {
  if (new Set(ids).size < ids.length) throw new Error("one row twice in one statement");
}
