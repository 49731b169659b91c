import { describe, expect, test } from "vitest";
import {
  AreaHarness,
  HOLD_MS,
  START_MS,
  idOf,
  r1,
  r2,
  r3,
  stageOf,
} from "../support/area-harness.ts";

const PRICE = 9_500_000;
const early = stageOf("early", { adjustment: { kind: "fixed", inCents: -1_000_000 } });
const late = stageOf("late", { adjustment: { kind: "fixed", inCents: -500_000 } });
const [EARLY, LATE] = [PRICE - 1_000_000, PRICE - 500_000];

/** What each unit of a hold costs without its fee. */
function pricesOf(outcome: ReturnType<AreaHarness["hold"]>): number[] {
  if (!outcome.ok) throw new Error(`refused: ${outcome.refusal.code}`);
  return outcome.units.map(({ priceInCents }) => priceInCents);
}

describe("the stage of a hold", () => {
  test("[INV63] is the first in the settings' order, and stands with each unit", () => {
    const area = AreaHarness.open(5, { stages: [late, early] });
    expect(area.hold({ reservationId: r1, quantity: 2 })).toMatchObject({
      units: [0, 1].map(() => ({ priceInCents: LATE, baseInCents: PRICE, stageId: "late" })),
    });
    expect(area.reservation(r1)?.uses).toEqual([{ key: "stage:late", quantity: 2 }]);
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("promotionId");
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("discountInCents");
  });

  test("[INV63] is none where there are none: the area's price, and nothing is counted", () => {
    const area = AreaHarness.open(5, { stages: [] });
    expect(pricesOf(area.hold({ reservationId: r1 }))).toEqual([PRICE]);
    expect(area.reservation(r1)?.units[0]).not.toHaveProperty("baseInCents");
    expect(area.reservation(r1)).not.toHaveProperty("uses");
    expect(area.reservation(r1)).not.toHaveProperty("pools");
  });

  test.each([
    [-1, PRICE],
    [0, EARLY],
    [999, EARLY],
    [1_000, PRICE],
  ])("[INV63] %i ms after its start of one second", (afterMs, price) => {
    const startsAtMs = START_MS + 5_000;
    const area = AreaHarness.open(5, {
      stages: [{ ...early, startsAtMs, endsAtMs: startsAtMs + 1_000 }],
    });
    area.wait(5_000 + afterMs);
    expect(pricesOf(area.hold({ reservationId: r1 }))).toEqual([price]);
  });

  test("[INV63] hands over to the next at the millisecond of its end", () => {
    const area = AreaHarness.open(5, {
      stages: [
        { ...early, endsAtMs: START_MS + 1_000 },
        { ...late, startsAtMs: START_MS + 1_000 },
      ],
    });
    area.wait(999);
    expect(pricesOf(area.hold({ reservationId: r1 }))).toEqual([EARLY]);
    area.wait(1);
    expect(pricesOf(area.hold({ reservationId: r2 }))).toEqual([LATE]);
  });

  test("[INV6, INV17, INV63] is that of the hold, even when it is over once the hold is paid", () => {
    const area = AreaHarness.open(5, { stages: [{ ...early, endsAtMs: START_MS + 1_000 }] });
    area.hold({ reservationId: r1 });
    area.wait(2_000);
    expect(area.commit(r1, "p1")).toMatchObject({
      units: [{ priceInCents: EARLY, stageId: "early" }],
    });
    expect(area.taken("stage:early")).toBe(1);
  });
});

