// One unit as the object has it and as Postgres does. Pure.

import type { UnitStatus } from "../../../../durable-objects/area-inventory/contract.ts";
import type { ToldUnit } from "../../../db/audit-repository.ts";
import { type Difference, type DifferenceField, difference } from "./difference.ts";
import type { Remedy } from "./remedy.ts";

export interface UnitPair {
  object: UnitStatus | null;
  told: ToldUnit | null;
}

/** `area` as its object has it: its id and version. */
export function compareUnit(
  { object, told }: UnitPair,
  area: { areaId: string; version: number },
): Difference[] {
  if (told === null)
    return object === null
      ? []
      : [
          difference("unit_missing_in_postgres", "person", {
            unitId: object.unitId,
            object: object.state,
          }),
        ];
  const found = compareTicketsOfUnit(told, area.areaId);
  if (object === null) found.push(missingInObject(told));
  else found.push(...compareStates(object, told, area.version));
  return found;
}

function missingInObject({ unitId, status }: ToldUnit): Difference {
  return difference("unit_missing_in_object", "load_object", { unitId, postgres: status });
}

function compareStates(object: UnitStatus, told: ToldUnit, version: number): Difference[] {
  // Of a hold Postgres hears with the reservation; a unit's own row speaks of what lasts.
  const wanted = object.state === "held" ? "available" : object.state;
  const fields: DifferenceField[] = [];
  if (told.status !== wanted) fields.push("status");
  if (told.position !== object.position) fields.push("position");
  if (told.version > version) fields.push("version");
  if (fields.length === 0) return [];
  const { unitId, status } = told;
  const remedy = remedyOf(fields, object, told);
  const about = { unitId, fields, object: object.state, postgres: status };
  return [difference("unit_different", remedy, about)];
}

/** A unit with a ticket is not called free, whatever the object says: somebody may stand at the gate with it. */
function remedyOf(
  fields: readonly DifferenceField[],
  object: UnitStatus,
  { livingTickets }: ToldUnit,
): Remedy {
  const isStatusAlone = fields.length === 1 && fields[0] === "status";
  const hasTicketOfNobody = object.state !== "sold" && livingTickets.length > 0;
  return isStatusAlone && !hasTicketOfNobody ? "project_again" : "person";
}

function compareTicketsOfUnit({ unitId, livingTickets }: ToldUnit, areaId: string): Difference[] {
  const found = livingTickets
    .filter((ticket) => ticket.areaId !== areaId)
    .map(({ reservationUnitId }) =>
      difference("ticket_elsewhere", "person", { unitId, reservationUnitId }),
    );
  if (livingTickets.length < 2) return found;
  const postgres = String(livingTickets.length);
  return [...found, difference("unit_sold_twice", "person", { unitId, postgres })];
}
