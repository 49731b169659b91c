// The Worker's HTTP interface as the bench prepares its areas with it, and the bench's own routes.

import { z } from "zod";
import { call } from "../dev/journey.ts";
import type { BenchStack } from "./stack.ts";

const idShape = z.object({ id: z.string() });
const eventShape = z.object({ id: z.string(), slug: z.string() });
const outboxShape = z.object({ rows: z.number() });
const countedUnitsShape = z.record(z.string(), z.number());
const countedRowsShape = z.object({
  rowsWritten: z.number(),
  rowsRead: z.number(),
  alarmsSet: z.number(),
  statements: z.array(z.object({ text: z.string(), calls: z.number(), rowsWritten: z.number() })),
});

export type CountedRows = z.infer<typeof countedRowsShape>;

export interface Area {
  eventId: string;
  slug: string;
  areaId: string;
}

/** Most units one call makes. */
const UNITS_PER_CALL = 100_000;

export class Api {
  readonly #base: string;
  readonly #token: string;

  constructor({ apiPort, organizerToken }: BenchStack) {
    this.#base = `http://127.0.0.1:${apiPort}`;
    this.#token = organizerToken;
  }

  async createEvent(name: string): Promise<{ id: string; slug: string }> {
    const startsAt = Date.now() + 30 * 24 * 3_600_000;
    return this.#ask(eventShape, "/v1/events", {
      name,
      event_type: "concert",
      starts_at: new Date(startsAt).toISOString(),
      ends_at: new Date(startsAt + 4 * 3_600_000).toISOString(),
    });
  }

  async createArea(
    event: { id: string; slug: string },
    name: string,
    units: number,
  ): Promise<Area> {
    const body = { name, price_in_cents: 5_000_000, service_in_cents: 500_000 };
    const { id: areaId } = await this.#ask(idShape, `/v1/events/${event.id}/areas`, body);
    for (let left = units; left > 0; left -= UNITS_PER_CALL) {
      const path = `/v1/areas/${areaId}/units/bulk`;
      await this.#ask(z.unknown(), path, { quantity: Math.min(left, UNITS_PER_CALL) });
    }
    return { eventId: event.id, slug: event.slug, areaId };
  }

  publish(eventId: string): Promise<unknown> {
    return this.#ask(z.unknown(), `/v1/events/${eventId}/publish`, undefined);
  }

  sell(area: Area, reservations: number): Promise<string[]> {
    const { eventId, areaId } = area;
    return this.#ask(z.array(z.string()), "/bench/sell", { eventId, areaId, reservations });
  }

  switchEffects(to: "on" | "off"): Promise<unknown> {
    return this.#ask(z.unknown(), `/bench/effects/${to}`, undefined);
  }

  async outboxRows(areaId: string): Promise<number> {
    return (await this.#read(outboxShape, `/bench/areas/${areaId}/outbox`)).rows;
  }

  countedUnits(areaId: string): Promise<Record<string, number>> {
    return this.#read(countedUnitsShape, `/bench/areas/${areaId}/units`);
  }

  availability({ slug, areaId }: Area) {
    const shape = z.object({ available: z.number(), held: z.number(), sold: z.number() });
    return this.#read(shape, `/v1/public/events/${slug}/areas/${areaId}/availability`);
  }

  startCounting(areaId: string): Promise<unknown> {
    return this.#ask(z.unknown(), `/bench/areas/${areaId}/count/start`, undefined);
  }

  stopCounting(areaId: string): Promise<CountedRows> {
    return this.#ask(countedRowsShape, `/bench/areas/${areaId}/count/stop`, undefined);
  }

  #ask<Shape>(shape: z.ZodType<Shape>, path: string, body: unknown): Promise<Shape> {
    return this.#call(shape, path, { method: "POST", body });
  }

  #read<Shape>(shape: z.ZodType<Shape>, path: string): Promise<Shape> {
    return this.#call(shape, path, { method: "GET", body: undefined });
  }

  async #call<Shape>(
    shape: z.ZodType<Shape>,
    path: string,
    { method, body }: { method: string; body: unknown },
  ): Promise<Shape> {
    const answer = await call(`${this.#base}${path}`, method, { token: this.#token, body });
    if (answer.status >= 300)
      throw new Error(
        `${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`,
      );
    return shape.parse(answer.body);
  }
}

const PATIENCE_MILLISECONDS = 120_000;

/** Looks every few milliseconds until it is so; throws after two minutes. */
export async function until(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + PATIENCE_MILLISECONDS;
  while (!(await isSo())) {
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
