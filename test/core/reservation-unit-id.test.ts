import { describe, expect, test, vi } from "vitest";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { Batch } from "../../durable-objects/area-inventory/batch.ts";
import { AreaHarness, r1, r2, r3, ticketOf } from "../support/area-harness.ts";

describe("the ids of a reservation's units", () => {
  test("[INV48] are its own id with their numbers in the last 4 digits, from the first one given", () => {
    const area = AreaHarness.open(4);
    const reservationId = "0e2f7a55-7c1e-4b5f-9d8a-3c6b1f00beef";
    const outcome = area.hold({ reservationId, quantity: 2, firstUnitIndex: 255 });
    expect(outcome).toMatchObject({
      units: [
        { reservationUnitId: "0e2f7a55-7c1e-4b5f-9d8a-3c6b1f0000ff" },
        { reservationUnitId: "0e2f7a55-7c1e-4b5f-9d8a-3c6b1f000100" },
      ],
    });
    expect(area.reservation(reservationId)?.units).toHaveLength(2);
  });

  test.each([
    ["asked for one by one", false],
    ["read ahead for a batch", true],
  ])("[INV48] lead to the reservation, and only to it: %s", (_when, areExpected) => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: r1, quantity: 2 });
    area.hold({ reservationId: r2, quantity: 1, firstUnitIndex: 2 });
    const batch = new Batch(area.store, loadMemory(area.store));
    const ownerOf = (id: string) => batch.reservationOfUnit(id)?.reservationId;
    // Another area's part of the same reservation, the reservation itself, and what is no such id at all.
    const strangers = [ticketOf(r1, 2), ticketOf(r2, 0), ticketOf(r3, 0), r1, "", "x", `${r1}0`];
    if (areExpected)
      batch.expect([ticketOf(r1, 0), ticketOf(r1, 1), ticketOf(r2, 2), ...strangers]);
    expect(ownerOf(ticketOf(r1, 0))).toBe(r1);
    expect(ownerOf(ticketOf(r1, 1))).toBe(r1);
    expect(ownerOf(ticketOf(r2, 2))).toBe(r2);
    for (const id of strangers) expect(ownerOf(id)).toBeUndefined();
    for (const id of [r1, r2]) expect(batch.reservation(id)).toEqual(area.reservation(id));
    for (const id of [r3, "", "x", `${r1}0`]) expect(batch.reservation(id)).toBeNull();
  });

  test.each([-1, 65_536])(
    "[INV48] are 65,536 in one reservation, and none has number %i",
    (index) => {
      const area = AreaHarness.open(4);
      expect(area.hold({ reservationId: r1, firstUnitIndex: 65_535 })).toMatchObject({ ok: true });
      vi.spyOn(console, "error").mockImplementationOnce(() => undefined);
      const beyond = { reservationId: r2, firstUnitIndex: index };
      area.expectRefused(() => area.hold(beyond), { code: "command_failed" });
    },
  );
});
