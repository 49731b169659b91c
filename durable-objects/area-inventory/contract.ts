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
import type { AreaCounts, Reservation, UnitState } from "./core/view.ts";

export { mayRetry } from "./core/commands.ts";
export { reservationIdStem } from "./core/reservation-unit-id.ts";
export type {
  AdmitOutcome,
  AreaSettings,
  CommandKind,
  Commands,
  CommitOutcome,
  HoldOutcome,
  InventoryEffect,
  Outcome,
  Refusal,
  RefusalCode,
  Refused,
  ReservationState,
  ReservedUnit,
  Selection,
  Unit,
} from "./core/commands.ts";
export type { QuestionKind, Questions } from "./questions.ts";
export type { AreaCounts, UnitState } from "./core/view.ts";

type Payload<Kind extends keyof Commands> = Omit<Commands[Kind], "kind">;

export interface Availability extends AreaCounts {
  settings: AreaSettings;
  /** Rises with every change of the area. */
  version: number;
}

export interface UnitStatus {
  position: number;
  unitId: string;
  label: string;
  state: UnitState;
}

export interface ReservationStatus {
  state: ReservationState;
  expiresAtMs: number;
  currency: string;
  units: readonly ReservedUnit[];
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
  restoreReservations(
    command: Payload<"restore-reservations">,
  ): Promise<Outcome<"restore-reservations">>;
  /** Null for an area that was never configured. */
  availability(): Promise<Availability | null>;
  /** Units after a position (-1 from the start), in order of sale. */
  unitStatuses(afterPosition: number, limit: number): Promise<UnitStatus[]>;
  reservationStatus(reservationId: string): Promise<ReservationStatus | null>;
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
