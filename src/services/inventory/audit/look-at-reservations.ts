// Looks at reservations on both sides so that a difference is one: the object before and after Postgres. Between two equal
// answers nothing changed there, and what no outbox row speaks of, Postgres was told.

import type { Reservation } from "../../../../durable-objects/area-inventory/contract.ts";
import { type ToldReservation, findToldReservationsById } from "../../../db/audit-repository.ts";
import { sameJson } from "../../../shared/same-json.ts";
import { type Audit, itemsOf } from "./audit.ts";
import { type ReservationPair, compareReservation } from "./compare-reservation.ts";
import type { Difference } from "./difference.ts";
import type { Look } from "./settle.ts";

/** What was seen is kept in `pairs`. */
export async function lookAtReservations(
  audit: Audit,
  reservationIds: readonly string[],
  pairs: Map<string, ReservationPair>,
): Promise<Look> {
  const before = await itemsOf(audit, { reservationIds });
  const told = await findToldReservationsById(audit.tenant, audit.area.areaId, reservationIds);
  const after = await itemsOf(audit, { reservationIds });
  const seen = pairUp(before.reservations, told);
  const seenAfter = pairUp(after.reservations, []);
  const waiting = new Set(before.waitingIds);
  const facts = { version: after.version, currency: audit.currency };
  const differences: Difference[] = [];
  const open: string[] = [];
  for (const id of reservationIds) {
    const pair = seen.get(id) ?? { object: null, told: null };
    pairs.set(id, pair);
    const isStill = sameJson(pair.object, seenAfter.get(id)?.object ?? null);
    if (!isStill || waiting.has(id)) open.push(id);
    else differences.push(...compareReservation(pair, facts));
  }
  return { differences, open };
}

/** By the reservation's id. */
export function pairUp(
  ofObject: readonly Reservation[],
  told: readonly ToldReservation[],
): Map<string, ReservationPair> {
  const pairs = new Map<string, ReservationPair>();
  for (const object of ofObject) pairs.set(object.reservationId, { object, told: null });
  for (const row of told) {
    const object = pairs.get(row.reservationId)?.object ?? null;
    pairs.set(row.reservationId, { object, told: row });
  }
  return pairs;
}
