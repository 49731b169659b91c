import { describe, expect, test } from "vitest";
import { AreaHarness, HOLD_MS, r1, r2, ticketOf } from "../support/area-harness.ts";

function withTicket(): AreaHarness {
  const area = AreaHarness.open(3);
  area.hold({ reservationId: r1, quantity: 2 });
  area.commit(r1, "p1");
  return area;
}

test("[INV8, INV30] a ticket is admitted once, with time, scan and gate, and its neighbour is not", () => {
  const area = withTicket();
  area.wait(1_000);
  const admittedAtMs = area.nowMs;
  expect(area.admit({})).toEqual({
    ok: true,
    reservationUnitId: ticketOf(r1, 0),
    label: "A-1-1",
    admittedAtMs,
  });
  expect(area.ticket(ticketOf(r1, 0))).toMatchObject({
    admittedAtMs,
    scanId: "scan-1",
    gate: "north",
  });
  expect(area.ticket(ticketOf(r1, 1))).toMatchObject({ admittedAtMs: null });
  expect(area.outbox().at(-1)?.body.reservations).toMatchObject([
    {
      state: "sold",
      tickets: [{ admittedAtMs }, { admittedAtMs: null }],
    },
  ]);
  expect(area.outbox().at(-1)?.body.units).toEqual([]);
  expect(area.counts()).toEqual({ available: 1, held: 0, sold: 2, blocked: 0 });
});

test("[INV8, INV30] another scan is refused with time and gate of the first", () => {
  const area = withTicket();
  const admittedAtMs = area.nowMs;
  area.admit({ gate: "north" });
  area.wait(5_000);
  const refusal = { code: "already_admitted" as const, admittedAtMs, gate: "north" };
  area.expectRefused(() => area.admit({ scanId: "scan-2", gate: "south" }), refusal);
  area.expectRefused(() => area.admit({ scanId: "scan-3", gate: "north" }), refusal);
});

test("[INV4, INV30] the same scan again gets the first answer", () => {
  const area = withTicket();
  const first = area.admit({});
  area.wait(5_000);
  area.expectUnchanged(() => expect(area.admit({})).toEqual(first));
});

describe("[INV8, INV31] another serial is revoked", () => {
  test.each([0, 2, -1])("[INV31] %i", (serial) => {
    const area = withTicket();
    area.expectRefused(() => area.admit({ serial }), { code: "ticket_revoked" });
    area.admit({});
    area.expectRefused(() => area.admit({ serial }), { code: "ticket_revoked" });
  });
});

test("[INV32] another organizer's gate learns nothing, whatever the ticket", () => {
  const area = withTicket();
  const unknown = { code: "ticket_unknown" as const };
  area.expectRefused(() => area.admit({ profileId: "organizer-2" }), unknown);
  area.expectRefused(() => area.admit({ profileId: "organizer-2", serial: 9 }), unknown);
  area.admit({});
  area.expectRefused(() => area.admit({ profileId: "organizer-2" }), unknown);
  area.expectRefused(() => area.admit({ reservationUnitId: "nothing" }), unknown);
  area.expectRefused(() => area.admit({ reservationUnitId: "" }), unknown);
});

test("[INV32] what is held, released or expired is no ticket", () => {
  const area = AreaHarness.open(3);
  const unknown = { code: "ticket_unknown" as const };
  area.hold({ reservationId: r1 });
  area.expectRefused(() => area.admit({}), unknown);
  area.release(r1);
  area.expectRefused(() => area.admit({}), unknown);
  area.hold({ reservationId: r2 });
  area.wait(HOLD_MS);
  area.run("expire-holds", { kind: "expire-holds" });
  area.expectRefused(() => area.admit({ reservationUnitId: ticketOf(r2, 0) }), unknown);
});
