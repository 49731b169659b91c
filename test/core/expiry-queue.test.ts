// When holds end, in memory: the same order as a list that is sorted anew for every question.

import fc from "fast-check";
import { expect, test } from "vitest";
import { ExpiryQueue } from "../../durable-objects/area-inventory/expiry-queue.ts";

const step = fc.record({
  reservationId: fc.constantFrom("a", "b", "c", "d", "e", "f", "g", "h"),
  state: fc.constantFrom("held", "held", "held", "released", "expired", "sold"),
  expiresAtMs: fc.integer({ min: 1, max: 20 }),
});

test("[INV24, INV51] knows what is due, oldest first, and the next expiry, whatever happened before", () => {
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 0, max: 21 }),
      (steps, nowMs) => {
        const queue = new ExpiryQueue([]);
        const held = new Map<string, number>();
        for (const each of steps) {
          queue.note(each);
          if (each.state === "held") held.set(each.reservationId, each.expiresAtMs);
          else held.delete(each.reservationId);
          const sorted = [...held].toSorted(
            ([leftId, left], [rightId, right]) => left - right || (leftId < rightId ? -1 : 1),
          );
          expect(queue.firstMs()).toBe(sorted[0]?.[1] ?? null);
          const due = sorted.filter(([, expiresAtMs]) => expiresAtMs <= nowMs).map(([id]) => id);
          // Asked twice: what is due stays so until it is said what became of it.
          expect(queue.due(nowMs)).toEqual(due);
          expect(queue.due(nowMs)).toEqual(due);
        }
      },
    ),
  );
});
