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

/** What the price becomes, at a time or once the stage of now is sold out. */
export interface NextPrice {
  /** Null: once the stage of now is sold out. */
  startsAtMs: number | null;
  /** Null: the area's own price. */
  stage: { stageId: string; name: string } | null;
  priceInCents: number;
}

export interface CurrentPrice {
  priceInCents: number;
  stage: ToldStage | null;
  /** What follows the stage of now first, if it is a stage: null where the area's own price follows. */
  nextStage: {
    stageId: string;
    name: string;
    /** When it takes over at the latest; null: as soon as the stage of now is sold out. */
    startsAtMs: number | null;
    priceInCents: number;
  } | null;
  /** The price becomes that of whichever happens first. Absent from an older object. */
  nextPrices?: readonly NextPrice[];
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
  const soldOut = onceSoldOut(at, leftOut, stage);
  return {
    priceInCents: priceOf(settings, stage, promotion),
    stage: stage && toldStage(at, stage),
    nextStage: nextStageOf([...soldOut, ...byTime(at, leftOut, isOtherStage)]),
    nextPrices: [...soldOut, ...byTime(at, leftOut, isOtherPrice)],
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

/** At most one: what a hold gets that finds nothing left of the stage of now. */
function onceSoldOut(at: Moment, leftOut: LeftOut, current: SaleStage | null): NextPrice[] {
  if (current === null || !isLimited(current)) return [];
  const stagesFull = [...leftOut.stagesFull, current.stageId];
  return [nextPriceAt(at, { ...leftOut, stagesFull }, null)];
}

type IsOther = (then: NextPrice, now: NextPrice) => boolean;
const isOtherStage: IsOther = (then, now) => then.stage?.stageId !== now.stage?.stageId;
const isOtherPrice: IsOther = (then, now) =>
  isOtherStage(then, now) || then.priceInCents !== now.priceInCents;

/** At most one: the first moment that makes a difference, as if nothing were sold until then. */
function byTime(at: Moment, leftOut: LeftOut, isOther: IsOther): NextPrice[] {
  const now = nextPriceAt(at, leftOut, at.nowMs);
  for (const startsAtMs of changesAfter(at.settings, at.nowMs)) {
    const then = nextPriceAt(at, leftOut, startsAtMs);
    if (isOther(then, now)) return [then];
  }
  return [];
}

function nextPriceAt(at: Moment, leftOut: LeftOut, startsAtMs: number | null): NextPrice {
  const then = { ...at, nowMs: startsAtMs ?? at.nowMs };
  const stage = stageOf(then, leftOut.stagesFull);
  return {
    startsAtMs,
    stage: stage && { stageId: stage.stageId, name: stage.name ?? "" },
    priceInCents: priceOf(at.settings, stage, promotionOf(then, leftOut)),
  };
}

/** The first of them. Where both lead to the same stage and price, the time is told: then at the latest. */
function nextStageOf([first, second]: readonly NextPrice[]): CurrentPrice["nextStage"] {
  if (!first?.stage) return null;
  const isSame =
    second?.stage?.stageId === first.stage.stageId && second.priceInCents === first.priceInCents;
  const { startsAtMs } = isSame ? second : first;
  return { ...first.stage, startsAtMs, priceInCents: first.priceInCents };
}

/** The moments at which stages, or promotions without a code, begin or end, in order. */
function changesAfter({ stages = [], promotions = [] }: AreaSettings, nowMs: number): number[] {
  const times = [...stages, ...promotions.filter(({ code }) => code === null)].flatMap((each) => [
    each.startsAtMs,
    each.endsAtMs,
  ]);
  return times
    .filter((time) => time !== null)
    .filter((time) => time > nowMs)
    .toSorted((left, right) => left - right);
}

function isLimited({ unitsMax, poolId }: SaleStage): boolean {
  return unitsMax !== null || poolId !== undefined;
}
