// Repairs reservations and tickets of one page. The object tells Postgres again; what it lost comes back to it where nobody is
// in the way. A row that Postgres could not take is never sent: it would keep every later one waiting.

import { cancelTickets, findToldUnitsById } from "../../../db/audit-repository.ts";
import { readPart } from "../../../db/reservation-parts-repository.ts";
import { ticketRowsOf } from "../../../db/ticket-rows.ts";
import type { Audit } from "./audit.ts";
import type { ReservationPair } from "./compare-reservation.ts";
import type { Difference } from "./difference.ts";
import type { Remedy } from "./remedy.ts";

type Pairs = ReadonlyMap<string, ReservationPair>;

export async function repairReservations(
  audit: Audit,
  wanted: readonly Difference[],
  pairs: Pairs,
): Promise<void> {
  await endTickets(audit, wanted, pairs);
  for (const id of idsWith(wanted, "restore_to_object")) await restore(audit, id, pairs);
  const reservationIds = await withoutObstacles(audit, idsWith(wanted, "project_again"), pairs);
  if (reservationIds.length > 0) await audit.object.projectAgain({ reservationIds, unitIds: [] });
}

function idsWith(wanted: readonly Difference[], remedy: Remedy): string[] {
  const ids = wanted.filter((each) => each.remedy === remedy).map((each) => each.reservationId);
  return [...new Set(ids.filter((id) => id !== null))];
}

/** Tickets of nobody, and those that stand on another's unit: they are told again, on their own, afterwards. */
async function endTickets(
  { tenant, area, mode }: Audit,
  wanted: readonly Difference[],
  pairs: Pairs,
): Promise<void> {
  if (mode !== "all") return;
  const rows = wanted
    .filter(({ remedy, fields }) => remedy === "cancel_ticket" || fields.includes("unit_id"))
    .flatMap(({ reservationId, reservationUnitId }) => {
      const tickets = pairs.get(reservationId ?? "")?.told?.tickets ?? [];
      return tickets.filter(({ id }) => id === reservationUnitId);
    });
  if (rows.length > 0) await cancelTickets(tenant, area.areaId, rows);
}

/** One by one: a reservation whose units are not free there refuses all that come with it. */
async function restore({ object }: Audit, reservationId: string, pairs: Pairs): Promise<void> {
  const part = readPart(reservationId, pairs.get(reservationId)?.told?.part);
  if (part === null) return;
  const { version: sequenceAtLeast, ...reservation } = part;
  await object.restoreReservations({
    reservations: [reservation],
    sequenceAtLeast,
    isMending: true,
  });
}

/** Without those for whose tickets Postgres has no unit, or another ticket on it. */
async function withoutObstacles(
  { tenant, area }: Audit,
  reservationIds: readonly string[],
  pairs: Pairs,
): Promise<string[]> {
  const ticketsOf = (id: string) => {
    const object = pairs.get(id)?.object ?? null;
    return object === null ? [] : ticketRowsOf(object);
  };
  const unitIds = [...new Set(reservationIds.flatMap(ticketsOf).map((row) => row.unit_id))];
  const told = unitIds.length === 0 ? [] : await findToldUnitsById(tenant, area.areaId, unitIds);
  const units = new Map(told.map((unit) => [unit.unitId, unit]));
  return reservationIds.filter((reservationId) =>
    ticketsOf(reservationId).every(({ id, unit_id: unitId, status }) => {
      const unit = units.get(unitId);
      if (unit === undefined) return false;
      const others = unit.livingTickets.filter(({ reservationUnitId }) => reservationUnitId !== id);
      return status === "cancelled" || others.length === 0;
    }),
  );
}
