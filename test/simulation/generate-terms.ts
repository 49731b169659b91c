// What organizers set beside an area's price (stages, promotions, limits, people per unit) and what buyers bring to it: the
// right terms, yesterday's, and made-up ones.

import type {
  AreaSettings,
  HoldTerms,
  PriceAdjustment,
  Promotion,
  SaleStage,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { START_MS } from "./event-loop.ts";
import { plainPrices } from "./plain-prices.ts";
import type { Random } from "./random.ts";

/** The pools of a plan; null where it has none. */
export interface PoolIds {
  /** Counts the units of stages. */
  stages: string | null;
  /** Counts the uses of promotions, each with a code of its own. */
  codes: string | null;
  /** Counts the uses of promotions without a code. */
  uses: string | null;
}

export type SaleTerms = Pick<
  AreaSettings,
  | "stages"
  | "promotions"
  | "otherCodes"
  | "unitsPerBuyerMax"
  | "peoplePerUnit"
  | "allowsReentry"
  | "salesStartAtMs"
  | "salesEndAtMs"
>;

export const CODE_PREFIX = "VIP-";
const BUYERS = 7;
const CODES = ["SPRING", "FRIENDS"];

/** Areas without any of this are as many as those with all of it. */
export function saleTerms(
  random: Random,
  { areaId, fromMs, pools }: { areaId: string; fromMs: number; pools: PoolIds },
): SaleTerms {
  const count = random.chance(0.6) ? random.between(1, 3) : 0;
  const stages = Array.from({ length: count }, (_, index) =>
    stage(random, `${areaId}-stage-${index}`, { fromMs, pools }),
  );
  const promotions = random.chance(0.6)
    ? promotionsOf(random, areaId, { fromMs, pools }).filter(() => random.chance(0.5))
    : [];
  return {
    // In any order: the first that is on and has room sets the price.
    ...(count > 0 && { stages: random.chance(0.5) ? stages : stages.toReversed() }),
    ...(promotions.length > 0 && { promotions }),
    // Of other areas and of former times; some of those of now are among them, which go first.
    ...(CODES.length > promotions.length && {
      otherCodes: [
        { code: CODES[0] ?? null, reason: "other_area" as const },
        { code: null, codePrefix: CODE_PREFIX, reason: "over" as const },
      ],
    }),
    ...(random.chance(0.4) && { unitsPerBuyerMax: random.between(1, 6) }),
    ...(random.chance(0.3) && { peoplePerUnit: random.between(1, 3) }),
    ...(random.chance(0.3) && { allowsReentry: random.chance(0.8) }),
    ...(random.chance(0.15) && { salesStartAtMs: START_MS + fromMs + random.between(0, 3_000) }),
    ...(random.chance(0.15) && { salesEndAtMs: START_MS + fromMs + random.between(6_000, 20_000) }),
  };
}

function stage(
  random: Random,
  stageId: string,
  { fromMs, pools }: { fromMs: number; pools: PoolIds },
): SaleStage {
  const isPooled = pools.stages !== null && random.chance(0.4);
  return {
    stageId,
    adjustment: adjustment(random),
    ...times(random, fromMs),
    unitsMax: isPooled || random.chance(0.3) ? null : random.between(0, 12),
    ...(isPooled && pools.stages !== null && { poolId: pools.stages }),
  };
}

function adjustment(random: Random): PriceAdjustment {
  if (random.chance(0.5))
    return { kind: "percentage", basisPoints: random.between(-10_500, 4_000) };
  return { kind: "fixed", inCents: random.between(-1_200_000, 400_000) };
}

/** Half of them begin or end while the area is on sale. */
function times(random: Random, fromMs: number) {
  const startsAtMs = random.chance(0.5) ? null : START_MS + fromMs + random.between(-2_000, 9_000);
  const endsAtMs = random.chance(0.5) ? null : START_MS + fromMs + random.between(0, 20_000);
  return { startsAtMs, endsAtMs };
}

function promotionsOf(
  random: Random,
  areaId: string,
  { fromMs, pools }: { fromMs: number; pools: PoolIds },
): Promotion[] {
  const one = (name: string, code: string | null): Promotion => ({
    promotionId: `${areaId}-${name}`,
    code,
    discount: discount(random),
    unitsMin: random.between(0, 3),
    ...(random.chance(0.5) ? times(random, fromMs) : { startsAtMs: null, endsAtMs: null }),
    usesMax: random.chance(0.5) ? null : random.between(0, 5),
    usesPerBuyerMax: random.chance(0.5) ? null : random.between(0, 2),
  });
  const poolId = pools.codes;
  const withCodes =
    poolId === null
      ? []
      : [{ ...one("vip", null), codePrefix: CODE_PREFIX, usesMax: null, poolId }];
  const forAll = ["for-all", "for-all-again"].map((name) => {
    const isPooled = pools.uses !== null && random.chance(0.5);
    return { ...one(name, null), ...(isPooled && pools.uses !== null && { poolId: pools.uses }) };
  });
  return [...withCodes, ...CODES.map((code) => one(code.toLowerCase(), code)), ...forAll];
}

function discount(random: Random): Promotion["discount"] {
  const kind = random.next();
  if (kind < 0.5) {
    const inCentsMax = random.chance(0.5) ? null : random.between(0, 900_000);
    return { kind: "percentage", basisPoints: random.between(0, 10_000), inCentsMax };
  }
  const inCents = random.between(0, 700_001);
  return kind < 0.75 ? { kind: "fixed-per-unit", inCents } : { kind: "fixed-per-order", inCents };
}

/** A code for the whole order: mostly one that these settings know. */
export function anyCode(random: Random, { promotions = [] }: AreaSettings): string | undefined {
  if (random.chance(0.02)) return random.pick([...CODES, "NEVER-HEARD-OF"]);
  const [meant] = random.chance(0.5) ? promotions : promotions.toReversed();
  if (meant?.codePrefix !== undefined)
    return `${CODE_PREFIX}${random.chance(0.8) ? random.between(1, 3) : random.between(1, 8)}`;
  return meant?.code ?? undefined;
}

export function anyBuyer(random: Random): string {
  return `buyer-${random.between(1, BUYERS)}`;
}

/** For an area's part of an order; undefined when nothing but units is asked for. */
export function holdTerms(
  random: Random,
  settings: AreaSettings,
  order: { quantity: number; buyerId: string | undefined; promotionCode: string | undefined },
): HoldTerms | undefined {
  const { quantity, buyerId, promotionCode } = order;
  const stages = settings.stages ?? [];
  const [shown] = random.chance(0.6) ? stages : stages.toReversed();
  const terms: HoldTerms = {
    ...(buyerId !== undefined && { buyerId }),
    ...(promotionCode !== undefined && { promotionCode }),
    ...(random.chance(0.15) && shown && { stageId: shown.stageId }),
    ...(random.chance(0.01) && { stageId: "stage-of-nobody" }),
    ...(random.chance(0.15) && {
      totalInCents: totalShown(random, settings, { quantity, promotionCode }),
    }),
  };
  const isBare = Object.keys(terms).length === 0;
  return isBare && random.chance(0.95) ? undefined : terms;
}

/** What it may cost, by one of the stages and promotions there are. */
function totalShown(
  random: Random,
  settings: AreaSettings,
  { quantity, promotionCode }: { quantity: number; promotionCode: string | undefined },
): number {
  const { stages = [], promotions = [], priceInCents, serviceInCents } = settings;
  const meant = promotions.find(
    ({ code, codePrefix }) =>
      code === (promotionCode ?? null) || (codePrefix && promotionCode?.startsWith(codePrefix)),
  );
  const prices = plainPrices(priceInCents, quantity, {
    stage: random.chance(0.6) ? (stages[0] ?? null) : null,
    promotion: random.chance(0.7) ? (meant ?? null) : null,
    order: { units: quantity, discountInCents: 0 },
  });
  const total = prices.reduce((sum, unit) => sum + unit.priceInCents + serviceInCents, 0);
  return random.chance(0.9) ? total : total + 1;
}