describe("the units of a stage", () => {
  const limited = { stages: [{ ...early, unitsMax: 5 }, late] };

  test("[INV62, INV63] are sold to exactly the last one, then the next stage begins", () => {
    const area = AreaHarness.open(10, limited);
    expect(pricesOf(area.hold({ reservationId: r1, quantity: 4 }))).toEqual([
      EARLY,
      EARLY,
      EARLY,
      EARLY,
    ]);
    expect(pricesOf(area.hold({ reservationId: r2 }))).toEqual([EARLY]);
    expect(area.taken("stage:early")).toBe(5);
    expect(pricesOf(area.hold({ reservationId: r3 }))).toEqual([LATE]);
    expect(area.taken("stage:late")).toBe(1);
  });

  test("[INV63] with 2 left and an order of 3, the whole order falls to the next stage; an order of 2 does not", () => {
    const area = AreaHarness.open(10, limited);
    area.hold({ reservationId: r1, quantity: 3 });
    expect(pricesOf(area.hold({ reservationId: r2, quantity: 3 }))).toEqual([LATE, LATE, LATE]);
    expect(area.taken("stage:early")).toBe(3);
    expect(pricesOf(area.hold({ reservationId: r3, quantity: 2 }))).toEqual([EARLY, EARLY]);
  });

  test("[INV63] without a next stage the area's price holds", () => {
    const area = AreaHarness.open(10, { stages: [{ ...early, unitsMax: 2 }] });
    expect(pricesOf(area.hold({ reservationId: r1, quantity: 3 }))).toEqual([PRICE, PRICE, PRICE]);
    expect(area.taken("stage:early")).toBeNull();
  });

  test("[INV5, INV62] come back when a hold ends without a sale, and stay spent when it is sold", () => {
    const area = AreaHarness.open(10, limited);
    area.hold({ reservationId: r1, quantity: 3 });
    area.hold({ reservationId: r2, quantity: 2 });
    area.commit(r2, "p1");
    area.release(r1);
    expect(area.taken("stage:early")).toBe(2);
    expect(pricesOf(area.hold({ reservationId: r3, quantity: 3 }))).toEqual([EARLY, EARLY, EARLY]);
    area.wait(HOLD_MS - 1);
    expect(pricesOf(area.hold({ reservationId: idOf("before") }))).toEqual([LATE]);
    area.wait(1);
    expect(pricesOf(area.hold({ reservationId: idOf("after") }))).toEqual([EARLY]);
    expect(area.taken("stage:early")).toBe(3);
  });

  test("[INV4, INV62] are taken once, however often the hold is sent", () => {
    const area = AreaHarness.open(10, limited);
    area.hold({ reservationId: r1, quantity: 3 });
    area.expectUnchanged(() => area.hold({ reservationId: r1, quantity: 3 }));
    area.release(r1);
    area.expectUnchanged(() => area.release(r1));
    area.hold({ reservationId: r1, quantity: 3 });
    expect(area.taken("stage:early")).toBe(3);
  });

  test("[INV62] are as many as the settings of the moment say, and are counted without a limit too", () => {
    const area = AreaHarness.open(10, { stages: [early] });
    area.hold({ reservationId: r1, quantity: 3 });
    area.configure({ version: 2, stages: [{ ...early, unitsMax: 4 }] });
    expect(pricesOf(area.hold({ reservationId: r2, quantity: 2 }))).toEqual([PRICE, PRICE]);
    expect(pricesOf(area.hold({ reservationId: r3, quantity: 1 }))).toEqual([EARLY]);
    // Fewer than are taken already: nothing is left, and nothing is taken back.
    area.configure({ version: 3, stages: [{ ...early, unitsMax: 1 }] });
    expect(pricesOf(area.hold({ reservationId: idOf("r5") }))).toEqual([PRICE]);
    expect(area.taken("stage:early")).toBe(4);
    area.expectRefused(
      () => area.hold({ reservationId: idOf("r6"), terms: { stageId: "early" } }),
      {
        code: "stage_sold_out",
        left: 0,
      },
    );
  });
});

