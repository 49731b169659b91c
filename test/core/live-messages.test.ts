// What is worth telling those who watch an area.

import { describe, expect, test } from "vitest";
import type { AreaChanges } from "../../durable-objects/area-inventory/contract.ts";
import { newsOf } from "../../durable-objects/area-watch/messages.ts";

const counts = { available: 5, held: 0, sold: 0, blocked: 0 };
const before = { version: 1, on_sale: true, counts };

const areaWith = (changes: AreaChanges["changes"]): AreaChanges => ({
  version: 2,
  isOpen: true,
  counts,
  changes,
});
const held = (units: number) =>
  Array.from({ length: units }, () => ({ unitId: crypto.randomUUID(), state: "held" as const }));

describe("news", () => {
  test("[LIVE3] are none when only the version is new", () => {
    expect(newsOf(areaWith([]), { before, watchers: 1 })).toBeNull();
  });

  test("[LIVE3] are also that the sale opens or closes", () => {
    const area = { ...areaWith([]), isOpen: false };
    expect(newsOf(area, { before, watchers: 1 })).toMatchObject({
      kind: "changes",
      on_sale: false,
      changes: [],
    });
  });

  test.each([
    [2_000, 400, "changes"],
    [2_000, 500, "reload"],
    [45, 20_000, "changes"],
    [50, 20_000, "reload"],
  ])("[LIVE4] of %i units for %i watchers are %s", (units, watchers, kind) => {
    const news = newsOf(areaWith(held(units)), { before, watchers });
    expect(news?.kind).toBe(kind);
    expect(news?.version).toBe(2);
    // However many watch, no second has more to send than this.
    expect(JSON.stringify(news).length * watchers).toBeLessThan(70_000_000);
  });

  test("[LIVE4] are to load the map anew when the area does not remember", () => {
    expect(newsOf(areaWith(null), { before, watchers: 1 })).toEqual({
      kind: "reload",
      version: 2,
      on_sale: true,
      counts,
    });
  });
});
