import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  type CommandKind,
  type Commands,
  type Outcome,
  refuse,
} from "../../durable-objects/area-inventory/core/commands.ts";
import { loadMemory } from "../../durable-objects/area-inventory/area-memory.ts";
import { Batch } from "../../durable-objects/area-inventory/batch.ts";
import { type Waiting, waitingFor } from "../../durable-objects/area-inventory/group-commit.ts";
import { transact } from "../../durable-objects/sqlite/transact.ts";
import {
  AreaHarness,
  HOLD_MS,
  holdCommand,
  idOf,
  r1,
  r2,
  r3,
  seats,
  settingsOf,
} from "../support/area-harness.ts";

const answers: Outcome<CommandKind>[] = [];
function waiting<Kind extends CommandKind>(kind: Kind, command: Commands[Kind]): Waiting {
  return waitingFor(kind, command, (outcome) => answers.push(outcome));
}
const hold = (reservationId: string, quantity = 1) =>
  waiting("place-hold", holdCommand({ reservationId, quantity }));
const release = (reservationId: string) =>
  waiting("release-hold", { kind: "release-hold", reservationId });
const commit = (reservationId: string) =>
  waiting("commit-hold", {
    kind: "commit-hold",
    reservationId,
    paymentId: `payment of ${reservationId}`,
  });
/** Two units with one id in one chunk: the core looks for them among the known ones only, the table refuses them. */
const throwing = () =>
  waiting("load-units", { kind: "load-units", units: [...seats(1, 50), ...seats(1, 50)] });

beforeEach(() => {
  answers.length = 0;
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

describe("commands that arrive together", () => {
  test("[INV33, INV34] are answered in order and leave one outbox row", () => {
    const area = AreaHarness.open(10);
    area.drain([hold(r1, 2), hold(r2, 3), commit(r1), release(r2)]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: true },
      { ok: true, reservationId: r1 },
      { ok: true },
    ]);
    expect(area.outbox()).toHaveLength(1);
    expect(area.outbox()[0]).toMatchObject({
      sequence: area.version(),
      body: {
        reservations: [
          { reservationId: r1, state: "sold" },
          { reservationId: r2, state: "released" },
        ],
        // Of units only what lasts: that some were held and given back is the reservations' story.
        units: [
          { unitId: "unit-0", state: "sold", version: area.version() },
          { unitId: "unit-1", state: "sold", version: area.version() },
        ],
        effects: [{ kind: "deliver-tickets", reservationId: r1 }],
      },
    });
  });

  test("[INV33] each sees what those before it changed", () => {
    const area = AreaHarness.open(2);
    area.drain([hold(r1, 2), hold(r2), release(r1), hold(r3)]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: false, refusal: { code: "sold_out", available: 0 } },
      { ok: true },
      { ok: true, units: [{ unitId: "unit-0" }] },
    ]);
  });

  test("[INV33] are decided at one time, after what was due has expired", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.wait(HOLD_MS);
    area.drain([release(r1), hold(r2)]);
    expect(answers).toMatchObject([{ ok: true }, { ok: true, expiresAtMs: area.nowMs + HOLD_MS }]);
    expect(area.reservation(r1)?.state).toBe("expired");
  });

  test("[INV33] are answered only once the transaction is over", () => {
    const area = AreaHarness.open(1);
    const states: unknown[] = [];
    const look = waitingFor("place-hold", holdCommand({ reservationId: r1 }), () => {
      expect(() => transact(area.storage, () => 0)).not.toThrow();
      states.push(area.unitState("unit-0"));
    });
    area.drain([look, release("nobody")]);
    expect(states).toEqual(["held"]);
  });

  test("[INV34] and change nothing leave no row and no version", () => {
    const area = AreaHarness.open(1);
    area.hold({ reservationId: r1 });
    area.expectUnchanged(() => area.drain([hold(r2), hold(r1), release("nobody")]));
  });

  test("[INV34] raise the version by one, however many they are", () => {
    const area = AreaHarness.open(30);
    const before = area.version();
    area.drain(Array.from({ length: 20 }, (_, index) => hold(idOf(`r${index}`))));
    expect(area.version()).toBe(before + 1);
  });

  test("[INV34] and change no count leave the number in the outbox row alone, which outlives that row", () => {
    const area = AreaHarness.open(2);
    area.hold({ reservationId: r1 });
    const inRow = () => area.storage.database.prepare("SELECT sequence FROM area").get();
    const before = inRow();
    area.extend(r1, "payment-1");
    const version = area.version();
    expect(inRow()).toEqual(before);
    expect(area.store.loadArea()?.sequence).toBe(version);
    area.store.removeOutboxRows(version);
    expect(area.store.loadArea()?.sequence).toBe(version);
    area.hold({ reservationId: r2 });
    expect(area.version()).toBe(version + 1);
  });

  test("[INV3] one refused command does not fail its neighbours", () => {
    const area = AreaHarness.open(2);
    area.drain([hold(r1), hold(r2, 99), hold(r3)]);
    expect(answers.map((answer) => answer.ok)).toEqual([true, false, true]);
    expect(area.counts()).toEqual({ available: 0, held: 2, sold: 0, blocked: 0 });
  });
});

