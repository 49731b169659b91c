import { describe, expect, test } from "vitest";
import type { AreaSettings } from "../../durable-objects/area-inventory/core/commands.ts";
import { AreaHarness, HOLD_MS, r1, r2, ticketOf } from "../support/area-harness.ts";

/** `r1` has a ticket for unit 0, of such an area. */
function withTicket(settings: Partial<AreaSettings> = {}): AreaHarness {
  const area = AreaHarness.open(3, settings);
  area.buy({ reservationId: r1 });
  area.wait(1_000);
  return area;
}

const ticket = ticketOf(r1, 0);
const [a, b, c, d] = ["scan-a", "scan-b", "scan-c", "scan-d"].map((scanId) => ({ scanId }));

describe("a ticket for several people", () => {
  test("[INV8, INV73] lets in as many as the settings say, each with a scan of its own, and no more", () => {
    const area = withTicket({ peoplePerUnit: 3 });
    for (const scanId of ["s1", "s2", "s3"]) {
      expect(area.admit({ scanId })).toEqual({
        ok: true,
        reservationUnitId: ticket,
        label: "A-1-1",
        admittedAtMs: area.nowMs,
      });
      area.wait(1_000);
    }
    // Time and gate of the last one who came in.
    area.expectRefused(() => area.admit({ scanId: "s4" }), {
      code: "already_admitted",
      admittedAtMs: area.nowMs - 1_000,
      gate: "north",
    });
    expect(area.ticket(ticket)).toEqual({
      reservationUnitId: ticket,
      serial: 1,
      admittedAtMs: area.nowMs - 3_000,
      scanId: "s1",
      gate: "north",
      passages: [
        { direction: "in", scanId: "s2", gate: "north", atMs: area.nowMs - 2_000 },
        { direction: "in", scanId: "s3", gate: "north", atMs: area.nowMs - 1_000 },
      ],
    });
  });

  test("[INV4, INV73] each scan sent again gets its own first answer, also when all are in", () => {
    const area = withTicket({ peoplePerUnit: 2 });
    const first = area.admit({ scanId: "s1" });
    area.wait(1_000);
    const second = area.admit({ scanId: "s2", gate: "south" });
    area.wait(1_000);
    area.expectUnchanged(() => {
      expect(area.admit({ scanId: "s1" })).toEqual(first);
      expect(area.admit({ scanId: "s2", gate: "south" })).toEqual(second);
    });
    expect(first).not.toEqual(second);
    area.expectRefused(() => area.admit({ scanId: "s3" }), {
      code: "already_admitted",
      admittedAtMs: area.nowMs - 1_000,
      gate: "south",
    });
  });

  test("[INV73] admits one unless told, and as many as the settings of the moment say", () => {
    const area = withTicket();
    area.admit({ scanId: "s1" });
    expect(area.admit({ scanId: "s2" })).toMatchObject({ ok: false });
    area.configure({ version: 2, peoplePerUnit: 2 });
    expect(area.admit({ scanId: "s2" })).toMatchObject({ ok: true });
    area.configure({ version: 3, peoplePerUnit: 1 });
    expect(area.admit({ scanId: "s3" })).toMatchObject({ ok: false });
  });
});

describe("a ticket held for more people than the settings say by now", () => {
  const comeIn = (area: AreaHarness, people: number) =>
    Array.from({ length: people }, (_, index) => area.admit({ scanId: `person-${index}` }).ok);

  test("[INV85] admits as many as at its hold, paid in time or late, bought or kept back by the organizer", () => {
    const ways: ((area: AreaHarness) => void)[] = [
      (area) => area.hold({ reservationId: r1 }),
      (area) => {
        area.hold({ reservationId: r1 });
        area.wait(HOLD_MS);
      },
      (area) => area.reserve(r1, { quantity: 1 }),
    ];
    for (const hold of ways) {
      const area = AreaHarness.open(3, { peoplePerUnit: 3 });
      hold(area);
      area.configure({ version: 2, peoplePerUnit: 2 });
      expect(area.commit(r1, "p1").ok).toBe(true);
      area.configure({ version: 3 });
      expect(comeIn(area, 4)).toEqual([true, true, true, false]);
    }
  });

  test("[INV85] admits more once the settings say more", () => {
    const area = withTicket({ peoplePerUnit: 2 });
    area.configure({ version: 2, peoplePerUnit: 3 });
    expect(comeIn(area, 4)).toEqual([true, true, true, false]);
  });

  test("[INV85] is as its newest hold was, when that was given back and placed again", () => {
    const area = AreaHarness.open(3, { peoplePerUnit: 3 });
    area.hold({ reservationId: r1 });
    area.release(r1);
    area.configure({ version: 2, peoplePerUnit: 2 });
    area.buy({ reservationId: r1 });
    expect(comeIn(area, 3)).toEqual([true, true, false]);
  });

  test("[INV85] follows the settings where its hold did not keep how many", () => {
    const area = withTicket();
    expect(area.reservation(r1)).not.toHaveProperty("peoplePerUnit");
    area.configure({ version: 2, peoplePerUnit: 2 });
    expect(comeIn(area, 3)).toEqual([true, true, false]);
  });
});

