// One reservation's part in an area, as the object has it and as Postgres does. Pure. Who is right when they differ: the object,
// but for what Postgres has sold and the object never did.

import type { Reservation } from "../../../../durable-objects/area-inventory/contract.ts";
import type { ToldReservation } from "../../../db/audit-repository.ts";
import { namesOf } from "../../../shared/names-of.ts";
import { sameJson } from "../../../shared/same-json.ts";
import { type AreaFacts, compareTickets } from "./compare-tickets.ts";
import { type Difference, type DifferenceField, type PartField, difference } from "./difference.ts";

export interface ReservationPair {
  object: Reservation | null;
  told: ToldReservation | null;
}

/** Every field, so that a new one is compared too. */
const partFields: Record<PartField, true> = {
  state: true,
  selection: true,
  holdExpiresAtMs: true,
  expiresAtMs: true,
  paymentId: true,
  unitsReplaced: true,
  units: true,
  tickets: true,
  terms: true,
  uses: true,
  pools: true,
  peoplePerUnit: true,
};

export function compareReservation(pair: ReservationPair, facts: AreaFacts): Difference[] {
  const { object, told } = pair;
  if (object === null) return told === null ? [] : onlyInPostgres(told);
  const isForPerson = told !== null && (isAhead(told, facts) || wasSoldElsewhere(object, told));
  const found = [...compareParts(object, told, facts), ...compareTickets(object, told, facts)];
  return isForPerson ? found.map((each) => ({ ...each, remedy: "person" })) : found;
}

function onlyInPostgres(told: ToldReservation): Difference[] {
  if (told.part === null) return compareTickets(null, told, { version: 0, currency: "" });
  const { reservationId, part } = told;
  return [
    difference("reservation_missing_in_object", told.isWhole ? "restore_to_object" : "person", {
      reservationId,
      postgres: wordOf(part["state"]),
    }),
  ];
}

function compareParts(
  object: Reservation,
  told: ToldReservation | null,
  facts: AreaFacts,
): Difference[] {
  const { reservationId, state } = object;
  const part = told?.part ?? null;
  if (told === null || part === null) {
    const remedy = told?.isWhole === false ? "person" : "project_again";
    const about = { reservationId, object: state };
    return [difference("reservation_missing_in_postgres", remedy, about)];
  }
  const fields: DifferenceField[] = namesOf(partFields).filter(
    (name) => !sameJson(object[name], part[name]),
  );
  if (isAhead(told, facts)) fields.push("version");
  if (!told.statusFits) fields.push("status");
  if (fields.length === 0) return [];
  const about = { reservationId, fields, object: state, postgres: wordOf(part["state"]) };
  return [difference("part_different", "project_again", about)];
}

/** The object may have been set back, or its number in Postgres is none: the projection could not go past it. */
function isAhead({ isWhole, part }: ToldReservation, { version }: AreaFacts): boolean {
  if (!isWhole) return true;
  if (part === null) return false;
  const told = part["version"];
  return typeof told !== "number" || !Number.isSafeInteger(told) || told > version;
}

/** Postgres has a sale with its tickets, and the object does not remember having sold. */
function wasSoldElsewhere(object: Reservation, { part, tickets }: ToldReservation): boolean {
  if (object.state === "sold" || object.state === "cancelled" || part?.["state"] !== "sold")
    return false;
  return tickets.some(({ status }) => status !== "cancelled");
}

function wordOf(value: unknown): string | null {
  return typeof value === "string" ? value.slice(0, 20) : null;
}
