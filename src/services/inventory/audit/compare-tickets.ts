// A reservation's tickets as they follow from the object, and the rows Postgres has. Pure.

import type { Reservation } from "../../../../durable-objects/area-inventory/contract.ts";
import type { ToldReservation, ToldTicket } from "../../../db/audit-repository.ts";
import { type TicketRow, ticketRowsOf } from "../../../db/ticket-rows.ts";
import { namesOf } from "../../../shared/names-of.ts";
import { type Difference, type TicketField, difference } from "./difference.ts";
import type { Remedy } from "./remedy.ts";

/** What the object says of the whole area. */
export interface AreaFacts {
  version: number;
  currency: string;
}

/** Every column, and whether the projection writes it again. */
const ticketFields: Record<TicketField, boolean> = {
  unit_id: true,
  status: true,
  price: true,
  service: true,
  serial: true,
  admitted_at: true,
  stage_id: false,
  promotion_id: false,
};

export function compareTickets(
  object: Reservation | null,
  told: ToldReservation | null,
  facts: AreaFacts,
): Difference[] {
  const rows = new Map(told?.tickets.map((ticket) => [ticket.id, ticket]));
  const found: Difference[] = [];
  for (const wanted of object === null ? [] : ticketRowsOf(object)) {
    const row = rows.get(wanted.id);
    rows.delete(wanted.id);
    if (row === undefined) found.push(missing(wanted));
    else found.push(...compareTicket(wanted, row, facts));
  }
  // A ticket that was ended admits nobody and stands in nobody's way.
  const extra = [...rows.values()].filter(({ status }) => status !== "cancelled");
  const remedy = remedyOfExtra(object, told);
  return [...found, ...extra.map((row) => extraTicket(told, row, remedy))];
}

/** The object sold other tickets than this, or nothing was paid for it: no gate ever admits it. Else somebody paid. */
function remedyOfExtra(object: Reservation | null, told: ToldReservation | null): Remedy {
  const isSold = object?.state === "sold" || object?.state === "cancelled";
  return isSold || told?.isPaid !== true ? "cancel_ticket" : "person";
}

function extraTicket(told: ToldReservation | null, row: ToldTicket, remedy: Remedy): Difference {
  return difference("ticket_extra", remedy, {
    reservationId: told?.reservationId ?? null,
    reservationUnitId: row.id,
    unitId: row.unit_id,
    postgres: row.status,
  });
}

function missing(wanted: TicketRow): Difference {
  return difference("ticket_missing", "project_again", {
    reservationId: wanted.reservation_id,
    reservationUnitId: wanted.id,
    unitId: wanted.unit_id,
    object: wanted.status,
  });
}

function compareTicket(wanted: TicketRow, row: ToldTicket, facts: AreaFacts): Difference[] {
  const changed = namesOf(ticketFields).filter((name) => wanted[name] !== row[name]);
  const fields = [
    ...changed,
    ...(row.currency === facts.currency ? [] : ["currency" as const]),
    ...(row.version > facts.version ? ["version" as const] : []),
  ];
  if (fields.length === 0) return [];
  const isWritten = changed.length === fields.length && changed.every((name) => ticketFields[name]);
  return [
    difference("ticket_different", isWritten ? "project_again" : "person", {
      reservationId: wanted.reservation_id,
      reservationUnitId: wanted.id,
      unitId: wanted.unit_id,
      fields,
      object: wanted.status,
      postgres: row.status,
    }),
  ];
}