describe("going out", () => {
  test("[INV74] is recorded, and whoever went out comes in again where that is allowed", () => {
    const area = withTicket({ allowsReentry: true });
    const inAtMs = area.nowMs;
    area.admit({ ...a });
    area.wait(1_000);
    expect(area.exit({ ...b, gate: "south" })).toEqual({
      ok: true,
      reservationUnitId: ticket,
      label: "A-1-1",
      exitedAtMs: area.nowMs,
    });
    expect(area.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ tickets: [{ passages: [{ direction: "out" }] }] }],
      units: [],
      effects: [],
    });
    area.wait(1_000);
    expect(area.admit({ ...c, gate: "west" })).toMatchObject({
      ok: true,
      admittedAtMs: area.nowMs,
    });
    expect(area.ticket(ticket)).toEqual({
      reservationUnitId: ticket,
      serial: 1,
      admittedAtMs: inAtMs,
      scanId: "scan-a",
      gate: "north",
      passages: [
        { direction: "out", scanId: "scan-b", gate: "south", atMs: inAtMs + 1_000 },
        { direction: "in", scanId: "scan-c", gate: "west", atMs: inAtMs + 2_000 },
      ],
    });
    area.expectRefused(() => area.admit({ ...d }), {
      code: "already_admitted",
      admittedAtMs: area.nowMs,
      gate: "west",
    });
  });

  test("[INV8, INV74] does not let anybody in again where that is not allowed", () => {
    for (const settings of [{}, { allowsReentry: false }]) {
      const area = withTicket(settings);
      const admittedAtMs = area.nowMs;
      area.admit({ ...a });
      area.wait(1_000);
      area.exit({ ...b, gate: "south" });
      // Time and gate of whoever came in, not of whoever went out.
      area.expectRefused(() => area.admit({ ...c }), {
        code: "already_admitted",
        admittedAtMs,
        gate: "north",
      });
    }
  });

  test("[INV74] goes on for ever, one out for one in", () => {
    const area = withTicket({ allowsReentry: true });
    for (let round = 0; round < 5; round += 1) {
      expect(area.admit({ scanId: `in-${round}` })).toMatchObject({ ok: true });
      expect(area.admit({ scanId: `second-${round}` })).toMatchObject({ ok: false });
      expect(area.exit({ scanId: `out-${round}` })).toMatchObject({ ok: true });
      expect(area.exit({ scanId: `again-${round}` })).toMatchObject({ ok: false });
    }
    expect(area.ticket(ticket)?.passages).toHaveLength(9);
  });

  test("[INV73, INV74] of one among several makes room for one", () => {
    const area = withTicket({ allowsReentry: true, peoplePerUnit: 2 });
    area.admit({ ...a });
    area.admit({ ...b });
    area.exit({ ...c });
    expect(area.admit({ ...d })).toMatchObject({ ok: true });
    expect(area.admit({ scanId: "scan-e" })).toMatchObject({ ok: false });
  });

  test("[INV74] is refused when nobody with the ticket is inside", () => {
    const area = withTicket({ allowsReentry: true, peoplePerUnit: 2 });
    const nobody = { code: "not_inside" as const };
    area.expectRefused(() => area.exit({ ...a }), nobody);
    area.admit({ ...a });
    area.exit({ ...b });
    area.expectRefused(() => area.exit({ ...c }), nobody);
    area.admit({ ...c });
    expect(area.exit({ ...d })).toMatchObject({ ok: true });
  });

  test("[INV4, INV74] sent again gets its first answer, also when nobody is inside any more", () => {
    const area = withTicket({ allowsReentry: true });
    area.admit({ ...a });
    area.wait(1_000);
    const first = area.exit({ ...b });
    area.wait(1_000);
    area.expectUnchanged(() => expect(area.exit({ ...b })).toEqual(first));
    area.admit({ ...c });
    area.expectUnchanged(() => expect(area.exit({ ...b })).toEqual(first));
  });

  test("[INV4, INV74] a scan as the other kind of passage is refused, inside and outside", () => {
    const area = withTicket({ allowsReentry: true });
    const reused = { code: "command_reused" as const };
    area.admit({ ...a });
    area.expectRefused(() => area.exit({ ...a }), reused);
    area.exit({ ...b });
    area.expectRefused(() => area.admit({ ...b }), reused);
    area.expectRefused(() => area.exit({ ...a }), reused);
  });
});

describe("the gate on the way out", () => {
  test("[INV31, INV32, INV74] refuses what it refuses on the way in", () => {
    const area = withTicket({ allowsReentry: true });
    area.hold({ reservationId: r2 });
    area.admit({ ...a });
    const unknown = { code: "ticket_unknown" as const };
    area.expectRefused(() => area.exit({ ...b, serial: 2 }), { code: "ticket_revoked" });
    area.expectRefused(() => area.exit({ ...b, profileId: "organizer-2" }), unknown);
    area.expectRefused(() => area.exit({ ...b, profileId: "organizer-2", serial: 2 }), unknown);
    area.expectRefused(() => area.exit({ ...b, reservationUnitId: ticketOf(r2, 0) }), unknown);
    area.expectRefused(() => area.exit({ ...b, reservationUnitId: "nothing" }), unknown);
  });

  test("[INV9, INV74] knows no ticket of an area without settings", () => {
    const area = new AreaHarness();
    area.expectRefused(() => area.exit({}), { code: "ticket_unknown" });
  });

  test("[INV74] lets one ticket out and not its neighbour", () => {
    const area = AreaHarness.open(3, { allowsReentry: true });
    area.buy({ reservationId: r1, quantity: 2 });
    area.admit({ ...a });
    area.expectRefused(() => area.exit({ ...b, reservationUnitId: ticketOf(r1, 1) }), {
      code: "not_inside",
    });
    expect(area.admit({ ...a, reservationUnitId: ticketOf(r1, 1) })).toMatchObject({ ok: true });
    area.exit({ ...b, reservationUnitId: ticketOf(r1, 1) });
    expect(area.ticket(ticket)).not.toHaveProperty("passages");
  });
});
