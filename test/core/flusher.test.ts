// The flush over the real store, with a Postgres and a queue that can be away, or answer when told to.

import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type {
  InventoryEffect,
  ProjectionBatch,
} from "../../durable-objects/area-inventory/contract.ts";
import { FLUSH_PAUSE_MS } from "../../durable-objects/area-inventory/flush.ts";
import { Flusher } from "../../durable-objects/area-inventory/flusher.ts";
import { AreaHarness, EVENT_ID, PROFILE_ID, r1, r2, r3 } from "../support/area-harness.ts";

interface Outside {
  log: string[];
  written: ProjectionBatch[];
  sent: InventoryEffect[][];
  postgresIsAway: boolean;
  queueIsAway: boolean;
  /** While set, Postgres answers only once it resolves. */
  postgresWaits: Promise<void> | null;
}

function flusherOf(area: AreaHarness): { flusher: Flusher; outside: Outside } {
  const outside: Outside = {
    log: [],
    written: [],
    sent: [],
    postgresIsAway: false,
    queueIsAway: false,
    postgresWaits: null,
  };
  const flusher = new Flusher({
    areaId: "area-1",
    store: area.store,
    projection: {
      async write(batch) {
        outside.log.push("write");
        await outside.postgresWaits;
        if (outside.postgresIsAway) throw new Error("Postgres is away");
        outside.written.push(batch);
        outside.log.push("written");
      },
    },
    effects: {
      async send(_area, effects) {
        outside.log.push("send");
        await Promise.resolve();
        if (outside.queueIsAway) throw new TypeError("the queue is away");
        outside.sent.push([...effects]);
      },
    },
  });
  return { flusher, outside };
}

function oneSale(): AreaHarness {
  const area = AreaHarness.open(3);
  area.hold({ reservationId: r1 });
  area.commit(r1, "p1");
  return area;
}

let logged: unknown[][] = [];
beforeEach(() => {
  logged = [];
  vi.spyOn(console, "error").mockImplementation((...words: unknown[]) => void logged.push(words));
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test("[INV38] Postgres first, then the effects, then the rows go", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  await flusher.run();
  expect(outside.log).toEqual(["write", "written", "send"]);
  expect(outside.written).toMatchObject([
    {
      areaId: "area-1",
      profileId: PROFILE_ID,
      eventId: EVENT_ID,
      currency: "COP",
      reservations: [{ reservationId: r1, state: "sold", version: 4 }],
      units: [{ unitId: "unit-0", state: "sold", version: 4 }],
    },
  ]);
  expect(outside.sent).toEqual([[{ kind: "deliver-tickets", reservationId: r1 }]]);
  expect(area.outbox()).toEqual([]);
});

test("[INV38] a hold has no effect, and an empty outbox sends nothing", async () => {
  const area = AreaHarness.open(3);
  const { flusher, outside } = flusherOf(area);
  await flusher.run();
  expect(outside.log).toEqual([]);
  area.hold({ reservationId: r1 });
  await flusher.run();
  expect(outside.log).toEqual(["write", "written"]);
});

test("[INV38, INV39] while Postgres is away nothing is sent and no row goes; then everything arrives", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  outside.postgresIsAway = true;
  await flusher.run();
  await flusher.run();
  expect(outside.log).toEqual(["write", "write"]);
  expect(flusher.failures).toBe(2);
  expect(area.outbox()).toHaveLength(2);
  expect(area.hold({ reservationId: r2 })).toMatchObject({ ok: true });
  outside.postgresIsAway = false;
  await flusher.run();
  expect(flusher.failures).toBe(0);
  expect(outside.written[0]?.reservations.map((each) => each.reservationId)).toEqual([r1, r2]);
  expect(outside.sent).toHaveLength(1);
  expect(area.outbox()).toEqual([]);
});

test("[INV38] effects that could not be sent are sent again, with their rows", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  outside.queueIsAway = true;
  await flusher.run();
  expect(area.outbox()).toHaveLength(2);
  outside.queueIsAway = false;
  await flusher.run();
  expect(outside.log).toEqual(["write", "written", "send", "write", "written", "send"]);
  expect(area.outbox()).toEqual([]);
});

