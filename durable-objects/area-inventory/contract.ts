// What the rest of the product knows of an area's inventory: its words, and the two ways it speaks to the
// outside. The Worker and the object may run different versions for minutes after a deploy, so a field is only
// ever added, and what is added may be absent.

import type {
  AreaSettings,
  Commands,
  InventoryEffect,
  Outcome,
  ReservationState,
  ReservedUnit,
} from "./core/commands.ts";
import type { CurrentPrice, LeftOut } from "./core/current-price.ts";
import type { HoldQuestion, HoldQuote } from "./core/quote-hold.ts";
import type { Refused } from "./core/refusals.ts";
import type { AreaCounts, Reservation, UnitState } from "./core/view.ts";

export { mayRetry } from "./core/commands.ts";
export { linesOf, totalOf } from "./core/price-lines.ts";
export { reservationIdStem } from "./core/reservation-unit-id.ts";
export type {
  AdmitOutcome,
  AreaSettings,
  CommandKind,
  Commands,
  CommitOutcome,
  GivenDiscount,
  HoldOutcome,
  HoldTerms,
  InventoryEffect,
  Outcome,
  Refusal,
  RefusalCode,
  Refused,
  ReservationState,
  ReservedUnit,
  Selection,
  Unit,
  PoolTerms,
  PoolUse,
  Promotion,
  SaleStage,
  PriceAdjustment,
  OtherCode,
  PromotionReason,
} from "./core/commands.ts";
export type { CurrentPrice, LeftOut, NextPrice, ToldStage } from "./core/current-price.ts";
export type { PriceLine } from "./core/price-lines.ts";
export type { HoldQuote } from "./core/quote-hold.ts";
export type { QuestionKind, Questions } from "./questions.ts";
export type { AreaCounts, Reservation, UnitState } from "./core/view.ts";

type Payload<Kind extends keyof Commands> = Omit<Commands[Kind], "kind">;

export interface Availability extends AreaCounts {
  settings: AreaSettings;
  /** Rises with every change of the area. */
  version: number;
  /** What Postgres was not told yet. Absent from an older object. */
  outbox?: OutboxSummary;
  /** Absent from an older object. */
  price?: CurrentPrice;
  /** What is left of a pool; null: any number. Absent from an area, and from an older object. */
  left?: number | null;
}

export interface OutboxSummary {
  /** Batches that wait; of more than a thousand, a thousand are counted. */
  rows: number;
  /** The time of the oldest; null when none waits or it does not say. */
  oldestAtMs: number | null;
}

/** Reservations and units of an area, all of one moment, and which of them Postgres may not know like this yet. */
export interface AreaItems {
  version: number;
  reservations: readonly Reservation[];
  units: readonly UnitStatus[];
  waitingIds: readonly string[];
}

/** A page of an area's reservations, whole, in order of id. */
export interface ReservationPage {
  version: number;
  reservations: readonly Reservation[];
}

/** The counts an area keeps, and its units counted one by one. */
export interface AreaTally {
  stored: AreaCounts;
  counted: AreaCounts;
}

export interface UnitStatus {
  position: number;
  unitId: string;
  label: string;
  state: UnitState;
}

/** Units in order of sale, and the version at which they were so. */
export interface UnitPage {
  version: number;
  units: UnitStatus[];
}

/** What changed in an area since a version that the asker has seen. */
export interface AreaChanges {
  version: number;
  isOpen: boolean;
  counts: AreaCounts;
  /** Units as they are now; null when the object does not remember back to there: look at them all anew. */
  changes: { unitId: string; state: UnitState }[] | null;
}

export interface ReservationStatus {
  state: ReservationState;
  expiresAtMs: number;
  currency: string;
  units: readonly ReservedUnit[];
  /** The payment it was bought with, or is extended for. Absent from an older object. */
  paymentId?: string | null;
  /** Kept back by the organizer, without an end. */
  isOrganizers?: boolean;
}

