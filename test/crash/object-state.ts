// What the Durable Objects hold, read from their SQLite files on disk rather than asked of their code. Reads only.

import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";

const json = z.string().transform((text): unknown => JSON.parse(text));
const unitShape = z.object({
  reservationUnitId: z.string(),
  unitId: z.string(),
  position: z.number(),
  label: z.string(),
  priceInCents: z.number(),
  serviceInCents: z.number(),
});
const ticketShape = z.object({
  reservationUnitId: z.string(),
  serial: z.number(),
  admittedAtMs: z.number().nullable(),
  scanId: z.string().nullable(),
  gate: z.string().nullable(),
});
const stateShape = z.enum(["held", "sold", "released", "expired", "refund-due"]);
const reservationShape = z
  .object({
    reservation_id: z.string(),
    state: stateShape,
    selection: json,
    hold_expires_at_ms: z.number(),
    expires_at_ms: z.number(),
    payment_id: z.string().nullable(),
    units_replaced: z.number(),
    units: json.pipe(z.array(unitShape)),
    tickets: json.pipe(z.array(ticketShape)),
  })
  .transform((row) => ({
    reservationId: row.reservation_id,
    state: row.state,
    selection: row.selection,
    holdExpiresAtMs: row.hold_expires_at_ms,
    expiresAtMs: row.expires_at_ms,
    paymentId: row.payment_id,
    unitsReplaced: row.units_replaced === 1,
    units: row.units,
    tickets: row.tickets,
  }));
const areaShape = z.object({
  available: z.number(),
  held: z.number(),
  sold: z.number(),
  blocked: z.number(),
  sequence: z.number(),
});
const blockShape = z.object({ start: z.number(), states: z.instanceof(Uint8Array) });
const unitRowShape = z.object({ unit_id: z.string(), position: z.number() });
const countShape = z.object({ count: z.number() });

const STATES = ["available", "held", "sold", "blocked"] as const;
export type UnitState = (typeof STATES)[number];
export type ReservationState = z.infer<typeof stateShape>;
export type StoredReservation = z.infer<typeof reservationShape>;

/** One area as its object has it on disk. */
export interface ObjectState {
  counts: Record<UnitState, number>;
  sequence: number;
  /** By unit id; as the blocks have it. */
  units: Map<string, UnitState>;
  reservations: Map<string, StoredReservation>;
  outboxRows: number;
}

function objectFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory).filter((name) => /^[0-9a-f]{64}\.sqlite$/.test(name));
}

function readObject(path: string): ObjectState {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const all = (text: string) => database.prepare(text).all();
    const { sequence, ...counts } = areaShape.parse(all("SELECT * FROM area")[0]);
    const stateOf = new Map<number, UnitState>();
    for (const { start, states } of z.array(blockShape).parse(all("SELECT * FROM block"))) {
      for (const [index, state] of states.entries()) {
        stateOf.set(start + index, z.enum(STATES).parse(STATES[state]));
      }
    }
    const units = z.array(unitRowShape).parse(all("SELECT unit_id, position FROM unit"));
    const reservations = z.array(reservationShape).parse(all("SELECT * FROM reservation"));
    const [outbox] = z.array(countShape).parse(all("SELECT count(*) AS count FROM outbox"));
    return {
      counts,
      sequence,
      units: new Map(
        units.map((unit) => {
          const state = stateOf.get(unit.position);
          if (state === undefined) throw new Error(`unit ${unit.unit_id} is in no block`);
          return [unit.unit_id, state];
        }),
      ),
      reservations: new Map(reservations.map((row) => [row.reservationId, row])),
      outboxRows: outbox?.count ?? 0,
    };
  } finally {
    database.close();
  }
}

/** Every area of a runtime that has stopped. */
export function readObjects(directory: string): ObjectState[] {
  return objectFiles(directory).map((name) => readObject(join(directory, name)));
}

/**
 * Outbox rows over all areas of a running runtime, counted in copies of its files, so that the counting cannot get in
 * its way. Undefined when a copy was torn.
 */
export function waitingOutboxRows(directory: string): number | undefined {
  const copies = mkdtempSync(join(tmpdir(), "waro-crash-copy-"));
  try {
    let rows = 0;
    for (const name of objectFiles(directory)) {
      copyFileSync(join(directory, name), join(copies, name));
      const log = `${name}-wal`;
      if (existsSync(join(directory, log))) copyFileSync(join(directory, log), join(copies, log));
      const database = new DatabaseSync(join(copies, name));
      try {
        const row = database.prepare("SELECT count(*) AS count FROM outbox").get();
        rows += countShape.parse(row).count;
      } finally {
        database.close();
      }
    }
    return rows;
  } catch {
    return undefined;
  } finally {
    rmSync(copies, { recursive: true, force: true });
  }
}
