// Limited quantities: a stage's units, a promotion's uses, a buyer's share, a pool's whole. Each has a key under which the
// area counts what is held and sold of it; how much there is, the settings say.

import type { AreaSettings, QuotaUse } from "./commands.ts";
import type { Change, View } from "./view.ts";

export const quotaKeys = {
  stage: (stageId: string) => `stage:${stageId}`,
  promotion: (promotionId: string) => `promotion:${promotionId}`,
  promotionBuyer: (promotionId: string, buyerId: string) => `promotion:${promotionId}:${buyerId}`,
  buyer: (buyerId: string) => `buyer:${buyerId}`,
  pool: "pool",
  code: (code: string) => `code:${code}`,
};

/** What is asked of a view here. */
export type Counts = Pick<View, "taken">;

type Max = number | null | undefined;

/** By the first part of a key. */
const maxima: Record<string, (settings: AreaSettings, id: string, buyerId?: string) => Max> = {
  stage: ({ stages }, id) => stages?.find(({ stageId }) => stageId === id)?.unitsMax,
  promotion({ promotions }, id, buyerId) {
    const promotion = promotions?.find(({ promotionId }) => promotionId === id);
    return buyerId === undefined ? promotion?.usesMax : promotion?.usesPerBuyerMax;
  },
  buyer: ({ pool, unitsPerBuyerMax }) => (pool === undefined ? unitsPerBuyerMax : pool.perBuyerMax),
  pool: ({ pool }) => pool?.max,
  code: ({ pool }) => pool?.usesPerCodeMax,
};

/** How much there is of what a key counts; null: no limit, or none any more. */
function maxOf(settings: AreaSettings, key: string): number | null {
  const [kind = "", id = "", buyerId] = key.split(":");
  const max = maxima[kind];
  if (max === undefined) throw new Error(`no such quantity: ${key}`);
  return max(settings, id, buyerId) ?? null;
}

/** What is left of a quantity; null: no limit. */
export function leftOf(view: Counts, settings: AreaSettings, key: string): number | null {
  const max = maxOf(settings, key);
  return max === null ? null : Math.max(0, max - (view.taken(key) ?? 0));
}

/** The first of these uses that there is no room for; null when there is room for all. */
export function findOveruse(
  view: Counts,
  settings: AreaSettings,
  uses: readonly QuotaUse[],
): (QuotaUse & { left: number; max: number }) | null {
  for (const use of uses) {
    const left = leftOf(view, settings, use.key);
    const max = maxOf(settings, use.key);
    if (left !== null && max !== null && use.quantity > left) return { ...use, left, max };
  }
  return null;
}

export function takeQuotas(uses: readonly QuotaUse[] = []): Change[] {
  return uses.map(({ key, quantity }) => ({ kind: "quota", key, by: quantity }));
}

export function returnQuotas(uses: readonly QuotaUse[] = []): Change[] {
  return uses.map(({ key, quantity }) => ({ kind: "quota", key, by: -quantity }));
}