describe("a buyer who names the stage they were shown", () => {
  const stages = [{ ...early, unitsMax: 2, endsAtMs: START_MS + 1_000 }, late];

  test("[INV63] gets it, also when another one comes first", () => {
    const area = AreaHarness.open(10, { stages });
    const shown = (stageId: string) => ({ terms: { stageId } });
    expect(pricesOf(area.hold({ reservationId: r1, ...shown("early") }))).toEqual([EARLY]);
    expect(pricesOf(area.hold({ reservationId: r2, ...shown("late") }))).toEqual([LATE]);
    expect(area.taken("stage:late")).toBe(1);
  });

  test("[INV63] is refused rather than moved to another when it has less room, with what is left", () => {
    const area = AreaHarness.open(10, { stages });
    const terms = { stageId: "early" };
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 3, terms }), {
      code: "stage_sold_out",
      left: 2,
    });
    expect(pricesOf(area.hold({ reservationId: r1, quantity: 2, terms }))).toEqual([EARLY, EARLY]);
    area.expectRefused(() => area.hold({ reservationId: r2, terms }), {
      code: "stage_sold_out",
      left: 0,
    });
  });

  test("[INV63] is refused when it is over or was never there, with the one that is on", () => {
    const area = AreaHarness.open(10, { stages });
    const ended = (currentStageId: string | null) => ({
      code: "stage_ended" as const,
      currentStageId,
    });
    const hold = (stageId: string) => () => area.hold({ reservationId: r1, terms: { stageId } });
    area.expectRefused(hold("nothing"), ended("early"));
    area.hold({ reservationId: r2, quantity: 2 });
    // The first one has nothing left, so it is not the one that is on.
    area.expectRefused(hold("nothing"), ended("late"));
    area.wait(999);
    area.expectRefused(hold("early"), { code: "stage_sold_out", left: 0 });
    area.wait(1);
    area.expectRefused(hold("early"), ended("late"));
    area.configure({
      version: 2,
      stages: [early].map((stage) => ({ ...stage, startsAtMs: area.nowMs + 1 })),
    });
    area.expectRefused(hold("early"), ended(null));
    area.configure({ version: 3 });
    area.expectRefused(hold("early"), ended(null));
  });

  test("[INV63] one that is on but too small for the order is still the one that is on", () => {
    const area = AreaHarness.open(10, { stages: [{ ...early, unitsMax: 2 }] });
    area.expectRefused(
      () => area.hold({ reservationId: r1, quantity: 3, terms: { stageId: "nothing" } }),
      {
        code: "stage_ended",
        currentStageId: "early",
      },
    );
  });
});

describe("a stage over several areas", () => {
  const pooled = { ...early, poolId: "pool-1" };

  test("[INV64] tells with the hold what to hold in its pool, also when it is repeated", () => {
    const area = AreaHarness.open(10, { stages: [pooled] });
    const pools = [{ poolId: "pool-1", quantity: 3, stageId: "early" }];
    const first = area.hold({ reservationId: r1, quantity: 3 });
    expect(first).toMatchObject({ ok: true, pools });
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r1, quantity: 3 })).toEqual(first),
    );
    expect(area.extend(r1, "p1")).toMatchObject({ ok: true, pools });
    expect(area.reservation(r1)?.pools).toEqual(pools);
    expect(area.hold({ reservationId: r2, quantity: 1, stagesFull: ["early"] })).not.toHaveProperty(
      "pools",
    );
  });

  test("[INV19, INV64] without room in the pool, the hold is given back and asked for without that stage", () => {
    const area = AreaHarness.open(10, { stages: [pooled, late] });
    area.hold({ reservationId: r1, quantity: 2 });
    area.release(r1);
    const again = area.hold({ reservationId: r1, quantity: 2, stagesFull: ["early"] });
    expect(pricesOf(again)).toEqual([LATE, LATE]);
    expect(again).not.toHaveProperty("pools");
    expect(area.taken("stage:early")).toBe(0);
    expect(area.taken("stage:late")).toBe(2);
    area.hold({ reservationId: r2, quantity: 1, stagesFull: ["early", "late"] });
    expect(area.reservation(r2)?.units).toMatchObject([{ priceInCents: PRICE }]);
  });

  test("[INV63, INV64] whoever was shown that stage is told that it is sold out", () => {
    const area = AreaHarness.open(10, { stages: [pooled, late] });
    const request = { reservationId: r1, stagesFull: ["early"] };
    area.expectRefused(() => area.hold({ ...request, terms: { stageId: "early" } }), {
      code: "stage_sold_out",
      left: 0,
    });
    area.expectRefused(() => area.hold({ ...request, terms: { stageId: "nothing" } }), {
      code: "stage_ended",
      currentStageId: "late",
    });
  });
});
