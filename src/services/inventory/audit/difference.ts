// Every way in which an area's object and Postgres may differ. Types, and how one is written down.

import type {
  AreaCounts,
  AreaSettings,
  Reservation,
} from "../../../../durable-objects/area-inventory/contract.ts";
import type { TicketRow } from "../../../db/ticket-rows.ts";
import type { Remedy } from "./remedy.ts";

export type DifferenceKind =
  /** The object knows nothing, or not all yet, of an area that Postgres has sold from. */
  | "object_lost"
  /** The same of the inventory of a quantity that areas share: nothing that depends on it can be sold or settled. */
  | "pool_lost"
  | "settings_behind"
  | "settings_different"
  | "counts_different"
  | "capacity_different"
  | "unit_missing_in_object"
  | "unit_missing_in_postgres"
  | "unit_different"
  /** More than one ticket that somebody could show at the gate. */
  | "unit_sold_twice"
  /** Such a ticket is filed under another area. */
  | "ticket_elsewhere"
  | "reservation_missing_in_object"
  | "reservation_missing_in_postgres"
  | "part_different"
  | "ticket_missing"
  | "ticket_extra"
  | "ticket_different";

export type PartField = Exclude<keyof Reservation, "reservationId">;
export type TicketField = Exclude<keyof TicketRow, "id" | "reservation_id">;

/** `version`: Postgres has a number the object never gave. */
export type DifferenceField =
  | PartField
  | TicketField
  | keyof AreaSettings
  | keyof AreaCounts
  | "status"
  | "position"
  | "currency"
  | "version";

export interface Difference {
  kind: DifferenceKind;
  remedy: Remedy;
  /** What it is about; null where it is about the whole area. */
  reservationId: string | null;
  unitId: string | null;
  reservationUnitId: string | null;
  fields: readonly DifferenceField[];
  /** What each side says, in a word: a state, a version, a count. Null where it says nothing, or more than a word. */
  object: string | null;
  postgres: string | null;
}

export interface FoundDifference extends Difference {
  isRepaired: boolean;
}

/** A difference, with nothing said that is not given. */
export function difference(
  kind: DifferenceKind,
  remedy: Remedy,
  about: Partial<Omit<Difference, "kind" | "remedy">>,
): Difference {
  return {
    kind,
    remedy,
    reservationId: null,
    unitId: null,
    reservationUnitId: null,
    fields: [],
    object: null,
    postgres: null,
    ...about,
  };
}

/** Two findings with the same key are about the same thing. */
export function keyOf(found: Difference): string {
  return [found.kind, found.reservationId, found.unitId, found.reservationUnitId].join(" ");
}