describe("a command that throws", () => {
  test("[INV35] is refused alone; its neighbours are carried out in order", () => {
    const area = AreaHarness.open(3);
    area.drain([hold(r1, 2), throwing(), hold(r2, 2), release(r1), hold(r3, 2)]);
    expect(answers).toMatchObject([
      { ok: true },
      { ok: false, refusal: { code: "command_failed" } },
      { ok: false, refusal: { code: "sold_out", available: 1 } },
      { ok: true },
      { ok: true, units: [{ unitId: "unit-0" }, { unitId: "unit-1" }] },
    ]);
    expect(area.counts()).toEqual({ available: 1, held: 2, sold: 0, blocked: 0 });
    expect(area.outbox()).toHaveLength(3);
    expect(console.error).toHaveBeenCalledTimes(1);
  });

  test("[INV3, INV35] changes nothing, not even what it wrote before it threw", () => {
    const area = AreaHarness.open(3);
    area.expectUnchanged(() => area.drain([throwing()]));
    expect(answers).toEqual([{ ok: false, refusal: { code: "command_failed" } }]);
    const tooMany = { reservationId: r1, quantity: 2, firstUnitIndex: 65_535 };
    area.expectRefused(() => area.hold(tooMany), { code: "command_failed" });
  });

  test("[INV35] after a change in the same batch takes nothing of that change with it", () => {
    const area = AreaHarness.open(3);
    area.drain([throwing(), throwing(), hold(r1)]);
    expect(answers.map((answer) => answer.ok)).toEqual([false, false, true]);
    expect(area.unitState("unit-50")).toBeUndefined();
  });
});

