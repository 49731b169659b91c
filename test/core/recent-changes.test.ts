// What an area tells those who follow it from afar: a copy that applies every answer must equal the area.

import fc from "fast-check";
import { afterEach, expect, test, vi } from "vitest";
import type { AreaChanges } from "../../durable-objects/area-inventory/contract.ts";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import type { UnitState } from "../../durable-objects/area-inventory/core/view.ts";
import { type Waiting, waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import { answerQuestion } from "../../durable-objects/area-inventory/questions.ts";
import { RecentChanges } from "../../durable-objects/area-inventory/recent-changes.ts";
import { AreaHarness, HOLD_MS, holdCommand, idOf, r1, r2, seats } from "../support/area-harness.ts";

afterEach(() => vi.restoreAllMocks());

/** As the shell asks: what is due has expired before. */
function changesSince(area: AreaHarness, version: number | null): AreaChanges {
  area.drain([]);
  const memory = (area.memory.current ??= loadMemory(area.store));
  const question = { kind: "changes-since" as const, version };
  const asked = { store: area.store, memory, nowMs: area.nowMs };
  const answer = answerQuestion("changes-since", question, asked);
  if (answer === null) throw new Error("the area has no settings");
  return answer;
}

/** Unit ids by state. */
function changed(area: AreaHarness, version: number) {
  const { changes } = changesSince(area, version);
  return changes && Object.fromEntries(changes.map(({ unitId, state }) => [unitId, state]));
}

test("[INV59] a follower hears of what a hold, a sale, a release and an expiry changed", () => {
  const area = AreaHarness.open(4);
  const before = area.version();
  expect(changesSince(area, before)).toEqual({
    version: before,
    isOpen: true,
    counts: { available: 4, held: 0, sold: 0, blocked: 0 },
    changes: [],
  });
  area.hold({ reservationId: r1, quantity: 2 });
  expect(changed(area, before)).toEqual({ "unit-0": "held", "unit-1": "held" });
  const held = area.version();
  area.commit(r1, "p1");
  expect(changed(area, held)).toEqual({ "unit-0": "sold", "unit-1": "sold" });
  const sold = area.version();
  area.hold({ reservationId: r2, quantity: 1 });
  area.release(r2);
  expect(changed(area, sold)).toEqual({ "unit-2": "available" });
  const released = area.version();
  area.hold({ reservationId: idOf("r5"), quantity: 2 });
  area.wait(HOLD_MS);
  expect(changesSince(area, released)).toEqual({
    version: released + 2,
    isOpen: true,
    counts: { available: 2, held: 0, sold: 2, blocked: 0 },
    changes: [
      { unitId: "unit-2", state: "available" },
      { unitId: "unit-3", state: "available" },
    ],
  });
});

test("[INV59] a unit that changed more than once is named once, as it is now", () => {
  const area = AreaHarness.open(2);
  const before = area.version();
  area.hold({ reservationId: r1, quantity: 1 });
  area.commit(r1, "p1");
  expect(changesSince(area, before).changes).toEqual([{ unitId: "unit-0", state: "sold" }]);
});

test("[INV59] what it does not remember it says it does not", () => {
  const area = AreaHarness.open(4);
  const before = area.version();
  area.hold({ reservationId: r1, quantity: 1 });
  const held = area.version();
  expect(changed(area, 0)).toBeNull();
  expect(changesSince(area, null)).toMatchObject({ version: held, changes: null });
  // Told by an object that was lost since.
  expect(changed(area, held + 1)).toBeNull();
  area.memory.current = null;
  expect(changed(area, before)).toBeNull();
  expect(changed(area, held)).toEqual({});
  area.load(seats(2, 4));
  expect(changed(area, held)).toBeNull();
  expect(changed(area, area.version())).toEqual({});
});

test("[INV59] after restored data it remembers nothing from before", () => {
  const area = AreaHarness.open(4, { isRestoring: true });
  const before = area.version();
  area.run("restore-reservations", {
    kind: "restore-reservations",
    reservations: [],
    sequenceAtLeast: before + 10,
  });
  expect(changed(area, before)).toBeNull();
  expect(changed(area, before + 10)).toBeNull();
  expect(changed(area, area.version())).toEqual({});
});

test("[INV59] a batch that failed is not remembered, nor is what was before it", () => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  const area = AreaHarness.open(4);
  const before = area.version();
  area.hold({ reservationId: r1, quantity: 1 });
  const held = area.version();
  const broken: Waiting = {
    about: null,
    run: () => {
      throw new Error("broken");
    },
    fail: () => undefined,
  };
  const good = waitingFor(
    "place-hold",
    holdCommand({ reservationId: r2, quantity: 1 }),
    () => undefined,
  );
  area.drain([broken, good]);
  expect(changed(area, before)).toBeNull();
  expect(changed(area, held)).toEqual({ "unit-1": "held" });
});