test("[INV39] a failure is logged by name, without what was in the rows", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  outside.queueIsAway = true;
  await flusher.run();
  expect(logged).toEqual([
    ["flush failed", { areaId: "area-1", failures: 1, reason: "TypeError" }],
  ]);
});

test("[INV37] one at a time; what is stored meanwhile goes next, in order", async () => {
  const area = AreaHarness.open(3);
  const { flusher, outside } = flusherOf(area);
  const { promise, resolve } = Promise.withResolvers<void>();
  outside.postgresWaits = promise;
  area.hold({ reservationId: r1 });
  const first = flusher.run();
  area.hold({ reservationId: r2 });
  const second = flusher.run();
  area.release(r1);
  expect(outside.log).toEqual(["write"]);
  resolve();
  await Promise.all([first, second]);
  expect(outside.log).toEqual(["write", "written", "write", "written"]);
  const seen = outside.written.map(({ reservations }) =>
    reservations.map(({ reservationId, state }) => [reservationId, state]),
  );
  expect(seen).toEqual([
    [[r1, "held"]],
    [
      [r2, "held"],
      [r1, "released"],
    ],
  ]);
  expect(area.outbox()).toEqual([]);
});

test("[INV36, INV37] a long outbox goes in several flushes of 200 rows", async () => {
  const area = AreaHarness.open(1);
  for (let turn = 0; turn < 210; turn += 1) {
    area.store.addOutboxRow({
      sequence: turn + 10,
      body: { reservations: [], units: [], effects: [] },
    });
  }
  const { flusher, outside } = flusherOf(area);
  await flusher.run();
  expect(outside.written).toHaveLength(2);
  expect(area.store.oldestOutboxSequence()).toBeNull();
});

const NEVER_MS = 600_000;

/** Whether a promise has settled once everything that could run has run. */
async function isSettled(promise: Promise<void>): Promise<boolean> {
  let settled = false;
  void promise.then(() => (settled = true));
  await new Promise((resolve) => setTimeout(resolve, 5));
  return settled;
}

test("[INV41] whoever waits for a batch is told when Postgres has it, not before", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  outside.postgresIsAway = true;
  const reached = flusher.reached(area.version(), NEVER_MS);
  await flusher.run();
  expect(await isSettled(reached)).toBe(false);
  outside.postgresIsAway = false;
  await flusher.run();
  expect(await isSettled(reached)).toBe(true);
  expect(await isSettled(flusher.reached(area.version(), NEVER_MS))).toBe(true);
});

test("[INV41] whoever waits is let go when its time is over, and again nobody waits", async () => {
  const area = oneSale();
  const { flusher, outside } = flusherOf(area);
  outside.postgresIsAway = true;
  await flusher.run();
  vi.useFakeTimers();
  let isOver = false;
  const reached = flusher.reached(area.version(), 3_000).then(() => (isOver = true));
  await vi.advanceTimersByTimeAsync(2_999);
  expect(isOver).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await reached;
  outside.postgresIsAway = false;
  const run = flusher.run();
  await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS);
  await run;
  await flusher.reached(area.version(), 3_000);
  expect(vi.getTimerCount()).toBe(0);
});

test("[INV41] whoever was told leaves no timer running, which would keep the object in memory", async () => {
  const area = oneSale();
  const { flusher } = flusherOf(area);
  vi.useFakeTimers();
  const reached = flusher.reached(area.version(), 3_000);
  expect(vi.getTimerCount()).toBe(1);
  const run = flusher.run();
  await reached;
  // But for the pause, which is short.
  await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS);
  await run;
  expect(vi.getTimerCount()).toBe(0);
});

test("[INV13, INV41] a newest batch without a row keeps nobody waiting", async () => {
  const area = oneSale();
  area.configure({ version: 2 });
  const { flusher } = flusherOf(area);
  const reached = flusher.reached(area.version(), NEVER_MS);
  await flusher.run();
  expect(await isSettled(reached)).toBe(true);
});

