// What an area tells of its price is what a hold of one unit gets, whatever its stages and promotions are.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import type { LeftOut } from "../../durable-objects/area-inventory/contract.ts";
import type {
  AreaSettings,
  Promotion,
  SaleStage,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { answerQuestion } from "../../durable-objects/area-inventory/questions.ts";
import {
  AreaHarness,
  START_MS,
  idOf,
  promotionOf,
  r1,
  r2,
  r3,
  stageOf,
} from "../support/area-harness.ts";

const PRICE = 9_500_000;
const EARLY = 7_600_000;
const LATE = 9_000_000;
const HOUR_MS = 3_600_000;

const early = stageOf("early", { name: "Preventa" });
const late = stageOf("late", { name: "Última", adjustment: { kind: "fixed", inCents: -500_000 } });

const told = (stage: SaleStage | null) =>
  stage && { stageId: stage.stageId, name: stage.name ?? "" };
const atTime = (startsAtMs: number, stage: SaleStage | null, priceInCents: number) => ({
  startsAtMs,
  stage: told(stage),
  priceInCents,
});
const whenSoldOut = (stage: SaleStage | null, priceInCents: number) => ({
  startsAtMs: null,
  stage: told(stage),
  priceInCents,
});

function availabilityOf(area: AreaHarness, leftOut?: LeftOut, nowMs = area.nowMs) {
  const memory = (area.memory.current ??= loadMemory(area.store));
  const question = { kind: "availability" as const, ...(leftOut !== undefined && { leftOut }) };
  const asked = { store: area.store, memory, nowMs };
  return answerQuestion("availability", question, asked);
}

function priceOf(area: AreaHarness, leftOut?: LeftOut, nowMs = area.nowMs) {
  const price = availabilityOf(area, leftOut, nowMs)?.price;
  if (price === undefined) throw new Error("the area has no settings");
  return price;
}

describe("the price of now", () => {
  test("[INV79] is the area's own without a stage", () => {
    const nothing = { stage: null, nextStage: null, nextPrices: [], pools: [] };
    const expected = { priceInCents: PRICE, ...nothing };
    expect(priceOf(AreaHarness.open(2))).toEqual(expected);
  });

  test("[INV79] is that of the stage that is on, with what is left of it and when it ends", () => {
    const endsAtMs = START_MS + HOUR_MS;
    const area = AreaHarness.open(9, { stages: [{ ...early, unitsMax: 3, endsAtMs }, late] });
    area.hold({ reservationId: r1, quantity: 2 });
    expect(priceOf(area)).toEqual({
      priceInCents: EARLY,
      stage: { stageId: "early", name: "Preventa", endsAtMs, left: 1 },
      nextStage: { stageId: "late", name: "Última", startsAtMs: endsAtMs, priceInCents: LATE },
      nextPrices: [whenSoldOut(late, LATE), atTime(endsAtMs, late, LATE)],
      pools: [],
    });
    area.hold({ reservationId: r2, quantity: 1 });
    expect(priceOf(area)).toMatchObject({
      priceInCents: LATE,
      stage: { stageId: "late", endsAtMs: null, left: null },
      nextStage: null,
    });
    area.release(r2);
    area.wait(HOUR_MS - 1);
    expect(priceOf(area)).toMatchObject({ stage: { stageId: "early" } });
    area.wait(1);
    expect(priceOf(area)).toMatchObject({ stage: { stageId: "late" } });
  });

  test("[INV79] has what applies by itself taken off, and not what needs a code", () => {
    const promotions = [promotionOf("coded"), promotionOf("all", { code: null, usesMax: 1 })];
    const area = AreaHarness.open(9, { stages: [early], promotions });
    expect(priceOf(area).priceInCents).toBe(EARLY * 0.9);
    area.hold({ reservationId: r1 });
    expect(priceOf(area).priceInCents).toBe(EARLY);
  });

  test("[INV79] of settings without names is told without one", () => {
    const stages = [stageOf("old", { unitsMax: 1 }), stageOf("older")];
    expect(priceOf(AreaHarness.open(1, { stages }))).toMatchObject({
      stage: { stageId: "old", name: "" },
      nextStage: { stageId: "older", name: "" },
    });
  });
});

describe("what follows", () => {
  const pricesAfter = (...stages: SaleStage[]) =>
    priceOf(AreaHarness.open(9, { stages })).nextPrices;
  const nextOf = (...stages: SaleStage[]) => priceOf(AreaHarness.open(9, { stages })).nextStage;

  test("[INV79] is a stage that is still to come, unless the area's own price holds before", () => {
    const startsAtMs = START_MS + HOUR_MS;
    const ended = { ...early, endsAtMs: START_MS };
    const soon = { ...early, endsAtMs: START_MS + 1 };
    const next = { stageId: "late", startsAtMs, priceInCents: LATE };
    expect(nextOf(ended, { ...late, startsAtMs })).toMatchObject(next);
    expect(nextOf(soon, { ...late, startsAtMs })).toBeNull();
    expect(pricesAfter(soon, { ...late, startsAtMs })).toEqual([atTime(START_MS + 1, null, PRICE)]);
  });

  test("[INV79] is the area's own price once the last unit of a stage is sold, however soon another stage begins", () => {
    const flash = { ...late, startsAtMs: START_MS + HOUR_MS };
    const lastUnit = { ...early, unitsMax: 1 };
    expect(nextOf(flash, lastUnit)).toBeNull();
    expect(pricesAfter(flash, lastUnit)).toEqual([
      whenSoldOut(null, PRICE),
      atTime(flash.startsAtMs, flash, LATE),
    ]);
    const area = AreaHarness.open(9, { stages: [flash, lastUnit] });
    area.buy({ reservationId: r1 });
    expect(priceOf(area)).toMatchObject({
      priceInCents: PRICE,
      stage: null,
      nextStage: { stageId: "late" },
      nextPrices: [atTime(flash.startsAtMs, flash, LATE)],
    });
  });

  test("[INV79] is the stage that takes over from one that is sold out, and not one that begins", () => {
    const flash = { ...late, startsAtMs: START_MS + HOUR_MS };
    const second = stageOf("second", { name: "Segunda", startsAtMs: null });
    const stages = [flash, { ...early, unitsMax: 5 }, second];
    expect(nextOf(...stages)).toMatchObject({ stageId: "second", startsAtMs: null });
    expect(pricesAfter(...stages)).toEqual([
      whenSoldOut(second, EARLY),
      atTime(flash.startsAtMs, flash, LATE),
    ]);
  });

  test("[INV79] is the area's own price at the end of the last stage, and nothing after a stage without end", () => {
    const endsAtMs = START_MS + HOUR_MS;
    expect(pricesAfter({ ...early, endsAtMs })).toEqual([atTime(endsAtMs, null, PRICE)]);
    expect(nextOf({ ...early, endsAtMs })).toBeNull();
    expect(pricesAfter(early)).toEqual([]);
  });

  test("[INV79] is nothing at a moment that changes nothing for a buyer", () => {
    const behind = { ...late, startsAtMs: START_MS + HOUR_MS };
    expect(pricesAfter(early, behind)).toEqual([]);
    expect(nextOf(early, behind)).toBeNull();
  });

  test("[INV79] is told without a time where a stage follows at another price when it is its time", () => {
    const first = { ...early, unitsMax: 5, endsAtMs: START_MS + 2 * HOUR_MS };
    const second = stageOf("second", { name: "Segunda", startsAtMs: null });
    const promotions = [promotionOf("all", { code: null, endsAtMs: START_MS + HOUR_MS })];
    const area = AreaHarness.open(9, { stages: [first, second], promotions });
    expect(priceOf(area).nextStage).toMatchObject({
      stageId: "second",
      startsAtMs: null,
      priceInCents: EARLY * 0.9,
    });
  });

  test("[INV79] is also a promotion's beginning or end, in the middle of a stage", () => {
    const endsAtMs = START_MS + 2 * HOUR_MS;
    const stages = [{ ...early, endsAtMs }];
    const startsAtMs = START_MS + HOUR_MS;
    const promotions = [promotionOf("all", { code: null, startsAtMs }), promotionOf("coded")];
    const area = AreaHarness.open(9, { stages, promotions });
    const stage = stages[0] ?? null;
    expect(priceOf(area).nextPrices).toEqual([atTime(startsAtMs, stage, EARLY * 0.9)]);
    area.wait(HOUR_MS);
    expect(priceOf(area).nextPrices).toEqual([atTime(endsAtMs, null, PRICE * 0.9)]);
  });

  test("[INV79] is one that goes before the stage of now, once it begins", () => {
    const first = { ...late, startsAtMs: START_MS + HOUR_MS };
    expect(nextOf(first, early)).toMatchObject({ stageId: "late", startsAtMs: first.startsAtMs });
    // It never gets its turn.
    expect(nextOf(early, first)).toBeNull();
  });

  test("[INV79] is the first to begin, in whatever order the settings have them", () => {
    const soon = { ...early, startsAtMs: START_MS + HOUR_MS };
    const later = { ...late, startsAtMs: START_MS + 2 * HOUR_MS };
    const next = { stageId: "early", startsAtMs: soon.startsAtMs };
    expect(nextOf(soon, later)).toMatchObject(next);
    expect(nextOf(later, soon)).toMatchObject(next);
  });

  test("[INV79] is none that is over", () => {
    const over = { startsAtMs: START_MS - 2 * HOUR_MS, endsAtMs: START_MS - HOUR_MS };
    expect(nextOf({ ...early, ...over }, late)).toBeNull();
  });

  test("[INV79] is the one for when this one is sold out, where nothing follows by time", () => {
    const after = { stageId: "late", startsAtMs: null, priceInCents: LATE };
    expect(nextOf({ ...early, unitsMax: 3 }, late)).toMatchObject(after);
    expect(nextOf({ ...early, poolId: "pool-1" }, late)).toMatchObject(after);
    expect(nextOf({ ...early, unitsMax: 3 })).toBeNull();
    expect(nextOf(early, late)).toBeNull();
  });

  test("[INV79] costs what it will with the promotions of its time", () => {
    const startsAtMs = START_MS + HOUR_MS;
    const stages = [{ ...late, startsAtMs }];
    const promotions = [promotionOf("all", { code: null, endsAtMs: startsAtMs })];
    const area = AreaHarness.open(9, { stages, promotions });
    expect(priceOf(area)).toMatchObject({
      priceInCents: PRICE * 0.9,
      nextStage: { priceInCents: LATE },
      nextPrices: [atTime(startsAtMs, late, LATE)],
    });
  });
});

describe("pools", () => {
  const pooled = { ...early, poolId: "pool-1" };
  const uses = promotionOf("all", { code: null, poolId: "uses" });

  test("[INV79] are named, and taken to have room unless they are left out", () => {
    const area = AreaHarness.open(9, { stages: [pooled, late], promotions: [uses] });
    expect(priceOf(area)).toMatchObject({
      priceInCents: EARLY * 0.9,
      stage: { stageId: "early", left: null },
      pools: [{ poolId: "pool-1", stageId: "early" }, { poolId: "uses" }],
    });
    expect(priceOf(area, { stagesFull: ["early"], promotionsFull: ["all"] })).toMatchObject({
      priceInCents: LATE,
      stage: { stageId: "late" },
      nextStage: null,
      pools: [],
    });
  });

  test("[INV68, INV79] tell what is left of them; areas do not", () => {
    const pool = AreaHarness.pool({ max: 5 });
    pool.hold({ reservationId: r1, part: 2 });
    expect(availabilityOf(pool)?.left).toBe(3);
    expect(availabilityOf(AreaHarness.pool())?.left).toBeNull();
    expect(availabilityOf(AreaHarness.open(1))).not.toHaveProperty("left");
  });
});

test("[INV79] is what a hold of one unit gets, at any time and after any sales", () => {
  const time = fc.option(fc.integer({ min: -3, max: 12 }).map((hour) => START_MS + hour * HOUR_MS));
  const limit = fc.option(fc.integer({ min: 0, max: 3 }));
  const adjustment = fc.oneof(
    fc.record({
      kind: fc.constant("percentage" as const),
      basisPoints: fc.integer({ min: -10_000, max: 5_000 }),
    }),
    fc.record({
      kind: fc.constant("fixed" as const),
      inCents: fc.integer({ min: -10_000_000, max: 5_000_000 }),
    }),
  );
  const stages = fc.array(
    fc.record({ adjustment, startsAtMs: time, endsAtMs: time, unitsMax: limit }),
    { maxLength: 4 },
  );
  const promotions = fc.array(
    fc.record({ startsAtMs: time, endsAtMs: time, usesMax: limit, hasCode: fc.boolean() }),
    { maxLength: 3 },
  );
  const settings = fc.record({ stages, promotions }).map((drawn): Partial<AreaSettings> => ({
    stages: drawn.stages.map((stage, index) => ({ stageId: `stage-${index}`, ...stage })),
    promotions: drawn.promotions.map(({ hasCode, ...rest }, index): Promotion =>
      promotionOf(`p${index}`, { ...rest, ...(!hasCode && { code: null }) }),
    ),
  }));
  fc.assert(
    fc.property(settings, fc.integer({ min: 0, max: 6 }), fc.nat(10), (drawn, sales, hours) => {
      const area = AreaHarness.open(9, drawn);
      for (let sale = 0; sale < sales; sale += 1) area.buy({ reservationId: idOf(`sale${sale}`) });
      area.wait(hours * HOUR_MS);
      const { priceInCents, stage, nextStage, nextPrices = [] } = priceOf(area);
      const seen = (at: { stage: { stageId: string } | null; priceInCents: number }) => [
        at.stage?.stageId,
        at.priceInCents,
      ];
      const foretold = nextPrices.find(({ startsAtMs }) => startsAtMs !== null);
      const untilMs = foretold?.startsAtMs ?? START_MS + 13 * HOUR_MS;
      expect(untilMs).toBeGreaterThan(area.nowMs);
      expect(foretold && seen(priceOf(area, undefined, untilMs))).toEqual(
        foretold && seen(foretold),
      );
      // Until then, or for ever, it costs the same.
      for (let atMs = area.nowMs; atMs < untilMs; atMs += HOUR_MS)
        expect(seen(priceOf(area, undefined, atMs))).toEqual([stage?.stageId, priceInCents]);
      const soldOut = nextPrices.find(({ startsAtMs }) => startsAtMs === null);
      expect(soldOut !== undefined).toBe(stage?.left !== undefined && stage.left !== null);
      const without = { stagesFull: [stage?.stageId ?? ""], promotionsFull: [] };
      expect(soldOut && seen(priceOf(area, without))).toEqual(soldOut && seen(soldOut));
      // The stage that follows is whatever does, if that is a stage.
      const everyHour = Array.from({ length: 13 }, (_, hour) => START_MS + hour * HOUR_MS);
      const other = everyHour
        .filter((atMs) => atMs > area.nowMs)
        .map((atMs) => priceOf(area, undefined, atMs))
        .find((then) => then.stage?.stageId !== stage?.stageId);
      expect(nextStage?.stageId).toBe((soldOut ?? other)?.stage?.stageId);
      area.hold({ reservationId: r3 });
      const [unit] = area.reservation(r3)?.units ?? [];
      expect(unit).toMatchObject({ priceInCents });
      expect(unit?.stageId ?? null).toBe(stage?.stageId ?? null);
    }),
    { numRuns: 300 },
  );
});
