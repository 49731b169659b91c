// Whether Postgres says what the objects say, unit by unit, document by document, ticket by ticket, and whether each object
// agrees with itself. Pure; every difference is a sentence.

import { isDeepStrictEqual } from "node:util";
import { centsToDecimal } from "../../src/shared/money.ts";
import type { ObjectState, StoredReservation, UnitState } from "./object-state.ts";
import type { PostgresReservation, PostgresState, PostgresTicket } from "./postgres-state.ts";

export type Areas = ReadonlyMap<string, ObjectState>;

/** The objects by the area whose units they hold. */
export function byArea(objects: readonly ObjectState[], { units }: PostgresState): Areas {
  return new Map(
    objects.map((object) => {
      const [first = ""] = object.units.keys();
      return [units.get(first)?.area_id ?? `unknown to Postgres: ${first}`, object];
    }),
  );
}

export function differences(areas: Areas, postgres: PostgresState): string[] {
  return [
    ...[...areas].flatMap(([areaId, object]) => [
      ...withinObject(object).map((what) => `object ${areaId}: ${what}`),
      ...ofUnits(areaId, object, postgres).map((what) => `area ${areaId}: ${what}`),
    ]),
    ...ofReservations(areas, postgres),
    ...ofTickets(areas, postgres),
  ];
}

/** The stored counts, the blocks and the reservations tell one story. */
function withinObject(object: ObjectState): string[] {
  const found: string[] = object.outboxRows === 0 ? [] : [`${object.outboxRows} outbox rows wait`];
  const counted = { available: 0, held: 0, sold: 0, blocked: 0 };
  const owners = new Map<string, UnitState>();
  for (const state of object.units.values()) counted[state] += 1;
  if (!isDeepStrictEqual(counted, object.counts))
    found.push(`counts ${JSON.stringify(object.counts)}, units ${JSON.stringify(counted)}`);
  for (const { reservationId, state, units, tickets } of object.reservations.values()) {
    if (tickets.length !== (state === "sold" ? units.length : 0))
      found.push(`${state} reservation ${reservationId} has ${tickets.length} tickets`);
    if (state !== "held" && state !== "sold") continue;
    for (const { unitId } of units) owners.set(unitId, state);
  }
  for (const [unitId, state] of object.units) {
    const owned = owners.get(unitId);
    const wanted = state === "held" || state === "sold" ? state : undefined;
    if (owned !== wanted)
      found.push(`unit ${unitId} is ${state}, its reservation ${owned ?? "none"}`);
  }
  return found;
}

function ofUnits(areaId: string, object: ObjectState, { units }: PostgresState): string[] {
  const found: string[] = [];
  for (const [unitId, state] of object.units) {
    const row = units.get(unitId);
    // Of a hold Postgres hears with the reservation; the unit's own row speaks of what lasts.
    const wanted = state === "held" ? "available" : state;
    if (row?.status !== wanted)
      found.push(`unit ${unitId} is ${state} and in Postgres ${row?.status ?? "missing"}`);
    if ((row?.inventory_version ?? 0) > object.sequence)
      found.push(`unit ${unitId} has a version the object never had`);
  }
  const inPostgres = [...units.values()].filter((unit) => unit.area_id === areaId).length;
  if (inPostgres !== object.units.size)
    found.push(`${object.units.size} units, ${inPostgres} in Postgres`);
  return found;
}

function ofReservations(areas: Areas, postgres: PostgresState): string[] {
  const found: string[] = [];
  for (const [areaId, object] of areas) {
    for (const reservation of object.reservations.values()) {
      const row = postgres.reservations.get(reservation.reservationId);
      const what = partDifference(object, reservation, row?.parts?.[areaId]);
      if (what !== null) found.push(`${what} (area ${areaId})`);
    }
  }
  for (const row of postgres.reservations.values()) {
    const parts = Object.entries(row.parts ?? {});
    if (parts.length === 0) found.push(`reservation ${row.id} has no part in Postgres`);
    for (const [areaId] of parts) {
      if (areas.get(areaId)?.reservations.has(row.id) !== true)
        found.push(`reservation ${row.id} is unknown to the object of ${areaId}`);
    }
    const wanted = statusOf(row);
    if (row.status !== wanted) found.push(`reservation ${row.id} is ${row.status}, not ${wanted}`);
  }
  return found;
}

function partDifference(
  { sequence }: ObjectState,
  { reservationId, ...stored }: StoredReservation,
  part: { version: number; state: string } | undefined,
): string | null {
  const name = `reservation ${reservationId}`;
  if (part === undefined) return `${name} is ${stored.state}, missing in Postgres`;
  const { version, ...told } = part;
  if (told.state !== stored.state) return `${name} is ${stored.state}, in Postgres ${told.state}`;
  if (!isDeepStrictEqual(told, stored))
    return `${name} is ${JSON.stringify(stored)}, in Postgres ${JSON.stringify(told)}`;
  const isKnown = version >= 1 && version <= sequence;
  return isKnown ? null : `${name} has version ${version} of ${sequence}`;
}

function statusOf({ parts }: PostgresReservation): string {
  const states = Object.values(parts ?? {}).map(({ state }) => state);
  if (states.includes("sold")) return "completed";
  return states.includes("held") ? "active" : "cancelled";
}

function ofTickets(areas: Areas, { tickets }: PostgresState): string[] {
  const rows = new Map<string, PostgresTicket>(tickets.map((row) => [row.id, row]));
  const found: string[] = [];
  for (const [areaId, object] of areas) {
    for (const wanted of ticketsOf(areaId, object)) {
      const what = ticketDifference(wanted, rows.get(wanted.id), object.sequence);
      if (what !== null) found.push(what);
      rows.delete(wanted.id);
    }
  }
  for (const { id } of rows.values()) found.push(`ticket ${id} is unknown to every object`);
  return found;
}

type WantedTicket = Omit<PostgresTicket, "inventory_version">;

function ticketsOf(areaId: string, { reservations }: ObjectState): WantedTicket[] {
  return [...reservations.values()].flatMap(({ reservationId, units, tickets }) =>
    tickets.map(({ reservationUnitId, serial }) => {
      const unit = units.find((one) => one.reservationUnitId === reservationUnitId);
      return {
        id: reservationUnitId,
        reservation_id: reservationId,
        area_id: areaId,
        unit_id: unit?.unitId ?? "none",
        status: "confirmed",
        price: centsToDecimal(unit?.priceInCents ?? 0),
        service: centsToDecimal(unit?.serviceInCents ?? 0),
        serial,
      };
    }),
  );
}

function ticketDifference(
  wanted: WantedTicket,
  row: PostgresTicket | undefined,
  sequence: number,
): string | null {
  if (row === undefined) return `ticket ${wanted.id} is missing in Postgres`;
  const { inventory_version: version, ...told } = row;
  if (!isDeepStrictEqual(told, wanted))
    return `ticket ${JSON.stringify(wanted)}, in Postgres ${JSON.stringify(told)}`;
  return version <= sequence ? null : `ticket ${wanted.id} has version ${version} of ${sequence}`;
}
