// The rows of `reservation_units` that follow from an area's part of a reservation: what the projection writes and what an
// audit expects to find.

import type { Reservation } from "../../durable-objects/area-inventory/contract.ts";
import { centsToDecimal } from "../shared/money.ts";

/** Named as `jsonb_to_recordset` reads it. */
export interface TicketRow {
  id: string;
  reservation_id: string;
  unit_id: string;
  status: "confirmed" | "used" | "cancelled";
  price: string;
  service: string;
  serial: number;
  admitted_at: string | null;
  stage_id: string | null;
  promotion_id: string | null;
}

/** None before the sale. */
export function ticketRowsOf({ reservationId, units, tickets, state }: Reservation): TicketRow[] {
  if (tickets.length === 0) return [];
  const byId = new Map(tickets.map((ticket) => [ticket.reservationUnitId, ticket]));
  return units.map((unit) => {
    const ticket = byId.get(unit.reservationUnitId);
    const admittedAtMs = ticket?.admittedAtMs ?? null;
    const living = admittedAtMs === null ? "confirmed" : "used";
    return {
      id: unit.reservationUnitId,
      reservation_id: reservationId,
      unit_id: unit.unitId,
      status: ticket?.cancelledAtMs === undefined && state === "sold" ? living : "cancelled",
      price: centsToDecimal(unit.priceInCents),
      service: centsToDecimal(unit.serviceInCents),
      serial: ticket?.serial ?? 0,
      admitted_at: admittedAtMs === null ? null : new Date(admittedAtMs).toISOString(),
      stage_id: unit.stageId ?? null,
      promotion_id: unit.promotionId ?? null,
    };
  });
}
