import { expect, test } from "vitest";
import { AreaHarness, r1, seats, settingsOf } from "../support/area-harness.ts";

test("[INV10] the first settings make the area", () => {
  const area = new AreaHarness();
  expect(area.configure({ version: 7 })).toEqual({ ok: true, version: 7 });
  expect(area.area()).toEqual({
    settings: settingsOf({ version: 7 }),
    available: 0,
    held: 0,
    sold: 0,
    blocked: 0,
  });
});

test("[INV10] newer settings replace all of the old ones and touch no unit", () => {
  const area = AreaHarness.open(3);
  area.hold({ reservationId: r1, quantity: 2 });
  const changes = {
    version: 2,
    priceInCents: 1,
    serviceInCents: 2,
    unitsPerReservationMax: 3,
    isOpen: false,
    currency: "USD",
  };
  expect(area.configure(changes)).toEqual({ ok: true, version: 2 });
  expect(area.area()).toEqual({
    settings: settingsOf(changes),
    available: 1,
    held: 2,
    sold: 0,
    blocked: 0,
  });
});

test.each([4, 5])(
  "[INV10] version %i after version 5 changes nothing and answers the one in force",
  (version) => {
    const area = new AreaHarness();
    area.configure({ version: 5 });
    area.expectUnchanged(() => {
      expect(area.configure({ version, priceInCents: 1 })).toEqual({ ok: true, version: 5 });
    });
  },
);

test("[INV13] settings and new units raise the area's version and write no outbox row", () => {
  const area = new AreaHarness();
  area.configure({ version: 1 });
  expect(area.version()).toBe(1);
  area.run("load-units", { kind: "load-units", units: seats(2) });
  expect(area.version()).toBe(2);
  area.configure({ version: 2 });
  expect(area.version()).toBe(3);
  expect(area.outbox()).toEqual([]);
});

test("[INV9] an area without settings refuses every command, and nothing is written", () => {
  const area = new AreaHarness();
  area.expectRefused(() => area.hold({ reservationId: r1 }), { code: "area_unknown" });
  area.expectRefused(() => area.run("load-units", { kind: "load-units", units: seats(1) }), {
    code: "area_unknown",
  });
  area.expectRefused(() => area.extend(r1, "p1"), { code: "reservation_unknown" });
  area.expectRefused(() => area.release(r1), { code: "reservation_unknown" });
  area.expectRefused(() => area.commit(r1, "p1"), { code: "reservation_unknown" });
  area.expectRefused(() => area.admit({}), { code: "ticket_unknown" });
  area.expectUnchanged(() => {
    expect(area.run("expire-holds", { kind: "expire-holds" })).toEqual({ ok: true, expired: 0 });
  });
});
