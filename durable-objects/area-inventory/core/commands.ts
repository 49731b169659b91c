// The words of an area's inventory: every command and every outcome, and with them the things and refusals they speak of.
// Types only; no rule is decided here.

import type {
  AreaSettings,
  HoldTerms,
  PoolUse,
  Reservation,
  ReservedUnit,
  Selection,
  Unit,
} from "./records.ts";
import type { Refused } from "./refusals.ts";

export { NEVER_MS } from "./records.ts";
export type * from "./records.ts";
export { mayRetry, refuse } from "./refusals.ts";
export type * from "./refusals.ts";

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
    terms?: HoldTerms;
    /** The order this is a part of; absent: it is the whole. */
    order?: OrderSoFar;
    /** Stages whose pool turned out to have no room. */
    stagesFull?: readonly string[];
    /** Promotions without a code whose pool turned out to have no use left. */
    promotionsFull?: readonly string[];
  };
  /** An organizer keeps units back: open or not, beyond all limits, without an end. */
  "reserve-units": {
    kind: "reserve-units";
    /** Also the command's id. */
    reservationId: string;
    selection: Selection;
  };
  "extend-hold": {
    kind: "extend-hold";
    reservationId: string;
    /** The command's id: repeating it gives the expiry it gave first. */
    paymentId: string;
    paymentWindowMs: number;
    /** Who pays, where only now it is known: limits per buyer count it from here on. */
    buyerId?: string;
  };
  "release-hold": {
    kind: "release-hold";
    reservationId: string;
    /** The expiry first given to the hold that is meant; a later one under the same id stays. Absent: whichever it is. */
    holdExpiresAtMs?: number;
  };
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
  /** Somebody goes out and may come in again. */
  "exit-ticket": {
    kind: "exit-ticket";
    /** The command's id, as for an admission. */
    scanId: string;
    profileId: string;
    reservationUnitId: string;
    serial: number;
    gate: string;
  };
  "block-units": { kind: "block-units"; commandId: string; unitIds: readonly string[] };
  "unblock-units": { kind: "unblock-units"; commandId: string; unitIds: readonly string[] };
  "cancel-tickets": {
    kind: "cancel-tickets";
    commandId: string;
    reservationId: string;
    /** Absent: all of the reservation's tickets in this area. */
    reservationUnitIds?: readonly string[];
    /** What becomes of their units. */
    unitsBecome: "available" | "blocked";
  };
  /** The ticket's serial rises: whoever has its old code cannot come in with it. */
  "reissue-ticket": { kind: "reissue-ticket"; commandId: string; reservationUnitId: string };
  /** One-use codes enter a pool; those it has already stay as they are. */
  "load-codes": { kind: "load-codes"; codes: readonly string[] };
  "restore-reservations": {
    kind: "restore-reservations";
    /** As this area once told them to Postgres. */
    reservations: readonly Reservation[];
    /** The highest version Postgres has of this area. */
    sequenceAtLeast: number;
    /** The area knows its other reservations and goes on selling meanwhile. Absent: it was lost as a whole. */
    isMending?: boolean;
  };
  /** Postgres is told once more what it lost, or what was changed there by another hand. */
  "project-again": {
    kind: "project-again";
    reservationIds: readonly string[];
    unitIds: readonly string[];
  };
  /** Of a pool's sold part only so much is kept; the rest nobody got. */
  "return-part": {
    kind: "return-part";
    reservationId: string;
    /** By which it was sold. */
    paymentId: string;
    quantityKept: number;
  };
  "expire-holds": { kind: "expire-holds" };
}

/** The parts of an order that were held before this one. */
export interface OrderSoFar {
  /** Of the whole order. */
  units: number;
  /** Already given, by whichever promotions. */
  discountInCents: number;
  /** The same by promotion: each area may have its own. Absent: a Worker of before these were told apart. */
  discounts?: readonly GivenDiscount[];
}

export interface GivenDiscount {
  promotionId: string;
  inCents: number;
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
  /** What must be held in pools too before the hold may be given to the buyer. Absent: nothing. */
  pools?: readonly PoolUse[];
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
  "reserve-units": HoldOutcome;
  "extend-hold": HoldOutcome;
  "release-hold": { ok: true; reservationId: string };
  "commit-hold": CommitOutcome;
  "admit-ticket": AdmitOutcome;
  "exit-ticket": { ok: true; reservationUnitId: string; label: string; exitedAtMs: number };
  /** Units that were not blocked before. */
  "block-units": { ok: true; blocked: number };
  /** Units that were blocked before. */
  "unblock-units": { ok: true; unblocked: number };
  /** The tickets that were valid before. */
  "cancel-tickets": { ok: true; cancelled: readonly string[] };
  "reissue-ticket": { ok: true; reservationUnitId: string; serial: number };
  /** Codes the pool had not before. */
  "load-codes": { ok: true; added: number };
  /** Reservations the area has now that it had not before. */
  "restore-reservations": { ok: true; restored: number };
  /** Of those named, what the area knows and tells again. */
  "project-again": { ok: true; reservations: number; units: number };
  "return-part": { ok: true; reservationId: string };
  "expire-holds": { ok: true; expired: number };
}

export type Outcome<Kind extends CommandKind> = Successes[Kind] | Refused;

/** What must happen outside once Postgres has the rows. */
export interface InventoryEffect {
  kind: "deliver-tickets";
  reservationId: string;
}
