// Commands that carry an id of their own: told the same for ever, whatever happened since.

import { describe, expect, test } from "vitest";
import { waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import { AreaHarness, r1, r2, ticketOf } from "../support/area-harness.ts";

/** `r1` has tickets for units 0 and 1; unit 2 is blocked, by `c0`. */
function opened(): AreaHarness {
  const area = AreaHarness.open(4);
  area.buy({ reservationId: r1, quantity: 2 });
  area.block("c0", ["unit-2"]);
  return area;
}

const commands: Record<string, (area: AreaHarness) => unknown> = {
  "block-units": (area) => area.block("c1", ["unit-3"]),
  "unblock-units": (area) => area.unblock("c1", ["unit-2"]),
  "cancel-tickets": (area) => area.cancel("c1"),
  "cancel-tickets of some": (area) =>
    area.cancel("c1", { reservationUnitIds: [ticketOf(r1, 0)], unitsBecome: "blocked" }),
  "reissue-ticket": (area) => area.reissue("c1"),
};

describe.each(Object.entries(commands))("%s", (_name, run) => {
  test("[INV4, INV72] sent again is answered as the first time, and changes nothing", () => {
    const area = opened();
    const first = run(area);
    expect(first).toMatchObject({ ok: true });
    area.expectUnchanged(() => expect(run(area)).toEqual(first));
    area.wait(1_000_000_000);
    area.expectUnchanged(() => expect(run(area)).toEqual(first));
  });

  test("[INV4, INV72] whatever happened since", () => {
    const area = opened();
    const first = run(area);
    area.cancel("later", { unitsBecome: "blocked" });
    area.unblock("later still", ["unit-0", "unit-1", "unit-2", "unit-3"]);
    area.buy({ reservationId: r2, quantity: 4 });
    area.configure({ version: 2, isOpen: false });
    area.expectUnchanged(() => expect(run(area)).toEqual(first));
  });

  test("[INV4, INV72] under the id of another command is refused", () => {
    const area = opened();
    run(area);
    for (const [name, other] of Object.entries(commands)) {
      if (name !== _name) area.expectRefused(() => other(area), { code: "command_reused" });
    }
  });
});

test("[INV4, INV72] the same kind with other content is refused", () => {
  const area = opened();
  const reused = { code: "command_reused" as const };
  area.block("c1", ["unit-3"]);
  area.expectRefused(() => area.block("c1", ["unit-2"]), reused);
  area.expectRefused(() => area.block("c1", ["unit-3", "unit-2"]), reused);
  area.expectRefused(() => area.block("c1", []), reused);
  area.expectRefused(() => area.unblock("c0", ["unit-2"]), reused);
  area.cancel("c2", { reservationUnitIds: [ticketOf(r1, 1)] });
  area.expectRefused(() => area.cancel("c2"), reused);
  const blocked = { reservationUnitIds: [ticketOf(r1, 1)], unitsBecome: "blocked" as const };
  area.expectRefused(() => area.cancel("c2", blocked), reused);
  area.expectRefused(() => area.cancel("c2", { ...blocked, reservationId: r2 }), reused);
});

test("[INV72] the order of a command's fields is no other content", () => {
  const area = opened();
  const first = area.run("block-units", {
    kind: "block-units",
    commandId: "c1",
    unitIds: ["unit-3"],
  });
  area.expectUnchanged(() => {
    const again = { unitIds: ["unit-3"], commandId: "c1", kind: "block-units" as const };
    expect(area.run("block-units", again)).toEqual(first);
  });
});

test("[INV3, INV72] a refusal is not remembered: the same id may try again, or ask for something else", () => {
  const area = opened();
  area.expectRefused(() => area.block("c1", ["unit-0", "unit-3"]), {
    code: "units_taken",
    unitIds: ["unit-0"],
    alternativeUnitIds: null,
  });
  area.cancel("c2");
  expect(area.block("c1", ["unit-0", "unit-3"])).toEqual({ ok: true, blocked: 2 });
  area.expectRefused(() => area.reissue("c3"), { code: "ticket_cancelled" });
  expect(area.unblock("c3", ["unit-0"])).toEqual({ ok: true, unblocked: 1 });
});

test("[INV72] another id does the same again", () => {
  const area = opened();
  expect(area.reissue("c1")).toMatchObject({ ok: true, serial: 2 });
  expect(area.reissue("c2")).toMatchObject({ ok: true, serial: 3 });
});

test("[INV33, INV72] twice in one batch, it is carried out once", () => {
  const area = opened();
  const answers: unknown[] = [];
  const reissue = waitingFor(
    "reissue-ticket",
    { kind: "reissue-ticket", commandId: "c1", reservationUnitId: ticketOf(r1, 0) },
    (outcome) => answers.push(outcome),
  );
  area.drain([reissue, reissue]);
  expect(answers).toEqual(
    [0, 1].map(() => ({ ok: true, reservationUnitId: ticketOf(r1, 0), serial: 2 })),
  );
  expect(area.ticket(ticketOf(r1, 0))?.serial).toBe(2);
});
