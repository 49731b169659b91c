// Areas of all shapes, and what an organizer does with one: settings, chunks of units, prices that change, a sale that
// closes and opens again; some of it repeated, late, or wrong.

import type { AreaSettings, Unit } from "../../durable-objects/area-inventory/core/commands.ts";
import { type PoolIds, saleTerms } from "./generate-terms.ts";
import type { Action, SentCommand, Step } from "./plan.ts";
import type { Random } from "./random.ts";

export const PROFILE_ID = "organizer-1";
export const EVENT_ID = "event-1";

/** An area before its sale. */
export interface Draft {
  area: number;
  areaId: string;
  units: readonly Unit[];
  settings: AreaSettings;
  opensAtMs: number;
  /** Whether stages, promotions and limits come and go here. */
  hasTerms: boolean;
  pools: PoolIds;
}

export function draftArea(
  random: Random,
  area: number,
  { opensAtMs, pools }: { opensAtMs: number; pools: PoolIds },
): Draft {
  const areaId = `area-${String(area).padStart(3, "0")}`;
  const hasTerms = random.chance(0.6);
  const fromMs = opensAtMs;
  const size = random.chance(0.15) ? random.between(1, 4) : random.between(4, 60);
  const isSeated = random.chance(0.7);
  return {
    area,
    areaId,
    units: isSeated ? seats(random, areaId, size) : places(areaId, size),
    settings: {
      profileId: PROFILE_ID,
      eventId: EVENT_ID,
      currency: "COP",
      priceInCents: random.chance(0.5)
        ? random.between(1, 20) * 1_000_000
        : random.between(0, 900_001),
      serviceInCents: random.between(0, 5) * 100_000,
      unitsPerReservationMax: random.chance(0.1) ? 60 : random.between(3, 8),
      isOpen: true,
      version: 1,
      ...(hasTerms && saleTerms(random, { areaId, fromMs, pools })),
    },
    opensAtMs,
    hasTerms,
    pools,
  };
}

/** An area on sale at that time, mostly one of the newest. */
export function areaAt(random: Random, drafts: readonly Draft[], atMs: number): number {
  if (random.chance(0.05)) return random.between(0, drafts.length - 1);
  const newest = drafts.findLastIndex((draft) => draft.opensAtMs <= atMs);
  return Math.max(0, newest - random.between(0, 3));
}

function places(areaId: string, size: number): Unit[] {
  return Array.from({ length: size }, (_, position) => {
    return { position, unitId: `${areaId}-${position}`, row: 0, number: position + 1, label: "G" };
  });
}

/** Rows of different lengths; now and then an aisle, which is a number left out. */
function seats(random: Random, areaId: string, size: number): Unit[] {
  const units: Unit[] = [];
  for (let row = 1; units.length < size; row += 1) {
    const length = Math.min(random.between(1, 12), size - units.length);
    let number = 1;
    for (let seat = 0; seat < length; seat += 1) {
      const position = units.length;
      units.push({
        position,
        unitId: `${areaId}-${position}`,
        row,
        number,
        label: `${row}-${number}`,
      });
      number += random.chance(0.05) ? 2 : 1;
    }
  }
  return units;
}

export function openingStory(random: Random, draft: Draft): Step[] {
  const { area, opensAtMs, settings, units } = draft;
  const steps: Step[] = [];
  const add = (atMs: number, action: Action) => {
    steps.push({ ...action, atMs: Math.max(0, Math.round(atMs)), latencyMs: 1 });
  };
  const send = (atMs: number, command: SentCommand) => add(atMs, { kind: "send", area, command });
  const configure = (atMs: number, changed: Partial<AreaSettings>, base = settings) =>
    send(atMs, { kind: "configure-area", settings: { ...base, ...changed } });
  const load = (atMs: number, chunk: readonly Unit[]) =>
    send(atMs, { kind: "load-units", units: chunk });

  configure(opensAtMs, { isOpen: random.chance(0.9) });
  const chunks = chunksOf(random, units);
  for (const [index, chunk] of chunks.entries()) {
    // Later chunks often come at a round time, when buyers come together.
    const laterMs = opensAtMs - (opensAtMs % 200) + 1_000 * index;
    const atMs = index > 0 && random.chance(0.6) ? laterMs : opensAtMs + 10 + index;
    load(atMs, random.chance(0.1) ? chunk.toReversed() : chunk);
    if (random.chance(0.2)) load(atMs + random.pick([0, 300, 4_000]), chunk);
  }
  configure(opensAtMs + 100, { version: 2 });
  const [first] = units;
  if (first !== undefined && random.chance(0.3)) {
    // At a round time, when buyers come together.
    const atMs = opensAtMs - (opensAtMs % 200) + 200 * random.between(1, 40);
    load(atMs, wrongChunk(random, draft, first));
  }
  let version = 2;
  let atMs = opensAtMs;
  while (random.chance(0.5)) {
    version += 1;
    atMs += random.between(500, 12_000);
    const changed = changedSettings(random, draft, atMs);
    configure(atMs, { version, isOpen: random.chance(0.6) }, changed);
    configure(atMs + 1_500, { version: version + 1 }, changed);
    // An older version comes last.
    if (random.chance(0.3)) configure(atMs + 2_000, { version });
    version += 1;
  }
  // Called off while people hold and pay.
  const cancelled = { version: version + 1, isOpen: false, isCancelled: true };
  if (random.chance(0.05)) configure(atMs + random.between(3_000, 20_000), cancelled);
  return steps;
}

/** Another price now and then, other terms; or none any more. */
function changedSettings(
  random: Random,
  { areaId, settings, hasTerms, pools }: Draft,
  fromMs: number,
): AreaSettings {
  const { stages: _stages, promotions: _promotions, unitsPerBuyerMax: _max, ...rest } = settings;
  const { salesStartAtMs: _start, salesEndAtMs: _end, ...plain } = rest;
  const priceInCents = settings.priceInCents + random.between(0, 1) * 500_000;
  if (!hasTerms || random.chance(0.3)) return { ...settings, priceInCents };
  if (random.chance(0.1)) return { ...plain, priceInCents };
  return { ...plain, priceInCents, ...saleTerms(random, { areaId, fromMs, pools }) };
}

function chunksOf(random: Random, units: readonly Unit[]): Unit[][] {
  const chunks: Unit[][] = [];
  const length = Math.ceil(units.length / random.between(1, 4));
  for (let from = 0; from < units.length; from += length) {
    // Rarely a unit is left out for ever.
    const skipped = random.chance(0.05) ? 1 : 0;
    chunks.push(units.slice(from + skipped, from + length));
  }
  return chunks.filter((chunk) => chunk.length > 0);
}

/** Chunks that must be refused: another unit for a position, another position for a unit, a new unit twice. */
function wrongChunk(random: Random, { areaId, units }: Draft, first: Unit): Unit[] {
  const position = units.length + 5;
  const stranger: Unit = { ...first, unitId: `${areaId}-stranger` };
  const newcomer: Unit = { ...first, unitId: `${areaId}-newcomer`, position };
  return random.pick([
    [stranger],
    [{ ...first, position }, newcomer],
    [newcomer, newcomer],
    [newcomer, { ...newcomer, position: position + 1 }],
  ]);
}
