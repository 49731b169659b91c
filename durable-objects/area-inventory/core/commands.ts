// The words of an area's inventory: every command, every outcome, every refusal.
// Types only, but for the two tables at the end; no rule is decided here.

/** A unit as the organizer defined it. `position` is its place in the area's order of sale, from 0. */
export interface Unit {
  position: number;
  unitId: string;
  /** Units of one row with consecutive numbers sit side by side. */
  row: number;
  number: number;
  label: string;
}

/** What the organizer decides about an area; a copy of Postgres, newer `version` wins. Money in minor units. */
export interface AreaSettings {
  profileId: string;
  eventId: string;
  currency: string;
  priceInCents: number;
  serviceInCents: number;
  unitsPerReservationMax: number;
  /** An object that was lost is being rebuilt: until that is done nothing is sold. Absent otherwise. */
  isRestoring?: boolean;
  /** False until the event is published: nothing can be held, what is held can still be paid. */
  isOpen: boolean;
  version: number;
}

export type Selection =
  /** `together`: rather refused than split over several rows. */
  | { kind: "best-available"; quantity: number; together?: boolean }
  | { kind: "units"; unitIds: readonly string[] };

/** One ticket of a reservation in this area. Prices are those quoted at the hold, in minor units. */
export interface ReservedUnit {
  /** The ticket's id once sold; made from the reservation's id and the unit's number in it. */
  reservationUnitId: string;
  unitId: string;
  position: number;
  label: string;
  priceInCents: number;
  serviceInCents: number;
}

export type ReservationState = "held" | "sold" | "released" | "expired" | "refund-due";

/** A reservation's part in this area. */
export interface Reservation {
  reservationId: string;
  state: ReservationState;
  /** What was asked for: tells a repeated hold from another one under the same id. */
  selection: Selection;
  /** Expiry first given, answered again to a repeated hold. */
  holdExpiresAtMs: number;
  /** Expiry in force. */
  expiresAtMs: number;
  paymentId: string | null;
  unitsReplaced: boolean;
  units: readonly ReservedUnit[];
  /** One a unit once sold; none before. */
  tickets: readonly Ticket[];
}

export interface Ticket {
  reservationUnitId: string;
  /** Rises when a ticket changes hands; only the newest serial is admitted. */
  serial: number;
  admittedAtMs: number | null;
  scanId: string | null;
  gate: string | null;
}

/** Every command the inventory takes, by name. Ids come from the caller; the time comes from the shell. */
export interface Commands {
  "configure-area": { kind: "configure-area"; settings: AreaSettings };
  "load-units": { kind: "load-units"; units: readonly Unit[] };
  "place-hold": {
    kind: "place-hold";
    /** Also the command's id: the same id with another selection is refused. */
    reservationId: string;
    eventId: string;
    selection: Selection;
    /** Number of the first unit within the whole reservation, from 0: areas of one reservation do not overlap. */
    firstUnitIndex: number;
    holdMs: number;
  };
  "extend-hold": {
    kind: "extend-hold";
    reservationId: string;
    /** The command's id: repeating it gives the expiry it gave first. */
    paymentId: string;
    paymentWindowMs: number;
  };
  "release-hold": { kind: "release-hold"; reservationId: string };
  "commit-hold": {
    kind: "commit-hold";
    reservationId: string;
    /** The command's id: one payment buys a reservation, whatever is delivered twice. */
    paymentId: string;
  };
  "admit-ticket": {
    kind: "admit-ticket";
    /** The command's id: a scan that is sent again is told what it was told first. */
    scanId: string;
    profileId: string;
    reservationUnitId: string;
    serial: number;
    gate: string;
  };
  "restore-reservations": {
    kind: "restore-reservations";
    /** As this area once told them to Postgres. */
    reservations: readonly Reservation[];
    /** The highest version Postgres has of this area. */
    sequenceAtLeast: number;
  };
  "expire-holds": { kind: "expire-holds" };
}

export type CommandKind = keyof Commands;
export type Command = Commands[CommandKind];

export interface HoldOutcome {
  ok: true;
  reservationId: string;
  profileId: string;
  expiresAtMs: number;
  currency: string;
  units: readonly ReservedUnit[];
}

export interface CommitOutcome {
  ok: true;
  reservationId: string;
  units: readonly ReservedUnit[];
  /** The hold had lapsed and other units of the same price stand in for the ones first held. */
  unitsReplaced: boolean;
}

export interface AdmitOutcome {
  ok: true;
  reservationUnitId: string;
  label: string;
  admittedAtMs: number;
}

/** What each command answers when it is carried out. */
export interface Successes {
  "configure-area": { ok: true; version: number };
  "load-units": { ok: true; units: number };
  "place-hold": HoldOutcome;
  "extend-hold": HoldOutcome;
  "release-hold": { ok: true; reservationId: string };
  "commit-hold": CommitOutcome;
  "admit-ticket": AdmitOutcome;
  /** Reservations the area has now that it had not before. */
  "restore-reservations": { ok: true; restored: number };
  "expire-holds": { ok: true; expired: number };
}

/** Every reason the inventory has to say no. A refusal changes nothing. */
export type Refusal =
  | { code: "area_unknown" }
  | { code: "area_closed" }
  | { code: "quantity_invalid"; max: number }
  | { code: "sold_out"; available: number }
  | { code: "not_together"; available: number }
  | { code: "units_taken"; unitIds: readonly string[] }
  | { code: "units_unknown"; unitIds: readonly string[] }
  | { code: "units_conflict"; unitIds: readonly string[] }
  | { code: "command_reused" }
  | { code: "reservation_unknown" }
  | { code: "hold_expired" }
  | { code: "already_paid" }
  | { code: "refund_due" }
  | { code: "ticket_unknown" }
  | { code: "ticket_revoked" }
  | { code: "already_admitted"; admittedAtMs: number; gate: string }
  | { code: "not_restoring" }
  | { code: "command_failed" };

export type RefusalCode = Refusal["code"];

export interface Refused {
  ok: false;
  refusal: Refusal;
}

export type Outcome<Kind extends CommandKind> = Successes[Kind] | Refused;

/** What must happen outside once Postgres has the rows. */
export interface InventoryEffect {
  kind: "deliver-tickets";
  reservationId: string;
}

/** Whether the very same request may succeed if it is sent again a little later. */
export const mayRetry: Record<RefusalCode, boolean> = {
  area_unknown: false,
  area_closed: true,
  quantity_invalid: false,
  // Holds expire, so what is sold out now may come back.
  sold_out: true,
  not_together: true,
  units_taken: true,
  units_unknown: false,
  units_conflict: false,
  command_reused: false,
  reservation_unknown: false,
  hold_expired: false,
  already_paid: false,
  refund_due: false,
  ticket_unknown: false,
  ticket_revoked: false,
  already_admitted: false,
  not_restoring: false,
  command_failed: true,
};

/** A refusal as an outcome. */
export function refuse(refusal: Refusal): Refused {
  return { ok: false, refusal };
}
