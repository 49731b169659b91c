// The event the buyers fight over: two areas large enough for the whole run, and a small one that is nearly always full,
// where every unit goes from hand to hand.

import { z } from "zod";
import { call } from "../../dev/journey.ts";

export interface Sale {
  eventId: string;
  /** Enough for everybody. */
  largeAreaIds: readonly [string, string];
  /** Few units; what is held there is mostly given back. */
  smallAreaId: string;
}

const createdShape = z.object({ id: z.string() });

interface Organizer {
  api: string;
  token: string;
}

async function create({ api, token }: Organizer, path: string, body: unknown): Promise<unknown> {
  const answer = await call(`${api}/v1${path}`, "POST", { token, body });
  if (answer.status >= 300) throw new Error(`${path} answered ${JSON.stringify(answer.body)}`);
  return answer.body;
}

async function createArea(organizer: Organizer, eventId: string, name: string, units: unknown) {
  const price = { price_in_cents: 9_500_000, service_in_cents: 500_000 };
  const body = { name, ...price };
  const { id } = createdShape.parse(await create(organizer, `/events/${eventId}/areas`, body));
  await create(organizer, `/areas/${id}/units/bulk`, units);
  return id;
}

/** Publishes the event; `rounds` decides how many units are needed. */
export async function openSale(organizer: Organizer, rounds: number): Promise<Sale> {
  const startsAt = Date.now() + 30 * 24 * 3600 * 1000;
  const event = await create(organizer, "/events", {
    name: "Concierto de las caídas",
    event_type: "concert",
    starts_at: new Date(startsAt).toISOString(),
    ends_at: new Date(startsAt + 4 * 3600 * 1000).toISOString(),
  });
  const { id: eventId } = createdShape.parse(event);
  const seats = { rows: { from: 1, to: 20 + 10 * rounds }, numbers: { from: 1, to: 50 } };
  const platea = await createArea(organizer, eventId, "Platea", seats);
  const general = await createArea(organizer, eventId, "General", {
    quantity: 1000 + 500 * rounds,
  });
  const smallAreaId = await createArea(organizer, eventId, "Palco", {
    rows: { from: 1, to: 1 + Math.ceil(rounds / 4) },
    numbers: { from: 1, to: 10 },
  });
  await create(organizer, `/events/${eventId}/publish`, undefined);
  return { eventId, largeAreaIds: [platea, general], smallAreaId };
}
