// Makes a plan from a seed: organizers open areas one after the other, buyers and gates act out their stories in them, and
// everything that can fail fails now and then. Looks at no outcome, so a plan is known before it runs.

import { buyerStory } from "./generate-buyers.ts";
import { type Draft, areaAt, draftArea, openingStory } from "./generate-areas.ts";
import { organizerStory } from "./generate-organizers.ts";
import { draftPools, idsOf, poolStory } from "./generate-pools.ts";
import type { Action, Plan, Step, WriteFate } from "./plan.ts";
import { Random } from "./random.ts";

/** How close steps follow each other on average. */
const STEP_EVERY_MS = 60;
const STEPS_PER_AREA = 70;
/** The part of all steps that are faults. */
const FAULTS = 0.12;
/** The part of all stories that organizers act out. */
const ORGANIZERS = 0.2;

const fates: readonly WriteFate[] = [
  "refused",
  "timed-out",
  "answer-lost",
  "late",
  "twice",
  "done",
];

export function generatePlan(seed: bigint, stepCount: number): Plan {
  const random = new Random(seed);
  const horizonMs = stepCount * STEP_EVERY_MS;
  // Now and then everybody wants the same two areas, while Postgres is away for minutes.
  const isHot = random.chance(0.15);
  const areaCount = 2 + (isHot ? 0 : Math.ceil(stepCount / STEPS_PER_AREA));
  const poolDrafts = draftPools(random, areaCount);
  const pools = idsOf(poolDrafts);
  const drafts: Draft[] = Array.from({ length: areaCount }, (_, area) => {
    const opensAtMs = area < 2 ? 0 : Math.floor((area / areaCount) * 0.9 * horizonMs);
    return draftArea(random, area, { opensAtMs, pools });
  });

  const steps: Step[] = drafts.flatMap((draft) => openingStory(random, draft));
  for (const pool of poolDrafts) steps.push(...poolStory(random, pool, horizonMs));
  if (isHot) {
    const outage = Array.from({ length: 12 }, () => "timed-out" as const);
    steps.push(
      { kind: "postgres", area: 0, fates: outage, delayMs: 0, atMs: 2_000, latencyMs: 0 },
      { kind: "postgres", area: 1, fates: outage, delayMs: 0, atMs: 2_000, latencyMs: 0 },
    );
  }
  for (let story = 0; steps.length < stepCount * (1 - FAULTS); story += 1) {
    const tell = random.chance(ORGANIZERS) ? organizerStory : buyerStory;
    steps.push(...tell(random, { story, drafts, horizonMs }));
  }
  while (steps.length < stepCount) {
    const atMs = random.between(0, horizonMs);
    const isOfPool = poolDrafts.length > 0 && random.chance(0.1);
    const area = isOfPool ? random.pick(poolDrafts).area : areaAt(random, drafts, atMs);
    steps.push({ ...fault(random, area), atMs, latencyMs: 1 });
  }
  // What arrives together arrives in any order.
  const sorted = steps
    .map((step) => ({ step, tie: random.next() }))
    .sort((left, right) => left.step.atMs - right.step.atMs || left.tie - right.tie)
    .map(({ step }) => step);
  return {
    seed,
    areas: [
      ...drafts.map(({ areaId, units }) => ({ areaId, units })),
      ...poolDrafts.map(({ areaId }) => ({ areaId, units: [] })),
    ],
    steps: sorted.slice(0, stepCount),
  };
}

function fault(random: Random, area: number): Action {
  const kind = random.next();
  if (kind < 0.03) return { kind: "lose", area, chunk: random.between(1, 6) };
  if (kind < 0.12) return { kind: "storage", area };
  if (kind < 0.3)
    return {
      kind: "crash",
      area,
      when: random.pick(["now", "before-commit", "after-commit"] as const),
    };
  if (kind < 0.7) return postgresFault(random, area);
  if (kind < 0.78) {
    const count = random.between(1, 3);
    const fate = random.pick(["refused", "answer-lost"] as const);
    return { kind: "queue", area, fates: Array.from({ length: count }, () => fate) };
  }
  if (kind < 0.85) {
    const isBack = random.chance(0.4);
    return {
      kind: "clock",
      jumpMs: isBack ? -random.between(1, 3_000) : random.between(1, 8_000),
    };
  }
  const lateMs = random.chance(0.4) ? null : random.between(1, 20_000);
  return { kind: "alarm", area, lateMs };
}

function postgresFault(random: Random, area: number): Action {
  const count = random.between(1, 5);
  const one = random.pick(fates);
  const isMixed = random.chance(0.4);
  return {
    kind: "postgres",
    area,
    fates: Array.from({ length: count }, () => (isMixed ? random.pick(fates) : one)),
    delayMs: random.pick([0, 20, 200, 2_500, 4_000]),
  };
}
