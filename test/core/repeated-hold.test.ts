import { describe, expect, test } from "vitest";
import { AreaHarness, HOLD_MS, idOf, r1, r2, r4, ticketOf } from "../support/area-harness.ts";

describe("a hold that is sent again", () => {
  test("[INV4, INV18] gets the first answer and changes nothing", () => {
    const area = AreaHarness.open(4);
    const first = area.hold({ reservationId: r1, quantity: 2 });
    area.wait(60_000);
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r1, quantity: 2 })).toEqual(first),
    );
    const named = area.hold({ reservationId: r2, unitIds: ["unit-3", "unit-2"] });
    area.expectUnchanged(() =>
      expect(area.hold({ reservationId: r2, unitIds: ["unit-3", "unit-2"] })).toEqual(named),
    );
  });

  test("[INV18] gets the first answer once extended, sold, expired or refund-due, and in a closed area", () => {
    const area = AreaHarness.open(3);
    const first = ["extended", "sold", "expired"].map((name) =>
      area.hold({ reservationId: idOf(name) }),
    );
    area.extend(idOf("extended"), "p1");
    area.commit(idOf("sold"), "p2");
    area.wait(HOLD_MS);
    area.configure({ version: 2, isOpen: false });
    const again = () =>
      ["extended", "sold", "expired"].map((name) => area.hold({ reservationId: idOf(name) }));
    area.expectUnchanged(() => expect(again()).toEqual(first));
    area.configure({ version: 3 });
    area.hold({ reservationId: r4 });
    area.commit(idOf("expired"), "p3");
    expect(area.reservation(idOf("expired"))?.state).toBe("refund-due");
    area.expectUnchanged(() => expect(again()).toEqual(first));
  });

  test("[INV4, INV18] with another selection is refused by name", () => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: r1, quantity: 2 });
    area.hold({ reservationId: r2, unitIds: ["unit-2", "unit-3"] });
    const reused = { code: "command_reused" as const };
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 1 }), reused);
    area.expectRefused(
      () => area.hold({ reservationId: r1, unitIds: ["unit-0", "unit-1"] }),
      reused,
    );
    for (const unitIds of [
      ["unit-2"],
      ["unit-2", "unit-3", "unit-0"],
      ["unit-2", "unit-0"],
      ["unit-3", "unit-2"],
    ])
      area.expectRefused(() => area.hold({ reservationId: r2, unitIds }), reused);
    area.expectRefused(() => area.hold({ reservationId: r2, quantity: 2 }), reused);
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 2, together: true }), reused);
  });
});

describe("a released hold", () => {
  test("[INV19] may be placed again, with the units, price and expiry of the new moment", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1 });
    area.release(r1);
    area.hold({ reservationId: r2 });
    area.configure({ version: 2, priceInCents: 7 });
    area.wait(5_000);
    expect(area.hold({ reservationId: r1 })).toMatchObject({
      ok: true,
      expiresAtMs: area.nowMs + HOLD_MS,
      units: [{ reservationUnitId: ticketOf(r1, 0), unitId: "unit-1", priceInCents: 7 }],
    });
    expect(area.counts()).toEqual({ available: 0, held: 2, sold: 0, blocked: 0 });
    expect(area.commit(r1, "p1")).toMatchObject({
      ok: true,
      units: [{ unitId: "unit-1", priceInCents: 7 }],
    });
  });

  test("[INV19, INV23] is told from the one placed again in the same millisecond: a late release ends only its own", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1 });
    area.release(r1);
    const firstMs = area.nowMs + HOLD_MS;
    expect(area.hold({ reservationId: r1 })).toMatchObject({ ok: true, expiresAtMs: firstMs + 1 });
    const late = { reservationId: r1, holdExpiresAtMs: firstMs };
    area.expectUnchanged(() =>
      expect(area.run("release-hold", { kind: "release-hold", ...late }).ok).toBe(true),
    );
    expect(area.reservation(r1)?.state).toBe("held");
  });

  test("[INV19] is refused as a new one is, and stays released", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.release(r1);
    area.hold({ reservationId: r2 });
    area.expectRefused(() => area.hold({ reservationId: r1 }), {
      code: "sold_out",
      available: 0,
    });
    area.configure({ version: 2, isOpen: false });
    area.expectRefused(() => area.hold({ reservationId: r1 }), { code: "area_closed" });
  });

  test("[INV19] with another selection is refused: Postgres would keep tickets that nobody holds", () => {
    const area = AreaHarness.open(3);
    area.hold({ reservationId: r1, quantity: 3 });
    area.release(r1);
    area.expectRefused(() => area.hold({ reservationId: r1, quantity: 2 }), {
      code: "command_reused",
    });
  });
});
