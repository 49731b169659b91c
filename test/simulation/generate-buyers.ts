// One reservation's story: held somewhere, then paid in time or late, twice or never, given back, looked at, scanned. The
// parts of many stories fall between each other.

import type { Selection } from "../../durable-objects/area-inventory/core/commands.ts";
import { type Draft, EVENT_ID, areaAt } from "./generate-areas.ts";
import { cancellingStory, scanningStory } from "./generate-gates.ts";
import { anyBuyer, anyCode, holdTerms } from "./generate-terms.ts";
import { quantityOf } from "./plain-choice.ts";
import type { Action, PlannedItem, Step } from "./plan.ts";
import type { Random } from "./random.ts";

export interface Story {
  random: Random;
  add: (atMs: number, action: Action) => void;
  reservationId: string;
  areas: readonly number[];
  holdMs: number;
  startMs: number;
}

export function buyerStory(
  random: Random,
  { story, drafts, horizonMs }: { story: number; drafts: readonly Draft[]; horizonMs: number },
): Step[] {
  const steps: Step[] = [];
  const latencyMs = random.pick([0, 1, 3, 40]);
  const add = (atMs: number, action: Action) => {
    steps.push({ ...action, atMs: Math.max(0, Math.round(atMs)), latencyMs });
  };
  const anyMs = random.between(0, horizonMs);
  const startMs = random.chance(0.4) ? Math.round(anyMs / 200) * 200 : anyMs;
  const reservationId = `r-${String(story).padStart(6, "0")}-ffff`;
  const count = random.chance(0.8) ? 1 : random.between(2, 3);
  const areas = [
    ...new Set(Array.from({ length: count }, () => areaAt(random, drafts, startMs))),
  ].sort((left, right) => left - right);
  const holdMs = random.pick([1_000, 4_000, 10_000, 30_000]);
  const items = itemsIn(random, drafts, areas);
  const eventId = random.chance(0.02) ? "event-2" : EVENT_ID;
  const reserve: Action = { kind: "reserve", reservationId, eventId, holdMs, items };
  add(startMs, reserve);
  if (random.chance(0.12)) add(startMs + random.pick([0, 0, 50, 5_000, holdMs]), reserve);
  if (random.chance(0.06)) {
    const others = itemsIn(random, drafts, areas);
    add(startMs + random.between(0, 6_000), { ...reserve, items: others });
  }
  const told: Story = { random, add, reservationId, areas, holdMs, startMs };
  const ending = random.next();
  if (ending < 0.6) payingStory(told);
  else if (ending < 0.85) givingBackStory(told, reserve);
  const [area] = areas;
  if (area !== undefined && random.chance(0.25))
    add(startMs + random.between(0, 20_000), { kind: "read", area });
  return steps;
}

function payingStory(story: Story): void {
  const { random, add, reservationId, areas, holdMs, startMs } = story;
  const paymentId = `${reservationId}-payment-1`;
  const paymentWindowMs = random.pick([3_000, 10_000, 20_000]);
  const beginMs = startMs + random.pick([1, 500, 2_500, holdMs]);
  const begin: Action = {
    kind: "start-payment",
    reservationId,
    paymentId,
    paymentWindowMs,
    areas,
    ...(random.chance(0.5) && { buyerId: anyBuyer(random) }),
  };
  const begins = random.chance(0.7);
  if (begins) add(beginMs, begin);
  if (random.chance(0.1)) add(beginMs + random.between(0, 3_000), begin);
  if (random.chance(0.1)) {
    const other = { ...begin, paymentId: `${reservationId}-payment-2` };
    add(beginMs + random.between(0, 8_000), other);
  }
  const paidMs = random.pick([
    beginMs + random.between(0, 2_000),
    beginMs + random.between(0, 6_000),
    // At the very moment the hold ends, or long after.
    startMs + holdMs,
    startMs + holdMs + random.between(-2, 2),
    startMs + holdMs + paymentWindowMs + random.between(0, 15_000),
  ]);
  const settle: Action = { kind: "settle", reservationId, paymentId, areas };
  add(paidMs, settle);
  if (random.chance(0.2)) add(paidMs + random.pick([0, 3, 900, 9_000]), settle);
  if (random.chance(0.1)) {
    const second = { ...settle, paymentId: `${reservationId}-payment-2` };
    add(paidMs + random.pick([0, 3, 900, 9_000]), second);
  }
  if (random.chance(0.15))
    add(paidMs + random.between(-500, 2_000), { kind: "give-back", reservationId, areas });
  if (random.chance(0.5)) scanningStory(story, paidMs);
  if (random.chance(0.3)) cancellingStory(story, paidMs);
}

function givingBackStory(story: Story, reserve: Action): void {
  const { random, add, reservationId, areas, holdMs, startMs } = story;
  const giveBack: Action = { kind: "give-back", reservationId, areas };
  const atMs = startMs + random.pick([0, 300, 3_000, holdMs, holdMs + 500]);
  add(atMs, giveBack);
  if (random.chance(0.3)) add(atMs + random.pick([0, 800]), giveBack);
  if (random.chance(0.3)) add(atMs + random.between(0, 4_000), reserve);
  // A payment that was under way all the same.
  if (random.chance(0.3)) {
    const paymentId = `${reservationId}-payment-1`;
    add(atMs + random.between(0, 9_000), { kind: "settle", reservationId, paymentId, areas });
  }
}

/** Each area with what is wanted there; a buyer and a code are of the whole order. */
function itemsIn(
  random: Random,
  drafts: readonly Draft[],
  areas: readonly number[],
): PlannedItem[] {
  const buyerId = random.chance(0.4) ? anyBuyer(random) : undefined;
  const [first] = areas;
  const settings = drafts[first ?? 0]?.settings;
  const promotionCode = settings && random.chance(0.5) ? anyCode(random, settings) : undefined;
  return areas.map((area) => {
    const draft = drafts[area];
    const selection = selectionIn(random, draft);
    const quantity = quantityOf(selection);
    if (draft === undefined || (!draft.hasTerms && random.chance(0.9))) return { area, selection };
    const terms = holdTerms(random, draft.settings, { quantity, buyerId, promotionCode });
    return { area, selection, ...(terms && { terms }) };
  });
}

export function selectionIn(random: Random, draft: Draft | undefined): Selection {
  const quantity = random.chance(0.04) ? random.between(0, 60) : random.between(1, 5);
  if (random.chance(0.01)) return { kind: "pool", quantity };
  if (random.chance(0.65)) {
    if (random.chance(0.6)) return { kind: "best-available", quantity };
    return { kind: "best-available", quantity, together: random.chance(0.8) };
  }
  const units = draft?.units ?? [];
  const first = random.between(0, Math.max(0, units.length - 1));
  const unitIds = units
    .slice(first, first + random.between(1, 4))
    .filter(() => random.chance(0.9))
    .map((unit) => unit.unitId);
  if (random.chance(0.03)) unitIds.push("unit-of-nobody");
  if (random.chance(0.05)) unitIds.push(...unitIds.slice(0, 1));
  return { kind: "units", unitIds: random.chance(0.2) ? unitIds.toReversed() : unitIds };
}
