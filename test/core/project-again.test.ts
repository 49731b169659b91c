import { describe, expect, test } from "vitest";
import type { OutboxBody } from "../../durable-objects/area-inventory/flush.ts";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import { AreaHarness, START_MS, holdCommand, r1, r2, r3 } from "../support/area-harness.ts";

const projectAgain = (
  area: AreaHarness,
  reservationIds: readonly string[],
  unitIds: readonly string[] = [],
) => area.run("project-again", { kind: "project-again", reservationIds, unitIds });

/** A sale of two units, a hold of two, and two that are free; nothing of it waits any more. */
function soldAndHeld(): AreaHarness {
  const area = AreaHarness.open(6);
  area.hold({ reservationId: r1, quantity: 2 });
  area.commit(r1, "p1");
  area.hold({ reservationId: r2, quantity: 2 });
  area.store.removeOutboxRows(area.version());
  return area;
}

/** All but what is told and the version. */
function contentOf(area: AreaHarness): unknown {
  const { outbox: _outbox, area: rows, ...tables } = area.dump();
  return { tables, counts: area.counts(), rows: Array.isArray(rows) && rows.length };
}

describe("telling Postgres again", () => {
  test("[INV76] tells reservations and units as they are, under a new version, and changes nothing else", () => {
    const area = soldAndHeld();
    const version = area.version();
    const before = contentOf(area);
    expect(projectAgain(area, [r1, r2], ["unit-0", "unit-2", "unit-4"])).toEqual({
      ok: true,
      reservations: 2,
      units: 3,
    });
    expect(contentOf(area)).toEqual(before);
    expect(area.version()).toBe(version + 1);
    const next = { version: version + 1 };
    expect(area.outbox()).toEqual([
      {
        sequence: version + 1,
        body: {
          atMs: START_MS,
          reservations: [
            { ...area.reservation(r1), ...next },
            { ...area.reservation(r2), ...next },
          ],
          units: [
            { unitId: "unit-0", state: "sold", ...next },
            { unitId: "unit-2", state: "held", ...next },
            { unitId: "unit-4", state: "available", ...next },
          ],
          effects: [],
        },
      },
    ]);
  });

  test("[INV76] leaves out what the area does not know, and tells twice what is named twice once", () => {
    const area = soldAndHeld();
    const answer = projectAgain(area, [r3, r1, r1], ["unit-0", "unit-0", "unit-99"]);
    expect(answer).toEqual({ ok: true, reservations: 1, units: 1 });
  });

  test("[INV76] writes nothing when nothing that is named is known", () => {
    const area = soldAndHeld();
    area.expectUnchanged(() => {
      const answer = projectAgain(area, [r3], ["unit-99"]);
      expect(answer).toEqual({ ok: true, reservations: 0, units: 0 });
    });
  });

  test("[INV76] an area without settings refuses", () => {
    const area = new AreaHarness();
    area.expectRefused(() => projectAgain(area, [r1]), { code: "area_unknown" });
  });

  test.each(["before", "after"] as const)(
    "[INV76] tells the state a unit has at the end of the batch, when a hold comes %s it",
    (order) => {
      const area = AreaHarness.open(2);
      const hold = waitingFor("place-hold", holdCommand({ reservationId: r1 }), () => undefined);
      const again = waitingFor(
        "project-again",
        { kind: "project-again", reservationIds: [], unitIds: ["unit-0"] },
        () => undefined,
      );
      area.drain(order === "before" ? [hold, again] : [again, hold]);
      expect(area.outbox().at(-1)?.body.units).toMatchObject([{ unitId: "unit-0", state: "held" }]);
    },
  );
});

