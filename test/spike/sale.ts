// The event everybody wants: its areas, each at a price of its own, and what all of its buyers share.

import { z } from "zod";
import type { Stack } from "../../dev/stack.ts";
import { type Shop, openShop } from "../support/shop.ts";
import { Gate } from "./gate.ts";
import { SpikeLedger } from "./ledger.ts";

/** Payments under way at the same time, each from its start until it has ended. */
const PAYING_MAX = 16;
/** Requests to hold under way at the same time. */
const HOLDING_MAX = 16;
/** The same while payers wait in line: the crowd runs on the shop's own processors, and must not starve its till. */
const HOLDING_MAX_WHILE_PAYERS_WAIT = 4;

export interface Sale {
  api: string;
  shop: Shop;
  eventId: string;
  areas: { areaId: string; unitIds: string[] }[];
  ledger: SpikeLedger;
  holdMilliseconds: number;
  holding: Gate;
  paying: Gate;
  /** Everything is sold, or it was given up. */
  isOver: boolean;
  /** Not everything will be sold, so nobody needs to come any more. */
  isGivenUp: boolean;
}

const countShape = z.tuple([z.object({ count: z.number() })]);

export async function openSale(
  { addresses, tokens, workerVariables }: Stack,
  { seats, areas: areaCount }: { seats: number; areas: number },
): Promise<Sale> {
  const { api } = addresses;
  const shop = openShop({ ...addresses, organizerToken: tokens.organizerToken });
  const event = await shop.publishEvent(
    Array.from({ length: areaCount }, (_, index) => ({
      units: Math.floor(seats / areaCount) + (index < seats % areaCount ? 1 : 0),
      // Money that ends in the wrong area shows.
      priceInCents: 5_000_000 + 1_510_000 * index,
      serviceInCents: 250_000 + 37_000 * index,
    })),
  );
  const areas = await Promise.all(
    event.areaIds.map(async (areaId) => {
      const units = await shop.units(areaId);
      return { areaId, unitIds: units.map(({ id }) => id) };
    }),
  );
  const paying = new Gate(() => PAYING_MAX);
  return {
    api,
    shop,
    eventId: event.eventId,
    areas,
    ledger: new SpikeLedger(),
    holdMilliseconds: Number(workerVariables["HOLD_SECONDS"]) * 1_000,
    holding: new Gate(() => (paying.hasQueue ? HOLDING_MAX_WHILE_PAYERS_WAIT : HOLDING_MAX)),
    paying,
    isOver: false,
    isGivenUp: false,
  };
}

/** Seats that Postgres has as sold. */
export async function soldSeats({ shop, areas }: Sale): Promise<number> {
  const { rows } = await shop.database.query(
    "SELECT count(*)::int FROM units WHERE area_id = ANY($1) AND status = 'sold'",
    [areas.map(({ areaId }) => areaId)],
  );
  return countShape.parse(rows)[0].count;
}
