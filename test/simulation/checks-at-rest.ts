// At the end, with nothing left to do: the outbox is empty, no hold lives on, every sale's tickets went out for delivery,
// and Postgres says of the area exactly what its object says.

import { isDeepStrictEqual } from "node:util";
import { NEVER_MS } from "../../durable-objects/area-inventory/core/commands.ts";
import type { Reservation, Ticket } from "../../durable-objects/area-inventory/core/view.ts";
import type { AreaObject } from "./area-object.ts";
import { type PostgresModel, statusOf } from "./postgres-model.ts";
import type { Referee } from "./referee.ts";

export function checkRest(referee: Referee, area: AreaObject, postgres: PostgresModel): void {
  const { areaId, database, model } = area;
  if (!database.hasTables()) return;
  const waiting = database.number("SELECT count(*) FROM outbox");
  if (waiting > 0) referee.object("INV7", `${areaId}: ${waiting} outbox rows never went out`);
  for (const reservation of model.reservations.values()) {
    const { reservationId, state } = reservation;
    if (state === "held" && reservation.expiresAtMs !== NEVER_MS)
      referee.object("INV5", `${areaId}: ${reservationId} is held for ever`);
    const mustDeliver = reservation.tickets.length > 0 || state === "refund-due";
    if (mustDeliver !== area.outside.delivered.has(reservationId))
      referee.object("INV7", `${areaId}: ${reservationId} is ${state}; delivered: ${!mustDeliver}`);
    checkPart(referee, reservation, { areaId, postgres });
  }
  for (const { unitId } of model.units) {
    const state = model.stateOf(unitId);
    const expected = state === "held" ? "available" : state;
    const found = postgres.units.get(unitId)?.status ?? "available";
    if (found !== expected) referee.object("INV7", `Postgres has ${unitId} as ${found}`);
  }
  const { sold } = model.counts();
  const living = [...postgres.tickets.values()].filter(
    (ticket) => ticket.areaId === areaId && ticket.status !== "cancelled",
  );
  if (living.length !== sold)
    referee.object("INV7", `${areaId}: ${living.length} living tickets, ${sold} units sold`);
}

function checkPart(
  referee: Referee,
  reservation: Reservation,
  { areaId, postgres }: { areaId: string; postgres: PostgresModel },
): void {
  const { reservationId } = reservation;
  const row = postgres.reservations.get(reservationId);
  const { version: _version, ...part } = row?.parts.get(areaId) ?? { version: 0 };
  if (!isDeepStrictEqual(part, reservation))
    referee.object(
      "INV7",
      `Postgres has ${JSON.stringify(part)}\n  expected ${JSON.stringify(reservation)}`,
    );
  if (row !== undefined && row.status !== statusOf([...row.parts.values()]))
    referee.object("INV7", `Postgres has ${reservationId} as ${row.status}`);
  for (const ticket of reservation.tickets) {
    const unit = reservation.units.find(
      (each) => each.reservationUnitId === ticket.reservationUnitId,
    );
    const stored = postgres.tickets.get(ticket.reservationUnitId);
    const expected = {
      reservationId,
      areaId,
      unitId: unit?.unitId,
      status: statusOfTicket(ticket),
      price: unit?.priceInCents,
      service: unit?.serviceInCents,
      serial: ticket.serial,
      admittedAtMs: ticket.admittedAtMs,
      stageId: unit?.stageId ?? null,
      promotionId: unit?.promotionId ?? null,
    };
    const { version: _ticketVersion, ...found } = stored ?? { version: 0 };
    if (!isDeepStrictEqual(found, expected))
      referee.object(
        "INV6",
        `Postgres has the ticket ${JSON.stringify(found)}\n  expected ${JSON.stringify(expected)}`,
      );
  }
}

function statusOfTicket({ cancelledAtMs, admittedAtMs }: Ticket): string {
  if (cancelledAtMs !== undefined) return "cancelled";
  return admittedAtMs === null ? "confirmed" : "used";
}
