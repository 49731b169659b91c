import { expect, test } from "vitest";
import { AreaHarness, r1, r2, ticketOf } from "../support/area-harness.ts";

function withTickets(): AreaHarness {
  const area = AreaHarness.open(3);
  area.buy({ reservationId: r1, quantity: 2 });
  return area;
}

test("[INV75] raises the serial of one ticket, and says so to Postgres", () => {
  const area = withTickets();
  expect(area.reissue("c1")).toEqual({ ok: true, reservationUnitId: ticketOf(r1, 0), serial: 2 });
  expect(area.ticket(ticketOf(r1, 0))).toEqual({
    reservationUnitId: ticketOf(r1, 0),
    serial: 2,
    admittedAtMs: null,
    scanId: null,
    gate: null,
  });
  expect(area.ticket(ticketOf(r1, 1))?.serial).toBe(1);
  expect(area.outbox().at(-1)?.body).toMatchObject({
    reservations: [{ state: "sold", tickets: [{ serial: 2 }, { serial: 1 }] }],
    units: [],
    effects: [],
  });
});

test("[INV8, INV31, INV75] only the newest code comes in, however often the ticket changed hands", () => {
  const area = withTickets();
  const serials = ["c1", "c2", "c3"].map((commandId) => area.reissue(commandId));
  expect(serials).toMatchObject([{ serial: 2 }, { serial: 3 }, { serial: 4 }]);
  for (const serial of [1, 2, 3, 5])
    area.expectRefused(() => area.admit({ serial }), { code: "ticket_revoked" });
  expect(area.admit({ serial: 4 })).toMatchObject({ ok: true });
  area.expectRefused(() => area.admit({ serial: 3 }), { code: "ticket_revoked" });
  expect(area.admit({ reservationUnitId: ticketOf(r1, 1), serial: 1 })).toMatchObject({ ok: true });
});

test("[INV75] a ticket somebody came in with is refused, with time and gate of that", () => {
  const area = withTickets();
  const admittedAtMs = area.nowMs;
  area.admit({ gate: "south" });
  area.wait(60_000);
  area.expectRefused(() => area.reissue("c1"), {
    code: "already_admitted",
    admittedAtMs,
    gate: "south",
  });
  expect(area.reissue("c1", ticketOf(r1, 1))).toMatchObject({ ok: true, serial: 2 });
});

test("[INV74, INV75] one that went out again is refused too", () => {
  const area = AreaHarness.open(1, { allowsReentry: true });
  area.buy({ reservationId: r1 });
  area.admit({});
  area.exit({ scanId: "scan-2" });
  expect(area.reissue("c1")).toMatchObject({ refusal: { code: "already_admitted" } });
});

test("[INV71, INV75] a cancelled ticket is refused", () => {
  const area = withTickets();
  area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 0)] });
  area.expectRefused(() => area.reissue("c2"), { code: "ticket_cancelled" });
  expect(area.reissue("c2", ticketOf(r1, 1))).toMatchObject({ ok: true, serial: 2 });
});

test("[INV75] what is no ticket is unknown", () => {
  const area = withTickets();
  area.hold({ reservationId: r2 });
  const unknown = { code: "ticket_unknown" as const };
  for (const id of [ticketOf(r1, 2), ticketOf(r2, 0), "nothing", ""])
    area.expectRefused(() => area.reissue("c1", id), unknown);
  const empty = new AreaHarness();
  empty.expectRefused(() => empty.reissue("c1"), unknown);
});
