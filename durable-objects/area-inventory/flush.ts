// Plans what a flush sends to Postgres and when the object must wake. Pure: no clock, storage or network.

import type { InventoryEffect, ProjectedReservation, ProjectedUnit } from "./contract.ts";

/** What one drained batch of commands changed: one outbox row. */
export interface OutboxBody {
  /** The batch's time. Absent from rows that an older version wrote. */
  atMs?: number;
  reservations: ProjectedReservation[];
  units: ProjectedUnit[];
  effects: InventoryEffect[];
}

export interface OutboxRow {
  sequence: number;
  body: OutboxBody;
}

export interface FlushPlan extends Omit<OutboxBody, "atMs"> {
  /** Outbox rows up to and including this one are done when the flush has succeeded. */
  throughSequence: number;
}

/** Outbox rows in one flush: bounds the work lost when it fails. */
export const FLUSH_ROWS_MAX = 200;

/**
 * And their bytes: bounds the object's memory and the time Postgres takes, also after an outage in a spike, when each row has
 * hundreds of holds. A single larger row goes by itself.
 */
export const FLUSH_BYTES_MAX = 4_000_000;

/**
 * How long a flush that nobody waits for lets rows gather after the last one: under load, Postgres then gets few large
 * writes instead of many small ones.
 */
export const FLUSH_PAUSE_MS = 100;

const RETRY_FIRST_MS = 2_000;
const RETRY_LAST_MS = 60_000;

/**
 * Merges outbox rows into one write: of each reservation and unit only the newest state. `rows` come in order of
 * sequence; null when there is nothing to send.
 */
export function planFlush(rows: readonly OutboxRow[]): FlushPlan | null {
  const last = rows.at(-1);
  if (last === undefined) return null;
  const reservations = new Map<string, ProjectedReservation>();
  const units = new Map<string, ProjectedUnit>();
  const effects: InventoryEffect[] = [];
  for (const { body } of rows) {
    for (const reservation of body.reservations)
      reservations.set(reservation.reservationId, reservation);
    for (const unit of body.units) units.set(unit.unitId, unit);
    effects.push(...body.effects);
  }
  return {
    throughSequence: last.sequence,
    reservations: [...reservations.values()],
    units: [...units.values()],
    effects,
  };
}

/** How long to wait after `failures` failed flushes in a row. */
export function retryDelayMs(failures: number): number {
  return Math.min(RETRY_LAST_MS, RETRY_FIRST_MS * 2 ** Math.max(0, failures - 1));
}

/**
 * When the alarm must ring: at the earliest hold expiry, or for the outbox. Null when neither is waiting. Never
 * earlier than a moment from now: an alarm set for the past may never ring.
 */
export function nextWakeMs(
  waiting: { firstExpiryMs: number | null; outboxWaits: boolean; failures: number },
  nowMs: number,
): number | null {
  const outboxMs = waiting.outboxWaits ? nowMs + retryDelayMs(waiting.failures) : null;
  const times = [waiting.firstExpiryMs, outboxMs].filter((time) => time !== null);
  return times.length === 0 ? null : Math.max(nowMs + 1, Math.min(...times));
}

/** Whether the alarm must be set to `wantedMs`: it is unset, past due or too late. It is never moved later. */
export function mustArm(
  armedMs: number | null,
  wantedMs: number | null,
  nowMs: number,
): wantedMs is number {
  if (wantedMs === null) return false;
  return armedMs === null || armedMs <= nowMs || armedMs > wantedMs;
}
