// A quote says what a hold would be answered, and leaves no trace.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import type { HoldQuote } from "../../durable-objects/area-inventory/contract.ts";
import type { AreaSettings } from "../../durable-objects/area-inventory/core/commands.ts";
import { answerQuestion } from "../../durable-objects/area-inventory/questions.ts";
import {
  AreaHarness,
  EVENT_ID,
  type HoldRequest,
  PROFILE_ID,
  START_MS,
  holdCommand,
  idOf,
  promotionOf,
  r1,
  r2,
  stageOf,
} from "../support/area-harness.ts";

function quote(area: AreaHarness, request: HoldRequest, profileId = PROFILE_ID) {
  const memory = (area.memory.current ??= loadMemory(area.store));
  const question = { ...holdCommand(request), kind: "quote" as const, profileId };
  return answerQuestion("quote", question, { store: area.store, memory, nowMs: area.nowMs });
}

function quoted(area: AreaHarness, request: HoldRequest): HoldQuote {
  const answer = quote(area, request);
  if (answer === null || !answer.ok) throw new Error(JSON.stringify(answer));
  return answer;
}

const gift = { promotionCode: "GIFT" };

describe("a quote", () => {
  test("[INV82] is the hold's own answer, with what is left and the stage for so many units", () => {
    const stages = [stageOf("early", { name: "Preventa", unitsMax: 2, endsAtMs: START_MS + 9 })];
    const area = AreaHarness.open(9, { stages, promotions: [promotionOf("gift")] });
    area.hold({ reservationId: r2 });
    const one = quoted(area, { reservationId: r1, terms: gift });
    expect(one).toMatchObject({
      available: 8,
      stage: { stageId: "early", name: "Preventa", endsAtMs: START_MS + 9, left: 1 },
      left: null,
    });
    // Two do not fit into the stage any more.
    const two = quoted(area, { reservationId: r1, quantity: 2, terms: gift });
    expect(two).toMatchObject({ available: 8, stage: null });
    expect(area.hold({ reservationId: r1, terms: gift })).toEqual(one.hold);
  });

  test("[INV82] of a pool says what is left of it, and whether it knows the code", () => {
    const pool = AreaHarness.pool({ max: 5, usesPerCodeMax: 1 });
    pool.loadCodes(["ONE", "TWO"]);
    const part = (promotionCode: string) => ({
      reservationId: r1,
      part: 1,
      terms: { promotionCode },
    });
    expect(quoted(pool, part("ONE"))).toMatchObject({ left: 5, stage: null });
    pool.hold({ ...part("ONE"), reservationId: r2 });
    expect(quoted(pool, part("TWO"))).toMatchObject({ left: 4 });
    expect(quote(pool, part("ONE"))).toMatchObject({ refusal: { code: "promotion_used_up" } });
    expect(quote(pool, part("NONE"))).toMatchObject({ refusal: { reason: "unknown" } });
  });

  test("[INV82] of another organizer's area is refused as if there were none", () => {
    const area = AreaHarness.open(9, { promotions: [promotionOf("gift")] });
    const unknown = { ok: false, refusal: { code: "area_unknown" } };
    for (const terms of [{}, gift, { promotionCode: "WRONG" }, { totalInCents: 1 }])
      expect(quote(area, { reservationId: r1, terms }, "organizer-2")).toEqual(unknown);
    expect(quote(area, { reservationId: r1, eventId: `${EVENT_ID}-2` })).toEqual(unknown);
    expect(quote(new AreaHarness(), { reservationId: r1 })).toEqual(unknown);
    const question = { ...holdCommand({ reservationId: r1 }), kind: "quote" as const };
    expect(answerQuestion("quote", { ...question, profileId: PROFILE_ID }, null)).toEqual(unknown);
  });
});

test("[INV82] changes nothing and is what the hold is then answered, whatever is asked", () => {
  const settings: Partial<AreaSettings> = {
    stages: [
      stageOf("early", { unitsMax: 3 }),
      stageOf("pooled", { poolId: "pool", startsAtMs: START_MS + 10 }),
    ],
    promotions: [
      promotionOf("gift", { usesMax: 1, unitsMin: 2 }),
      promotionOf("all", { code: null, startsAtMs: START_MS + 5 }),
    ],
    otherCodes: [{ code: "ELSEWHERE", reason: "other_area" }],
    unitsPerBuyerMax: 3,
  };
  const request = fc.record(
    {
      quantity: fc.integer({ min: 0, max: 7 }),
      together: fc.boolean(),
      unitIds: fc.array(fc.constantFrom("unit-0", "unit-1", "unit-8", "nothing"), { maxLength: 3 }),
      terms: fc.record(
        {
          promotionCode: fc.constantFrom("GIFT", "ELSEWHERE", "NOTHING"),
          stageId: fc.constantFrom("early", "pooled", "none"),
          buyerId: fc.constantFrom("ana", "bea"),
          totalInCents: fc.constantFrom(8_100_000, 16_200_000, 1),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(request, fc.nat(8)), { maxLength: 5 }), (requests) => {
      const area = AreaHarness.open(9, settings);
      requests.forEach(([drawn, waitMs], index) => {
        area.wait(waitMs);
        const wanted = { ...drawn, reservationId: idOf(`quoted${index}`) };
        let answer: ReturnType<typeof quote> = null;
        area.expectUnchanged(() => {
          answer = quote(area, wanted);
        });
        const outcome = area.hold(wanted);
        expect(answer).toMatchObject(outcome.ok ? { hold: outcome } : { refusal: outcome.refusal });
      });
    }),
    { numRuns: 200 },
  );
});