describe("the memory", () => {
  /** Throws after it has changed what it could. */
  const failing: Waiting = {
    about: null,
    run(batch) {
      batch.save([{ kind: "unit-state", positions: [0, 1, 2], state: "sold" }], []);
      batch.save([{ kind: "settings", settings: settingsOf({ version: 9, isOpen: false }) }], []);
      batch.save([{ kind: "units-added", units: seats(5, 30) }], []);
      throw new Error("a bug");
    },
    fail: () => answers.push(refuse({ code: "command_failed" })),
  };

  test("[INV51] is thrown away when the transaction fails: later commands see what is stored", () => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: r1 });
    area.expectUnchanged(() => area.drain([failing]));
    expect(answers).toEqual([{ ok: false, refusal: { code: "command_failed" } }]);
    expect(area.memory.current).toBeNull();
    expect(area.hold({ reservationId: r2, quantity: 3 })).toMatchObject({
      ok: true,
      units: [{ unitId: "unit-1" }, { unitId: "unit-2" }, { unitId: "unit-3" }],
    });
    expect(area.counts()).toEqual({ available: 0, held: 4, sold: 0, blocked: 0 });
  });

  test("[INV35, INV51] of a batch that failed is not what its commands see when they run alone", () => {
    const area = AreaHarness.open(4);
    area.drain([hold(r1, 2), failing, hold(r2, 2), failing]);
    expect(answers).toMatchObject([
      { ok: true, units: [{ unitId: "unit-0" }, { unitId: "unit-1" }] },
      { ok: false, refusal: { code: "command_failed" } },
      { ok: true, units: [{ unitId: "unit-2" }, { unitId: "unit-3" }] },
      { ok: false, refusal: { code: "command_failed" } },
    ]);
    expect(area.counts()).toEqual({ available: 0, held: 4, sold: 0, blocked: 0 });
    area.expectRefused(() => area.hold({ reservationId: r3 }), { code: "sold_out", available: 0 });
  });

  test("[INV51] is thrown away when the transaction itself cannot be ended", () => {
    const area = AreaHarness.open(4);
    vi.spyOn(area.storage, "transactionSync").mockImplementationOnce((work) => {
      area.storage.database.exec("BEGIN");
      work();
      area.storage.database.exec("ROLLBACK");
      throw new Error("disk full");
    });
    area.expectUnchanged(() => area.drain([hold(r1, 4)]));
    expect(area.hold({ reservationId: r2, quantity: 4 })).toMatchObject({ ok: true });
  });

  test("[INV51] survives a refusal, and is made once from what an earlier object stored", () => {
    const area = AreaHarness.open(4);
    area.hold({ reservationId: r1, quantity: 2 });
    const { current } = area.memory;
    area.hold({ reservationId: r2, quantity: 3 });
    expect(area.memory.current).toBe(current);
    area.memory.current = null;
    expect(area.hold({ reservationId: r3, quantity: 2 })).toMatchObject({
      units: [{ unitId: "unit-2" }, { unitId: "unit-3" }],
    });
  });
});

describe("what a batch writes", () => {
  test("[INV49] is the states of the blocks it touched, each once, and of no other", () => {
    const area = AreaHarness.open(seats(40));
    const saved = vi.spyOn(area.store, "saveBlockStates");
    area.drain([hold(r1, 2), hold(r2, 6), hold(r3, 6), release(r1)]);
    expect(saved.mock.calls.map(([block]) => block)).toEqual([0, 1]);
  });

  test("[INV34, INV52] is each touched reservation whole, and no unit that is only held", () => {
    const area = AreaHarness.open(10);
    area.hold({ reservationId: r1, quantity: 2 });
    const version = area.version();
    expect(area.outbox()).toEqual([
      {
        sequence: version,
        body: {
          atMs: area.nowMs,
          reservations: [
            {
              reservationId: r1,
              version,
              state: "held",
              selection: { kind: "best-available", quantity: 2 },
              holdExpiresAtMs: area.nowMs + HOLD_MS,
              expiresAtMs: area.nowMs + HOLD_MS,
              paymentId: null,
              unitsReplaced: false,
              units: area.reservation(r1)?.units,
              tickets: [],
            },
          ],
          units: [],
          effects: [],
        },
      },
    ]);
    area.release(r1);
    expect(area.outbox().at(-1)?.body).toMatchObject({
      reservations: [{ reservationId: r1, state: "released", tickets: [] }],
      units: [],
    });
  });

  test.each(["available", "held"] as const)(
    "[INV52] is a unit that was sold and is %s",
    (state) => {
      const area = AreaHarness.open(2);
      area.hold({ reservationId: r1 });
      area.commit(r1, "p1");
      // No command gives a sold unit back yet; the batch is what must tell.
      const batch = new Batch(area.store, loadMemory(area.store));
      batch.save([{ kind: "unit-state", positions: [0], state: "blocked" }], []);
      batch.save([{ kind: "unit-state", positions: [0], state }], []);
      batch.close(area.nowMs);
      expect(area.outbox().at(-1)?.body.units).toMatchObject([{ unitId: "unit-0", state }]);
    },
  );
});

test("[INV3] a transaction refuses work that would go on after it, and rolls back", () => {
  const area = AreaHarness.open(1);
  area.expectUnchanged(() => {
    const work = (): unknown => {
      area.store.removeOutboxRows(99);
      area.store.saveArea({ area: { ...area.area(), held: 99 }, sequence: 99 });
      return Promise.resolve();
    };
    expect(() => transact(area.storage, work)).toThrow("a transaction must be synchronous");
  });
});
