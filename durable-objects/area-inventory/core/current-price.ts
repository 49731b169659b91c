// What one unit costs at this moment, before its fee, and what comes next: what buyers are shown. Decided as a hold of one
// unit would be; what has no room in its pool is told by whoever asks, because a pool is an object of its own.

import type { AreaSettings, PoolUse, Promotion, SaleStage } from "./commands.ts";
import { pricesOf } from "./price-units.ts";
import { choosePromotion } from "./promotion.ts";
import { type Counts, leftOf, quotaKeys } from "./quotas.ts";
import { chooseStage } from "./sale-stage.ts";

/** What is left out, as in a hold. */
export interface LeftOut {
  stagesFull: readonly string[];
  promotionsFull: readonly string[];
}

/** A stage that sets a price, as buyers are told of it. */
export interface ToldStage {
  stageId: string;
  name: string;
  endsAtMs: number | null;
  /** Units left of it in this area; null: any number, or as many as its pool has. */
  left: number | null;
}

export interface CurrentPrice {
  priceInCents: number;
  stage: ToldStage | null;
  /** What follows by time; where nothing does, what follows once the stage of now is sold out. */
  nextStage: {
    stageId: string;
    name: string;
    /** When it takes over; null: as soon as the stage of now is sold out. */
    startsAtMs: number | null;
    priceInCents: number;
  } | null;
  /** The price holds while these have room. */
  pools: readonly Omit<PoolUse, "quantity">[];
}

interface Moment {
  view: Counts;
  settings: AreaSettings;
  nowMs: number;
}

export function currentPrice(at: Moment, leftOut: LeftOut): CurrentPrice {
  const { settings } = at;
  const stage = stageOf(at, leftOut.stagesFull);
  const promotion = promotionOf(at, leftOut);
  return {
    priceInCents: priceOf(settings, stage, promotion),
    stage: stage && toldStage(at, stage),
    nextStage: nextStageOf(at, leftOut, stage),
    pools: [
      ...(stage?.poolId === undefined ? [] : [{ poolId: stage.poolId, stageId: stage.stageId }]),
      ...(promotion?.poolId === undefined ? [] : [{ poolId: promotion.poolId }]),
    ],
  };
}

export function toldStage(
  { view, settings }: Omit<Moment, "nowMs">,
  { stageId, name = "", endsAtMs }: SaleStage,
): ToldStage {
  return { stageId, name, endsAtMs, left: leftOf(view, settings, quotaKeys.stage(stageId)) };
}

function stageOf(at: Moment, stagesFull: readonly string[]): SaleStage | null {
  const chosen = chooseStage(at, { quantity: 1, stageId: undefined, stagesFull });
  return "stage" in chosen ? chosen.stage : null;
}

/** One that needs no code. */
function promotionOf(at: Moment, { promotionsFull }: LeftOut): Promotion | null {
  const request = { code: undefined, units: 1, buyerId: undefined, promotionsFull };
  const chosen = choosePromotion(at, request);
  return "promotion" in chosen ? chosen.promotion : null;
}

function priceOf(
  { priceInCents }: AreaSettings,
  stage: SaleStage | null,
  promotion: Promotion | null,
): number {
  const order = { units: 1, discountInCents: 0 };
  const [unit] = pricesOf(priceInCents, 1, { stage, promotion, order });
  return unit?.priceInCents ?? priceInCents;
}

function nextStageOf(
  at: Moment,
  leftOut: LeftOut,
  current: SaleStage | null,
): CurrentPrice["nextStage"] {
  const { settings, nowMs } = at;
  const toldOf = (stage: SaleStage, startsAtMs: number | null) => ({
    stageId: stage.stageId,
    name: stage.name ?? "",
    startsAtMs,
    priceInCents: priceOf(
      settings,
      stage,
      promotionOf({ ...at, nowMs: startsAtMs ?? nowMs }, leftOut),
    ),
  });
  for (const changeMs of changesAfter(settings, nowMs)) {
    const next = stageOf({ ...at, nowMs: changeMs }, leftOut.stagesFull);
    if (next !== null && next.stageId !== current?.stageId) return toldOf(next, changeMs);
  }
  if (current === null || !isLimited(current)) return null;
  const following = stageOf(at, [...leftOut.stagesFull, current.stageId]);
  return following && toldOf(following, null);
}

/** The moments at which stages begin or end, in order. */
function changesAfter({ stages = [] }: AreaSettings, nowMs: number): number[] {
  const times = stages.flatMap(({ startsAtMs, endsAtMs }) => [startsAtMs, endsAtMs]);
  return times
    .filter((time) => time !== null)
    .filter((time) => time > nowMs)
    .toSorted((left, right) => left - right);
}

function isLimited({ unitsMax, poolId }: SaleStage): boolean {
  return unitsMax !== null || poolId !== undefined;
}
