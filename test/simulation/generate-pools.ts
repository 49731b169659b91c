// Pools: quantities that several areas share. One counts the units of stages, one the uses of promotions with one-use codes,
// one those of promotions without any.

import type { AreaSettings } from "../../durable-objects/area-inventory/core/commands.ts";
import { EVENT_ID, PROFILE_ID } from "./generate-areas.ts";
import { CODE_PREFIX, type PoolIds } from "./generate-terms.ts";
import type { Action, Step } from "./plan.ts";
import type { Random } from "./random.ts";

const CODES_MAX = 6;

const kinds = ["codes", "stages", "uses"] as const;

export interface PoolDraft {
  area: number;
  areaId: string;
  counts: (typeof kinds)[number];
}

/** After all areas: the fixed order in which parts are held is that of the numbers. */
export function draftPools(random: Random, areaCount: number): PoolDraft[] {
  return kinds
    .filter(() => random.chance(0.6))
    .map((counts, index) => ({ area: areaCount + index, areaId: `pool-of-${counts}`, counts }));
}

export function idsOf(pools: readonly PoolDraft[]): PoolIds {
  const idOf = (kind: PoolDraft["counts"]) =>
    pools.find(({ counts }) => counts === kind)?.areaId ?? null;
  return { codes: idOf("codes"), stages: idOf("stages"), uses: idOf("uses") };
}

/** Opened at the beginning, with codes in chunks; now and then larger or smaller. */
export function poolStory(random: Random, { area, counts }: PoolDraft, horizonMs: number): Step[] {
  const hasCodes = counts === "codes";
  const steps: Step[] = [];
  const send = (atMs: number, command: Extract<Action, { kind: "send" }>["command"]) => {
    steps.push({ kind: "send", area, command, atMs, latencyMs: 1 });
  };
  const configure = (atMs: number, version: number) =>
    send(atMs, { kind: "configure-area", settings: poolSettings(random, hasCodes, version) });
  configure(0, 1);
  const codes = Array.from({ length: CODES_MAX }, (_, index) => `${CODE_PREFIX}${index + 1}`);
  if (hasCodes) {
    const half = random.between(1, CODES_MAX);
    send(20, { kind: "load-codes", codes: codes.slice(0, half) });
    if (random.chance(0.8))
      send(random.between(30, horizonMs), { kind: "load-codes", codes: codes.slice(half - 1) });
    if (random.chance(0.3)) send(random.between(30, horizonMs), { kind: "load-codes", codes });
  }
  for (let version = 2; random.chance(0.6); version += 1)
    configure(Math.floor((horizonMs * version) / 8), version);
  return steps;
}

function poolSettings(random: Random, hasCodes: boolean, version: number): AreaSettings {
  return {
    profileId: PROFILE_ID,
    eventId: EVENT_ID,
    currency: "COP",
    priceInCents: 0,
    serviceInCents: 0,
    unitsPerReservationMax: 4,
    isOpen: random.chance(0.95),
    version,
    pool: {
      max: random.chance(0.2) ? null : random.between(1, 14),
      perBuyerMax: random.chance(0.6) ? null : random.between(1, 4),
      usesPerCodeMax: hasCodes ? random.between(1, 2) : null,
    },
  };
}
