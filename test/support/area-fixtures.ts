// What tests of an area say again and again: its settings, stages and promotions, its units, and the ids and holds of
// reservations. Each takes only what the test is about.

import type {
  AreaSettings,
  Commands,
  HoldTerms,
  OrderSoFar,
  PoolTerms,
  Promotion,
  SaleStage,
  Selection,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";

export const PROFILE_ID = "organizer-1";
export const EVENT_ID = "event-1";
export const HOLD_MS = 600_000;
export const PAYMENT_WINDOW_MS = 900_000;
/** The time tests start at. */
export const START_MS = 1_900_000_000_000;

export function settingsOf(changes: Partial<AreaSettings> = {}): AreaSettings {
  return {
    profileId: PROFILE_ID,
    eventId: EVENT_ID,
    currency: "COP",
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
    unitsPerReservationMax: 6,
    isOpen: true,
    version: 1,
    ...changes,
  };
}

/** A stage without limits that takes a fifth off. */
export function stageOf(stageId: string, changes: Partial<SaleStage> = {}): SaleStage {
  return {
    stageId,
    adjustment: { kind: "percentage", basisPoints: -2_000 },
    startsAtMs: null,
    endsAtMs: null,
    unitsMax: null,
    ...changes,
  };
}

/** A promotion without limits that takes a tenth off; its code is its id in capitals. */
export function promotionOf(promotionId: string, changes: Partial<Promotion> = {}): Promotion {
  return {
    promotionId,
    code: promotionId.toUpperCase(),
    discount: { kind: "percentage", basisPoints: 1_000, inCentsMax: null },
    unitsMin: 1,
    startsAtMs: null,
    endsAtMs: null,
    usesMax: null,
    usesPerBuyerMax: null,
    ...changes,
  };
}

export function poolOf(changes: Partial<PoolTerms> = {}): PoolTerms {
  return { max: null, perBuyerMax: null, usesPerCodeMax: null, ...changes };
}

/**
 * A reservation's id by a name of at most 14 letters. Shaped as the Worker's: the last 4 digits give way to the numbers of
 * its units, so two ids differ before them.
 */
export function idOf(name: string): string {
  const digits = Array.from(name, (letter) => letter.charCodeAt(0).toString(16).padStart(2, "0"));
  const stem = digits.join("").padStart(28, "0");
  if (stem.length > 28) throw new Error(`too long a name: ${name}`);
  return `${stem}ffff`.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export const r1 = idOf("r1");
export const r2 = idOf("r2");
export const r3 = idOf("r3");
export const r4 = idOf("r4");

/** The id of a reservation's unit, and of its ticket. */
export function ticketOf(reservationId: string, index: number): string {
  return reservationId.slice(0, -4) + index.toString(16).padStart(4, "0");
}

/** Seats in rows, of ten unless told: `unit-0` to `unit-9` in row 1, and so on. Labels are `A-row-number`. */
export function seats(count: number, first = 0, rowLength = 10): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    const position = first + index;
    const row = Math.floor(position / rowLength) + 1;
    const number = (position % rowLength) + 1;
    return { position, unitId: `unit-${position}`, row, number, label: `A-${row}-${number}` };
  });
}

/** General admission: row 0, one number after the other. Labels are `G-number`. */
export function places(count: number, first = 0): Unit[] {
  return Array.from({ length: count }, (_, index) => {
    const position = first + index;
    const number = position + 1;
    return { position, unitId: `unit-${position}`, row: 0, number, label: `G-${number}` };
  });
}

export interface Wanted {
  /** Best available units... */
  quantity?: number | undefined;
  together?: boolean | undefined;
  /** ...or these... */
  unitIds?: readonly string[] | undefined;
  /** ...or so much of a pool. */
  part?: number | undefined;
}

export interface HoldRequest extends Wanted {
  reservationId: string;
  eventId?: string;
  firstUnitIndex?: number;
  holdMs?: number;
  terms?: HoldTerms;
  order?: OrderSoFar;
  stagesFull?: readonly string[];
  promotionsFull?: readonly string[];
}

export function selectionOf({ quantity = 1, together, unitIds, part }: Wanted): Selection {
  if (part !== undefined) return { kind: "pool", quantity: part };
  if (unitIds !== undefined) return { kind: "units", unitIds };
  return { kind: "best-available", quantity, ...(together !== undefined && { together }) };
}

export function holdCommand({
  quantity,
  together,
  unitIds,
  part,
  ...rest
}: HoldRequest): Commands["place-hold"] {
  return {
    kind: "place-hold",
    eventId: EVENT_ID,
    selection: selectionOf({ quantity, together, unitIds, part }),
    firstUnitIndex: 0,
    holdMs: HOLD_MS,
    ...rest,
  };
}