test("[INV41] a batch that came too late for the flush is waited for", async () => {
  const area = AreaHarness.open(3);
  const { flusher, outside } = flusherOf(area);
  const { promise, resolve } = Promise.withResolvers<void>();
  outside.postgresWaits = promise;
  area.hold({ reservationId: r1 });
  const first = flusher.reached(area.version(), NEVER_MS);
  const run = flusher.run();
  area.hold({ reservationId: r2 });
  const second = flusher.reached(area.version(), NEVER_MS);
  expect(await isSettled(first)).toBe(false);
  outside.postgresWaits = null;
  resolve();
  await first;
  expect(outside.written).toHaveLength(1);
  await second;
  expect(outside.written).toHaveLength(2);
  await run;
});

describe("the pause after a flush", () => {
  /** A flush of one hold has just ended; another hold came after it. */
  async function pausing() {
    vi.useFakeTimers();
    const area = AreaHarness.open(5);
    const { flusher, outside } = flusherOf(area);
    area.hold({ reservationId: r1 });
    const run = flusher.run();
    await vi.advanceTimersByTimeAsync(0);
    expect(outside.written).toHaveLength(1);
    area.hold({ reservationId: r2 });
    void flusher.run();
    return { area, flusher, outside, run };
  }

  test("[INV53] lets rows gather, which then go together", async () => {
    const { area, flusher, outside, run } = await pausing();
    await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS - 1);
    area.hold({ reservationId: r3 });
    void flusher.run();
    expect(outside.written).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(outside.written).toHaveLength(2);
    expect(outside.written[1]?.reservations.map((each) => each.reservationId)).toEqual([r2, r3]);
    await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS);
    await run;
    expect(area.outbox()).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test("[INV53] does not keep the first rows after a quiet time waiting", async () => {
    const { area, flusher, outside, run } = await pausing();
    await vi.advanceTimersByTimeAsync(2 * FLUSH_PAUSE_MS);
    await run;
    area.hold({ reservationId: r3 });
    void flusher.run();
    await vi.advanceTimersByTimeAsync(0);
    expect(outside.written).toHaveLength(3);
  });

  test("[INV41, INV53] is ended by a purchase, whose rows go at once", async () => {
    const { area, flusher, outside, run } = await pausing();
    area.commit(r1, "p1");
    void flusher.run();
    await vi.advanceTimersByTimeAsync(0);
    expect(outside.written).toHaveLength(1);
    let isReached = false;
    const reached = flusher.reached(area.version(), 3_000).then(() => (isReached = true));
    await vi.advanceTimersByTimeAsync(0);
    expect(isReached).toBe(true);
    await reached;
    expect(outside.written[1]?.reservations).toMatchObject([
      { reservationId: r2, state: "held" },
      { reservationId: r1, state: "sold" },
    ]);
    await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS);
    await run;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("[INV41, INV53] is left out while a purchase waits for a later batch", async () => {
    vi.useFakeTimers();
    const area = AreaHarness.open(5);
    const { flusher, outside } = flusherOf(area);
    const { promise, resolve } = Promise.withResolvers<void>();
    outside.postgresWaits = promise;
    area.hold({ reservationId: r1 });
    const run = flusher.run();
    area.commit(r1, "p1");
    let isReached = false;
    void flusher.reached(area.version(), 3_000).then(() => (isReached = true));
    outside.postgresWaits = null;
    resolve();
    await vi.advanceTimersByTimeAsync(0);
    expect(outside.written).toHaveLength(2);
    expect(isReached).toBe(true);
    await vi.advanceTimersByTimeAsync(FLUSH_PAUSE_MS);
    await run;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("[INV39, INV53] does not follow a flush that failed", async () => {
    vi.useFakeTimers();
    const area = oneSale();
    const { flusher, outside } = flusherOf(area);
    outside.postgresIsAway = true;
    await flusher.run();
    expect(vi.getTimerCount()).toBe(0);
    expect(flusher.failures).toBe(1);
  });
});
