import { expect, test } from "vitest";
import {
  AreaHarness,
  HOLD_MS,
  START_MS,
  holdCommand,
  idOf,
  r1,
  r2,
  r3,
  unitIdsOf,
} from "../support/area-harness.ts";

const expire = (area: AreaHarness) => area.run("expire-holds", { kind: "expire-holds" });

test("[INV5, INV24] a hold lives until the millisecond before its expiry, and ends at it", () => {
  const area = AreaHarness.open(1);
  area.hold({ reservationId: r1 });
  area.wait(HOLD_MS - 1);
  area.expectUnchanged(() => expire(area));
  area.expectRefused(() => area.hold({ reservationId: r2 }), { code: "sold_out", available: 0 });
  area.wait(1);
  expect(unitIdsOf(area.hold({ reservationId: r2 }))).toEqual(["unit-0"]);
  expect(area.reservation(r1)?.state).toBe("expired");
});

test("[INV5] ends once: the units it gave back are not taken from their next holder", () => {
  const area = AreaHarness.open(1);
  area.hold({ reservationId: r1 });
  area.wait(HOLD_MS);
  area.hold({ reservationId: r2 });
  area.expectUnchanged(() => {
    expire(area);
    expire(area);
  });
  expect(area.unitState("unit-0")).toBe("held");
  expect(area.ownerOf("unit-0")).toBe(r2);
});

test("[INV5] what was sold before its expiry stays sold", () => {
  const area = AreaHarness.open(1);
  area.hold({ reservationId: r1 });
  area.wait(HOLD_MS - 1);
  area.commit(r1, "p1");
  area.wait(10 * HOLD_MS);
  area.expectUnchanged(() => expire(area));
  expect(area.unitState("unit-0")).toBe("sold");
});

test("[INV24] holds end before the commands of a batch are decided, whatever those ask for", () => {
  const area = AreaHarness.open(3);
  area.hold({ reservationId: r1 });
  area.hold({ reservationId: r2 });
  area.wait(1_000);
  area.hold({ reservationId: r3 });
  area.wait(HOLD_MS - 1_000);
  expect(area.release("nobody")).toMatchObject({ ok: false });
  expect(area.counts()).toEqual({ available: 2, held: 1, sold: 0, blocked: 0 });
  expect(area.outbox().at(-1)).toMatchObject({
    sequence: area.version(),
    body: {
      reservations: [
        { reservationId: r1, state: "expired" },
        { reservationId: r2, state: "expired" },
      ],
    },
  });
});

test("[INV24] many holds of one moment end together", () => {
  const area = AreaHarness.open(200);
  for (let hold = 0; hold < 100; hold += 1)
    area.hold({ reservationId: idOf(`r${hold}`), quantity: 2 });
  area.wait(HOLD_MS);
  area.run(
    "place-hold",
    holdCommand({ reservationId: idOf("late"), quantity: 6 }),
    START_MS + HOLD_MS,
  );
  expect(area.counts()).toEqual({ available: 194, held: 6, sold: 0, blocked: 0 });
});
