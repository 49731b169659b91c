// The things an area's inventory is made of: settings, units, reservations, tickets. Types only; no rule is decided here.

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
  /** Units one buyer may have in this area, held and bought together; absent: any number. */
  unitsPerBuyerMax?: number;
  /** In order of priority: the first that is on and has room sets the price. */
  stages?: readonly SaleStage[];
  promotions?: readonly Promotion[];
  /** Codes that do not apply here, and why: only for telling their buyers. Absent: none. */
  otherCodes?: readonly OtherCode[];
  /** People one ticket admits, such as a table's ten; absent: one. */
  peoplePerUnit?: number;
  /** Whoever went out may come in again. */
  allowsReentry?: boolean;
  /** Set when this is no area but a quantity that several areas share. */
  pool?: PoolTerms;
  /** An object that was lost is being rebuilt: until that is done nothing is sold. Absent otherwise. */
  isRestoring?: boolean;
  /** Before this moment nothing can be held; absent: since ever. */
  salesStartAtMs?: number;
  /** From this moment on nothing can be held; absent: without an end. */
  salesEndAtMs?: number;
  /** False until the event is published: nothing can be held, what is held can still be paid. */
  isOpen: boolean;
  /** The event was called off, for good: what is paid from now on goes back. Absent: it was not. */
  isCancelled?: boolean;
  version: number;
}

/** A part of a price, in hundredths of a percent or in minor units; below zero it lowers the price. */
export type PriceAdjustment =
  | { kind: "percentage"; basisPoints: number }
  | { kind: "fixed"; inCents: number };

/** A price for a time or for so many units. */
export interface SaleStage {
  stageId: string;
  /** As buyers read it. Absent from older settings. */
  name?: string;
  adjustment: PriceAdjustment;
  /** From this moment on; null: from the beginning. */
  startsAtMs: number | null;
  /** Before this moment; null: without an end. */
  endsAtMs: number | null;
  /** Units sold at this price in this area; null: any number, or as many as the pool has. */
  unitsMax: number | null;
  /** The inventory that counts the units of this stage over several areas. */
  poolId?: string;
}

export interface Promotion {
  promotionId: string;
  /** In capitals; null: applies to everybody by itself. */
  code: string | null;
  /** One-use codes begin with this; the pool knows them all. */
  codePrefix?: string;
  discount:
    | { kind: "percentage"; basisPoints: number; inCentsMax: number | null }
    | { kind: "fixed-per-unit"; inCents: number }
    | { kind: "fixed-per-order"; inCents: number };
  /** Units the whole order must have. */
  unitsMin: number;
  startsAtMs: number | null;
  endsAtMs: number | null;
  /** Orders that may use it; null: any number, or as many as the pool has. */
  usesMax: number | null;
  usesPerBuyerMax: number | null;
  /** The inventory that counts its uses over several areas. */
  poolId?: string;
}

/** A code, in capitals, or what one-use codes begin with. */
export interface OtherCode {
  code: string | null;
  codePrefix?: string;
  reason: "over" | "other_area";
}

/** What a pool counts: the units of a stage, or the uses of a promotion. */
export interface PoolTerms {
  /** How many there are; null: any number. */
  max: number | null;
  perBuyerMax: number | null;
  /** Every use names a code that was loaded before; each serves so often. Null: no codes. */
  usesPerCodeMax: number | null;
}

export type Selection =
  /** `together`: rather refused than split over several rows. */
  | { kind: "best-available"; quantity: number; together?: boolean }
  | { kind: "units"; unitIds: readonly string[] }
  /** A part of a pool, which has no units. */
  | { kind: "pool"; quantity: number };

/** What a buyer asked for besides the units. */
export interface HoldTerms {
  /** Who the limits per buyer count; opaque. */
  buyerId?: string;
  /** The stage the buyer was shown; any other is refused. */
  stageId?: string;
  /** In capitals. */
  promotionCode?: string;
  /** What the buyer was shown that this area's units cost together, with fees; any other price is refused. */
  totalInCents?: number;
}

/** So much of something limited: a stage's units, a promotion's uses, a buyer's share. Keys: see `quotas.ts`. */
export interface QuotaUse {
  key: string;
  quantity: number;
}

/** A quantity that has to be held in a pool too, or the hold is to be given back. */
export interface PoolUse {
  poolId: string;
  quantity: number;
  /** Of the stage that is to be left out when the pool has no room. */
  stageId?: string;
  promotionCode?: string;
}

/** One ticket of a reservation in this area. Prices are those quoted at the hold, in minor units. */
export interface ReservedUnit {
  /** The ticket's id once sold; made from the reservation's id and the unit's number in it. */
  reservationUnitId: string;
  unitId: string;
  position: number;
  label: string;
  /** What the unit costs without its fee: the area's price, changed by the stage, less the discount. */
  priceInCents: number;
  serviceInCents: number;
  /** Present where a stage or promotion changed the price: the area's price before them. */
  baseInCents?: number;
  stageId?: string;
  promotionId?: string;
  discountInCents?: number;
}

/** `cancelled`: it was sold, and no ticket of it is left. */
export type ReservationState =
  | "held"
  | "sold"
  | "released"
  | "expired"
  | "refund-due"
  | "cancelled";

/** The expiry of what an organizer keeps: it ends only when it is given back. */
export const NEVER_MS = 4_102_444_800_000;

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
  /** Absent when nothing but units was asked for. */
  terms?: HoldTerms;
  /** What it takes of limited quantities while it is held and once it is sold; absent: nothing. */
  uses?: readonly QuotaUse[];
  /** What it needs in pools besides; absent: nothing. */
  pools?: readonly PoolUse[];
  /** People each of its tickets admits at least: as many as the settings said at the hold. Absent: one, or not recorded yet. */
  peoplePerUnit?: number;
}

export interface Ticket {
  reservationUnitId: string;
  /** Rises when a ticket changes hands; only the newest serial is admitted. */
  serial: number;
  admittedAtMs: number | null;
  scanId: string | null;
  gate: string | null;
  /** Passages after the first admission, in order; absent: none. */
  passages?: readonly Passage[];
  cancelledAtMs?: number;
}

/** Somebody through the gate with this ticket. */
export interface Passage {
  direction: "in" | "out";
  scanId: string;
  gate: string;
  atMs: number;
}
