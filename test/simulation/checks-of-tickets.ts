// Tickets: each sold unit has one that is valid, no other unit has any, and whoever went through the gate with one could.

import type { Reservation, Ticket } from "../../durable-objects/area-inventory/core/view.ts";
import { type AreaModel, unitIdsOf } from "./area-model.ts";
import { passagesOf } from "./plain-decisions-at-the-gate.ts";
import type { Referee } from "./referee.ts";

/** Of all reservations; the passages of those that the last batch touched. */
export function checkTickets(referee: Referee, model: AreaModel): void {
  const valid = new Map<string, number>();
  for (const reservation of model.reservations.values()) {
    checkState(referee, reservation);
    if (reservation.tickets.length === 0) continue;
    for (const unitId of unitIdsOf(reservation)) valid.set(unitId, (valid.get(unitId) ?? 0) + 1);
  }
  for (const { unitId } of model.units) {
    const state = model.stateOf(unitId);
    const tickets = valid.get(unitId) ?? 0;
    if (tickets !== (state === "sold" ? 1 : 0))
      referee.object(
        state === "blocked" ? "INV70" : "INV1",
        `${unitId} is ${state} and has ${tickets} valid tickets`,
      );
  }
  for (const id of model.touched) {
    for (const ticket of model.reservations.get(id)?.tickets ?? [])
      checkPassages(referee, model, ticket);
  }
}

function checkState(referee: Referee, { reservationId, state, units, tickets }: Reservation): void {
  const left = tickets.filter(({ cancelledAtMs }) => cancelledAtMs === undefined).length;
  const isRight =
    state === "sold"
      ? tickets.length === units.length && (left > 0 || units.length === 0)
      : left === 0 && tickets.length > 0 === (state === "cancelled" && units.length > 0);
  if (!isRight)
    referee.object(
      "INV1",
      `${reservationId} is ${state} with ${left} of ${tickets.length} tickets`,
    );
}

function checkPassages(
  referee: Referee,
  { peopleMax, allowedReentry }: AreaModel,
  ticket: Ticket,
): void {
  const passages = passagesOf(ticket);
  const object = (rule: string) =>
    referee.object(rule, `${ticket.reservationUnitId} passed ${JSON.stringify(passages)}`);
  if (passages.length > 0 && ticket.cancelledAtMs !== undefined) object("INV71");
  if (new Set(passages.map(({ scanId }) => scanId)).size < passages.length) object("INV74");
  let entries = 0;
  let inside = 0;
  for (const { direction } of passages) {
    entries += direction === "in" ? 1 : 0;
    inside += direction === "in" ? 1 : -1;
    if (inside < 0) object("INV74");
    if ((allowedReentry ? inside : entries) > peopleMax) object("INV73");
  }
}