test("[INV59] it remembers two thousand units, and whole batches only", () => {
  const recent = new RecentChanges(10);
  const some = (length: number, first: number) =>
    Array.from({ length }, (_, offset) => first + offset);
  recent.add(11, some(1_000, 0));
  recent.add(12, some(999, 1_000));
  recent.add(13, []);
  recent.add(14, [0]);
  expect(recent.after(10)).toEqual(some(1_999, 0));
  recent.add(15, [2_000]);
  expect(recent.after(10)).toBeNull();
  expect(recent.after(11)).toEqual([...some(999, 1_000), 0, 2_000]);
  recent.add(16, some(2_001, 0));
  expect(recent.after(15)).toBeNull();
  expect(recent.after(16)).toEqual([]);
});

test("[INV59] remembering writes nothing", () => {
  const area = AreaHarness.open(4);
  area.hold({ reservationId: r1, quantity: 1 });
  area.expectUnchanged(() => changesSince(area, 0));
});

type Step =
  | { do: "hold"; reservation: number; quantity: number }
  | { do: "commit" | "release"; reservation: number }
  | { do: "wait"; share: number }
  | { do: "forget" }
  | { do: "look" };

const reservation = fc.integer({ min: 1, max: 6 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant("hold" as const),
    reservation,
    quantity: fc.integer({ min: 1, max: 4 }),
  }),
  fc.record({ do: fc.constantFrom("commit" as const, "release" as const), reservation }),
  fc.record({ do: fc.constant("wait" as const), share: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ do: fc.constant("forget" as const) }),
  fc.record({ do: fc.constant("look" as const) }),
);

test("[INV59] a copy that follows equals the area, whatever happens between two looks", () => {
  const run = (steps: readonly Step[]) => {
    const area = AreaHarness.open(8);
    const ids = Array.from({ length: 8 }, (_, position) => `unit-${position}`);
    const all = () => new Map(ids.map((id) => [id, area.unitState(id)]));
    let version = area.version();
    let copy: Map<string, UnitState | undefined> = all();
    let isForgotten = false;
    const look = () => {
      const { changes, ...now } = changesSince(area, version);
      expect(changes !== null || isForgotten, "forgot without a reason").toBe(true);
      if (changes === null) copy = all();
      else for (const { unitId, state } of changes) copy.set(unitId, state);
      ({ version } = now);
      isForgotten = false;
      expect(copy).toEqual(all());
      expect(now.counts).toEqual(area.counts());
    };
    for (const { do: what, ...rest } of steps) {
      const reservationId = "reservation" in rest ? idOf(`r${rest.reservation}`) : "";
      if (what === "hold" && "quantity" in rest)
        area.hold({ reservationId, quantity: rest.quantity });
      else if (what === "commit") area.commit(reservationId, "p1");
      else if (what === "release") area.release(reservationId);
      else if (what === "wait" && "share" in rest) area.wait((HOLD_MS * rest.share) / 4);
      else if (what === "look") look();
      else {
        area.memory.current = null;
        isForgotten = true;
      }
    }
    look();
  };
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), run), { numRuns: 40 });
});