/** One area's inventory, whoever implements it. Every method may be repeated with the same ids. */
export interface AreaInventoryMethods {
  configureArea(command: Payload<"configure-area">): Promise<Outcome<"configure-area">>;
  loadUnits(command: Payload<"load-units">): Promise<Outcome<"load-units">>;
  placeHold(command: Payload<"place-hold">): Promise<Outcome<"place-hold">>;
  extendHold(command: Payload<"extend-hold">): Promise<Outcome<"extend-hold">>;
  releaseHold(command: Payload<"release-hold">): Promise<Outcome<"release-hold">>;
  /** Answers after Postgres has the sale, or after a deadline; the sale stands either way. */
  commitHold(command: Payload<"commit-hold">): Promise<Outcome<"commit-hold">>;
  admitTicket(command: Payload<"admit-ticket">): Promise<Outcome<"admit-ticket">>;
  exitTicket(command: Payload<"exit-ticket">): Promise<Outcome<"exit-ticket">>;
  reserveUnits(command: Payload<"reserve-units">): Promise<Outcome<"reserve-units">>;
  blockUnits(command: Payload<"block-units">): Promise<Outcome<"block-units">>;
  unblockUnits(command: Payload<"unblock-units">): Promise<Outcome<"unblock-units">>;
  cancelTickets(command: Payload<"cancel-tickets">): Promise<Outcome<"cancel-tickets">>;
  reissueTicket(command: Payload<"reissue-ticket">): Promise<Outcome<"reissue-ticket">>;
  loadCodes(command: Payload<"load-codes">): Promise<Outcome<"load-codes">>;
  restoreReservations(
    command: Payload<"restore-reservations">,
  ): Promise<Outcome<"restore-reservations">>;
  /** Of a pool. */
  returnPart(command: Payload<"return-part">): Promise<Outcome<"return-part">>;
  /** Tells Postgres once more, under a new version. */
  projectAgain(command: Payload<"project-again">): Promise<Outcome<"project-again">>;
  /** Null for an area that was never configured. The price is told as if what is left out had no room. */
  availability(leftOut?: LeftOut): Promise<Availability | null>;
  /** Units after a position (-1 from the start), in order of sale. */
  unitStatuses(afterPosition: number, limit: number): Promise<UnitStatus[]>;
  reservationStatus(reservationId: string): Promise<ReservationStatus | null>;
  /** After one id ("" from the start). Null of an area that was never configured, and of an object that is older. */
  reservationsAfter(afterId: string, limit: number): Promise<ReservationPage | null>;
  /** Null as above. Unknown ids are left out. */
  items(ids: {
    reservationIds: readonly string[];
    unitIds: readonly string[];
  }): Promise<AreaItems | null>;
  /** Null as above. */
  tally(): Promise<AreaTally | null>;
  /** As `unitStatuses`, with the area's version. Null as above. */
  unitPage(afterPosition: number, limit: number): Promise<UnitPage | null>;
  /** With no version there are no changes to tell. Null as above, and for an area that was never configured. */
  changesSince(version: number | null): Promise<AreaChanges | null>;
  /** What a hold would be answered now; nothing is held. Null of an object that is older. */
  quoteHold(question: HoldQuestion): Promise<HoldQuote | Refused | null>;
}

/** What an area's object offers to be called with: each argument and answer is one JSON text. */
export interface AreaInventoryCalls {
  /** A command of `Commands`; its outcome. */
  execute(command: string): Promise<string>;
  /** A question of `Questions`; its answer. Changes nothing but what time has changed already. */
  read(question: string): Promise<string>;
}

/** The inventories of all areas. */
export interface Inventory {
  area(areaId: string): AreaInventoryMethods;
}

/** What one flush writes to Postgres: the newest state of everything its outbox rows touched. */
export interface ProjectionBatch {
  areaId: string;
  profileId: string;
  eventId: string;
  currency: string;
  reservations: ProjectedReservation[];
  units: ProjectedUnit[];
}

/** A reservation's part in an area, whole: enough to rebuild the object from. */
export interface ProjectedReservation extends Reservation {
  version: number;
}

/** A unit that was sold, blocked, or is available again after that. */
export interface ProjectedUnit {
  unitId: string;
  state: UnitState;
  version: number;
}

/** Postgres as the flush sees it. Writing the same batch again, or an older one, changes nothing. */
export interface InventoryProjection {
  write(batch: ProjectionBatch): Promise<void>;
}

/** The effects queue as the flush sees it. */
export interface InventoryEffects {
  send(
    area: { areaId: string; profileId: string },
    effects: readonly InventoryEffect[],
  ): Promise<void>;
}
