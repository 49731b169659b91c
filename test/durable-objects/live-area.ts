// An area that exists twice: its rows in the run's Postgres, made through the API of the run's stack, and an object of
// the test's own runtime, named by the same id, that flushes into those rows.

import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { inject, vi } from "vitest";
import * as z from "zod";
import type {
  AreaInventoryMethods,
  AreaSettings,
  Unit,
} from "../../durable-objects/area-inventory/contract.ts";
import { methodsOver } from "../../src/adapters/area-inventory-methods.ts";
import { createDatabase } from "../../src/db/client.ts";
import type { Row } from "../../src/ports/database.ts";

declare module "vitest" {
  interface ProvidedContext {
    organizerToken: string;
  }
}

export const PROFILE_ID = "00000000-0000-4000-8000-000000000001";
export const HOLD_MS = 600_000;
export const PAYMENT_WINDOW_MS = 900_000;

export const database = createDatabase({
  url: env.DATABASE_URL,
  httpEndpoint: env.DATABASE_HTTP_ENDPOINT,
});

/** Asks Postgres as the seeded organizer. */
export function ask(text: string, ...parameters: unknown[]): Promise<Row[]> {
  return database.asTenant(PROFILE_ID).query(text, parameters);
}

type Stub = ReturnType<typeof env.AREA_INVENTORY.getByName>;

/** The object as the Worker calls it. */
export function objectOf(stub: Stub): AreaInventoryMethods {
  return methodsOver((question) => question(stub));
}

export interface LiveArea {
  areaId: string;
  settings: AreaSettings;
  units: readonly Unit[];
  stub: Stub;
  object: AreaInventoryMethods;
}

/**
 * The database client gives every call 15 s, and eviction waits for all timers of an object: calls of a test that evicts
 * get no such limit.
 */
export function withoutDatabaseTimeouts(): void {
  vi.spyOn(AbortSignal, "timeout").mockImplementation(() => new AbortController().signal);
}

/** An area with settings and units, in Postgres and in an object of this runtime. */
export async function openArea(
  quantity = 10,
  changes: Partial<AreaSettings> = {},
): Promise<LiveArea> {
  const { areaId, eventId } = await createRows(quantity);
  const { units: rows } = unitPage.parse(await call("GET", `/v1/areas/${areaId}/units?limit=500`));
  const units = rows.map(({ id, ...unit }, position) => ({ ...unit, unitId: id, position }));
  const settings: AreaSettings = {
    profileId: PROFILE_ID,
    eventId,
    currency: "COP",
    priceInCents: 9_500_000,
    serviceInCents: 500_000,
    unitsPerReservationMax: 10,
    isOpen: true,
    version: 1,
    ...changes,
  };
  const stub = env.AREA_INVENTORY.getByName(areaId);
  const object = objectOf(stub);
  await object.configureArea({ settings });
  await object.loadUnits({ units });
  return { areaId, settings, units, stub, object };
}

const withId = z.object({ id: z.string() });
const unitPage = z.object({
  units: z.array(
    z.object({ id: z.string(), row: z.number(), number: z.number(), label: z.string() }),
  ),
});

async function createRows(quantity: number): Promise<{ eventId: string; areaId: string }> {
  const event = {
    name: "Prueba",
    starts_at: "2031-03-19T20:00:00-05:00",
    ends_at: "2031-03-20T02:00:00-05:00",
  };
  const { id: eventId } = withId.parse(
    await call("POST", "/v1/events", { ...event, slug: crypto.randomUUID() }),
  );
  const area = { name: "Platea", price_in_cents: 9_500_000 };
  const { id: areaId } = withId.parse(await call("POST", `/v1/events/${eventId}/areas`, area));
  await call("POST", `/v1/areas/${areaId}/units/bulk`, { quantity });
  return { eventId, areaId };
}

async function call(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${env.PUBLIC_BASE_URL}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${inject("organizerToken")}`,
      "content-type": "application/json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  if (!response.ok)
    throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** A hold of best available units, with a fresh id unless it is given. */
export function holdOf(
  { settings }: LiveArea,
  quantity = 1,
  reservationId: string = crypto.randomUUID(),
) {
  return {
    reservationId,
    eventId: settings.eventId,
    selection: { kind: "best-available" as const, quantity },
    firstUnitIndex: 0,
    holdMs: HOLD_MS,
  };
}

/** The id of a reservation's unit, and of its ticket. */
export function ticketOf(reservationId: string, index: number): string {
  return reservationId.slice(0, -4) + index.toString(16).padStart(4, "0");
}

/** What the object has in its tables, read past its own code, so that no read expires anything. */
export function storedRows(stub: Stub, sql: string): Promise<Record<string, SqlStorageValue>[]> {
  return runInDurableObject(stub, (_object, state) => state.storage.sql.exec(sql).toArray());
}

export function alarmOf(stub: Stub): Promise<number | null> {
  return runInDurableObject(stub, (_object, state) => state.storage.getAlarm());
}

/** Polls in real time, whatever `Date` says: `vi.waitFor` would move a faked clock. */
export async function until(what: string, isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`never happened: ${what}`);
}

/** Waits until the object has sent everything to Postgres. */
export function flushed(stub: Stub): Promise<void> {
  return until(
    "an empty outbox",
    async () => (await storedRows(stub, "SELECT sequence FROM outbox")).length === 0,
  );
}

/** Makes Postgres unreachable for this runtime; everything else goes on. `back` ends it. */
export function takePostgresAway(): { attempts: (of?: LiveArea) => number; back: () => void } {
  const attempts: string[] = [];
  const real = globalThis.fetch;
  const spy = vi.spyOn(globalThis, "fetch").mockImplementation((input, init) => {
    const url = input instanceof Request ? input.url : String(input);
    if (!url.startsWith(env.DATABASE_HTTP_ENDPOINT)) return real(input, init);
    attempts.push(typeof init?.body === "string" ? init.body : "");
    return Promise.reject(new TypeError("Network connection lost."));
  });
  return {
    // Objects of other tests may try as well: those of one area, unless all are meant.
    attempts: (of) => attempts.filter((body) => body.includes(of?.areaId ?? "")).length,
    back: () => spy.mockRestore(),
  };
}