describe("an area that is mended", () => {
  const lost = (state: "sold" | "held") => {
    const area = AreaHarness.open(6);
    area.hold({ reservationId: r1, quantity: 2 });
    if (state === "sold") area.commit(r1, "p1");
    const part = area.reservation(r1);
    if (part === null) throw new Error("nothing was held");
    return part;
  };
  const mend = (area: AreaHarness, state: "sold" | "held") =>
    area.run("restore-reservations", {
      kind: "restore-reservations",
      reservations: [lost(state)],
      sequenceAtLeast: 40,
      isMending: true,
    });

  test.each(["sold", "held"] as const)(
    "[INV77] takes a %s reservation back while it goes on selling",
    (state) => {
      const area = AreaHarness.open(6);
      area.hold({ reservationId: r2, unitIds: ["unit-5"] });
      expect(mend(area, state)).toEqual({ ok: true, restored: 1 });
      expect(area.ownerOf("unit-0")).toBe(r1);
      expect(area.ownerOf("unit-5")).toBe(r2);
      expect(area.version()).toBeGreaterThan(40);
      expect(area.hold({ reservationId: r3, quantity: 3 })).toMatchObject({ ok: true });
    },
  );

  test("[INV77] takes a unit from nobody who holds it", () => {
    const area = AreaHarness.open(6);
    area.hold({ reservationId: r2, unitIds: ["unit-1"] });
    area.expectRefused(() => mend(area, "sold"), { code: "units_conflict", unitIds: ["unit-1"] });
  });
});

describe("what waits for Postgres", () => {
  test("[INV60] is counted, and says since when it does", () => {
    const area = AreaHarness.open(6);
    expect(area.store.audit.outboxSummary()).toEqual({ rows: 0, oldestAtMs: null });
    area.hold({ reservationId: r1 });
    area.wait(5_000);
    area.hold({ reservationId: r2 });
    expect(area.store.audit.outboxSummary()).toEqual({ rows: 2, oldestAtMs: START_MS });
  });

  test("[INV60] does not say since when, of a row that an older version wrote", () => {
    const area = AreaHarness.open(6);
    const body: OutboxBody = { reservations: [], units: [], effects: [] };
    area.store.addOutboxRow({ sequence: 1, body });
    expect(area.store.audit.outboxSummary()).toEqual({ rows: 1, oldestAtMs: null });
    area.store.removeOutboxRows(1);
  });

  test("[INV60] is counted to a thousand", () => {
    const area = AreaHarness.open(1);
    const body: OutboxBody = { reservations: [], units: [], effects: [] };
    for (let row = 1; row <= 1_005; row += 1)
      area.store.addOutboxRow({ sequence: row - 2_000, body });
    expect(area.store.audit.outboxSummary()).toMatchObject({ rows: 1_000 });
  });

  test("[INV78] is known by the ids of its reservations and units, until it was told", () => {
    const area = AreaHarness.open(6);
    area.hold({ reservationId: r1 });
    area.store.removeOutboxRows(area.version());
    area.hold({ reservationId: r2 });
    area.commit(r2, "p2");
    const ids = [r1, r2, r3, "unit-0", "unit-1"];
    expect(area.store.audit.waitingIds(ids)).toEqual([r2, "unit-1"]);
    area.store.removeOutboxRows(area.version());
    expect(area.store.audit.waitingIds(ids)).toEqual([]);
  });

  test("[INV78] is anything, when more waits than one flush takes", () => {
    const area = AreaHarness.open(1);
    const body: OutboxBody = { reservations: [], units: [], effects: [] };
    for (let row = 1; row <= 201; row += 1) area.store.addOutboxRow({ sequence: row - 300, body });
    expect(area.store.audit.waitingIds([r1])).toEqual([r1]);
    area.store.removeOutboxRows(-299);
    expect(area.store.audit.waitingIds([r1])).toEqual([]);
  });

  test("[INV78] reservations are read page by page, in order of id", () => {
    const area = AreaHarness.open(6);
    for (const reservationId of [r3, r1, r2]) area.hold({ reservationId });
    const { audit } = area.store;
    expect(audit.reservationsAfter("", 2)).toEqual([area.reservation(r1), area.reservation(r2)]);
    expect(audit.reservationsAfter(r2, 2)).toEqual([area.reservation(r3)]);
    expect(audit.reservationsAfter(r3, 2)).toEqual([]);
  });
});
