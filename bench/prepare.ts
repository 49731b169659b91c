// The areas every case works in, made over HTTP as an organizer makes them, and the tables of the reference hold.

import type { Pool } from "pg";
import { createTicketTokens } from "../src/adapters/ticket-tokens.ts";
import type { Api, Area } from "./api.ts";
import type { Sizes } from "./plan.ts";
import type { BenchStack } from "./stack.ts";

export interface Prepared {
  hold: Area;
  /** Compared with Postgres, which has a copy of their units for the reference hold. */
  indexed: Area;
  plain: Area;
  large: Area;
  small: Area[];
  named: Area;
  purchase: Area;
  gate: Area;
  count: Area;
  /** Bodies of POST /v1/qr/validate, one for each sold ticket. */
  scans: string[];
  /** Bodies of holds that name their units, two neighbours each. */
  namedHolds: string[];
  /** Seconds the largest area took: its units into Postgres, and from there into its object. */
  largeSeconds: { create: number; publish: number };
}

/** Tickets sold in one call. */
const RESERVATIONS_PER_CALL = 100;
const UNITS_PER_RESERVATION = 10;

export async function prepare(stack: BenchStack, api: Api, sizes: Sizes): Promise<Prepared> {
  const areaOfItsOwn = async (name: string, units: number): Promise<Area> => {
    const event = await api.createEvent(name);
    const area = await api.createArea(event, name, units);
    await api.publish(event.id);
    return area;
  };
  const hold = await areaOfItsOwn("hold", sizes.holdUnits);
  const indexed = await areaOfItsOwn("indexed", sizes.postgresUnits);
  const plain = await areaOfItsOwn("plain", sizes.postgresUnits);
  const named = await areaOfItsOwn("named", sizes.namedUnits);
  const purchase = await areaOfItsOwn("purchase", sizes.purchaseUnits);
  const gate = await areaOfItsOwn("gate", sizes.soldTickets);
  const count = await areaOfItsOwn("count", sizes.countedPurchases * 10);

  const smallEvent = await api.createEvent("small");
  const small: Area[] = [];
  for (let index = 0; index < sizes.smallAreas; index += 1) {
    small.push(await api.createArea(smallEvent, `small ${index}`, sizes.smallUnits));
  }
  await api.publish(smallEvent.id);

  const startedAt = performance.now();
  const largeEvent = await api.createEvent("large");
  const large = await api.createArea(largeEvent, "large", sizes.largeUnits);
  const createdAt = performance.now();
  await api.publish(largeEvent.id);
  const publishedAt = performance.now();

  await copyTables(stack.database, { indexed, plain });
  return {
    hold,
    indexed,
    plain,
    large,
    small,
    named,
    purchase,
    gate,
    count,
    scans: await sellTickets(stack, { api, area: gate, tickets: sizes.soldTickets }),
    namedHolds: await namedHolds(stack.database, named),
    largeSeconds: {
      create: (createdAt - startedAt) / 1000,
      publish: (publishedAt - createdAt) / 1000,
    },
  };
}

/** A hold of two units, the best available ones. */
export function holdBody({ eventId, areaId }: Area): string {
  return JSON.stringify({ event_id: eventId, items: [{ area_id: areaId, quantity: 2 }] });
}

async function sellTickets(
  { settings }: BenchStack,
  { api, area, tickets }: { api: Api; area: Area; tickets: number },
): Promise<string[]> {
  const signer = createTicketTokens({ signingKey: settings.required.TICKET_SIGNING_KEY });
  const scans: string[] = [];
  await api.switchEffects("off");
  while (scans.length < tickets) {
    const ids = await api.sell(
      area,
      Math.min(RESERVATIONS_PER_CALL, Math.ceil((tickets - scans.length) / UNITS_PER_RESERVATION)),
    );
    for (const reservationUnitId of ids)
      scans.push(await scanBody(signer, { reservationUnitId, areaId: area.areaId }));
  }
  return scans;
}

/** The body a scanner sends for a ticket that was just sold. */
export async function scanBody(
  signer: ReturnType<typeof createTicketTokens>,
  ticket: { reservationUnitId: string; areaId: string },
): Promise<string> {
  return JSON.stringify({
    token: await signer.sign({ ...ticket, serial: 1 }),
    gate: "Puerta norte",
  });
}

async function namedHolds(database: Pool, { eventId, areaId }: Area): Promise<string[]> {
  const { rows } = await database.query<{ id: string }>(
    "SELECT id FROM units WHERE area_id = $1 ORDER BY position",
    [areaId],
  );
  const ids = rows.map((row) => row.id);
  return Array.from({ length: Math.floor(ids.length / 2) }, (_, index) =>
    JSON.stringify({
      event_id: eventId,
      items: [{ area_id: areaId, unit_ids: ids.slice(index * 2, index * 2 + 2) }],
    }),
  );
}

/**
 * The product's tables twice more for the reference hold: as they are, with all their indexes, and with the best index that
 * hold can have besides. In the product's own tables that index would burden the product, which needs none.
 */
async function copyTables(database: Pool, areas: Record<string, Area>): Promise<void> {
  for (const [name, { areaId }] of Object.entries(areas)) {
    const schema = `bench_${name}`;
    await database.query(`
      CREATE SCHEMA ${schema};
      CREATE TABLE ${schema}.units (LIKE public.units INCLUDING ALL);
      CREATE TABLE ${schema}.reservations (LIKE public.reservations INCLUDING ALL);
      CREATE TABLE ${schema}.reservation_units (LIKE public.reservation_units INCLUDING ALL,
        FOREIGN KEY (reservation_id) REFERENCES ${schema}.reservations (id),
        FOREIGN KEY (unit_id) REFERENCES ${schema}.units (id));
      INSERT INTO ${schema}.units SELECT * FROM public.units WHERE area_id = '${areaId}'`);
  }
  await database.query(
    "CREATE INDEX ON bench_indexed.units (area_id, position) WHERE status = 'available'",
  );
  await database.query("VACUUM ANALYZE bench_plain.units, bench_indexed.units");
}
