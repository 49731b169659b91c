// Those who watch an area, in the Workers runtime. The objects' clock is faked and lies ahead of the real one, so that no
// alarm rings by itself: each second of a watch is rung by hand.

import { env } from "cloudflare:workers";
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { LiveMessage } from "../../durable-objects/area-watch/messages.ts";
import { tell } from "../../durable-objects/area-watch/tell.ts";
import { liveMessageSchema } from "../../src/contracts/live.ts";
import { AreaInventory } from "../../src/index.ts";
import {
  HOLD_MS,
  type LiveArea,
  PAYMENT_WINDOW_MS,
  PROFILE_ID,
  holdOf,
  openArea,
  ticketOf,
  withoutDatabaseTimeouts,
} from "./live-area.ts";

let nowMs = 0;
function wait(milliseconds: number): void {
  nowMs += milliseconds;
  vi.setSystemTime(nowMs);
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  nowMs = Date.now() + 3_600_000;
  vi.useFakeTimers({ toFake: ["Date"] });
  vi.setSystemTime(nowMs);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const watchOf = ({ areaId }: { areaId: string }) => env.AREA_WATCH.getByName(areaId);

const knock = (area: { areaId: string }) =>
  watchOf(area).fetch("https://area-watch.invalid/", { headers: { Upgrade: "websocket" } });

/** A second of the watch; whether anything was due. */
function second(area: { areaId: string }): Promise<boolean> {
  wait(1_000);
  return runDurableObjectAlarm(watchOf(area));
}

async function watch(area: { areaId: string }) {
  const { status, webSocket: socket } = await knock(area);
  if (socket === null) throw new Error(`refused with ${status}`);
  const messages: LiveMessage[] = [];
  let pongs = 0;
  let told = () => undefined as void;
  socket.addEventListener("message", ({ data }) => {
    if (data === "pong") pongs += 1;
    else messages.push(liveMessageSchema.parse(JSON.parse(String(data))));
    told();
  });
  const closed = new Promise<CloseEvent>((resolve) => socket.addEventListener("close", resolve));
  socket.accept();
  return {
    socket,
    closed,
    /** What `heard` did not take yet. */
    messages,
    /** All it was told so far and did not ask for before. Messages keep their order, so none is on its way after a pong. */
    async heard(): Promise<LiveMessage[]> {
      const answered = new Promise<void>((resolve) => {
        const wanted = pongs + 1;
        told = () => void (pongs >= wanted && resolve());
      });
      socket.send("ping");
      await answered;
      return messages.splice(0);
    },
  };
}

/** Questions that reach areas from now on. */
function countQuestions() {
  const spy = vi.spyOn(AreaInventory.prototype, "read");
  return () => spy.mock.calls.length;
}

const counts = (available: number, held: number, sold: number) => ({
  available,
  held,
  sold,
  blocked: 0,
});

const storedKeys = (area: LiveArea) =>
  runInDurableObject(watchOf(area), async (_object, { storage }) => [
    ...(await storage.list()).keys(),
    await storage.getAlarm(),
  ]);

const unitAt = (area: LiveArea, position: number, status: string) => ({
  id: area.units[position]?.unitId,
  status,
});

describe("watchers", () => {
  test("[LIVE1] are told the area first, then what a hold, a release, an expiry and a sale changed", async () => {
    const area = await openArea(3);
    const watchers = [await watch(area), await watch(area)];
    const next = async (changes: object) => {
      await second(area);
      for (const watcher of watchers) expect(await watcher.heard()).toEqual([changes]);
    };
    for (const watcher of watchers) {
      expect(await watcher.heard()).toEqual([
        { kind: "snapshot", version: 2, on_sale: true, counts: counts(3, 0, 0) },
      ]);
    }
    const given = holdOf(area, 2);
    await area.object.placeHold(given);
    const base = { kind: "changes", on_sale: true };
    await next({
      ...base,
      version: 3,
      counts: counts(1, 2, 0),
      changes: [unitAt(area, 0, "held"), unitAt(area, 1, "held")],
    });
    await area.object.releaseHold(given);
    const sold = holdOf(area);
    await area.object.placeHold(sold);
    await next({
      ...base,
      version: 5,
      counts: counts(2, 1, 0),
      changes: [unitAt(area, 0, "held"), unitAt(area, 1, "available")],
    });
    await area.object.commitHold({ reservationId: sold.reservationId, paymentId: "p1" });
    await area.object.placeHold(holdOf(area));
    await next({
      ...base,
      version: 7,
      counts: counts(1, 1, 1),
      changes: [unitAt(area, 0, "sold"), unitAt(area, 1, "held")],
    });
    wait(HOLD_MS);
    await next({
      ...base,
      version: 8,
      counts: counts(2, 0, 1),
      changes: [unitAt(area, 1, "available")],
    });
  });

  test("[LIVE1] who come between two looks are told what the others know, and then the same", async () => {
    const area = await openArea(3);
    const first = await watch(area);
    await area.object.placeHold(holdOf(area));
    const late = await watch(area);
    expect(await late.heard()).toMatchObject([{ kind: "snapshot", version: 2 }]);
    await second(area);
    const told = await late.heard();
    expect(told).toMatchObject([{ kind: "changes", version: 3 }]);
    expect((await first.heard()).slice(1)).toEqual(told);
  });

  test("[LIVE1] all hear of a change that is sent in portions, whoever leaves meanwhile", async () => {
    const changes = Array.from({ length: 1_000 }, (_, index) => {
      return {
        id: `00000000-0000-4000-8000-${String(index).padStart(12, "0")}`,
        status: "sold" as const,
      };
    });
    const standing = { version: 1, on_sale: true, counts: counts(0, 0, 1_000) };
    const pairs = Array.from({ length: 200 }, () => Object.values(new WebSocketPair()));
    const closed = 100;
    const heard = pairs.map(([near, far], index) => {
      near?.accept();
      far?.accept();
      if (index === closed) return Promise.resolve(null);
      return new Promise((resolve) => {
        near?.addEventListener("message", ({ data }) => resolve(String(data).length));
      });
    });
    const watchers = pairs.flatMap(([, far]) => far ?? []);
    watchers[closed]?.close();
    const message = { kind: "changes" as const, ...standing, changes };
    await tell(watchers, message);
    const lengths = new Set(await Promise.all(heard));
    expect(lengths).toEqual(new Set([JSON.stringify(message).length, null]));
  });

  test("[LIVE3] are told nothing while nothing they see has changed", async () => {
    const area = await openArea(2);
    const hold = holdOf(area);
    await area.object.placeHold(hold);
    await area.object.commitHold({ reservationId: hold.reservationId, paymentId: "p1" });
    const later = holdOf(area);
    await area.object.placeHold(later);
    const watcher = await watch(area);
    await watcher.heard();
    await second(area);
    // Both of these make a version.
    await area.object.extendHold({ ...later, paymentId: "p2", paymentWindowMs: PAYMENT_WINDOW_MS });
    await second(area);
    const reservationUnitId = ticketOf(hold.reservationId, 0);
    const scan = { scanId: "s1", profileId: PROFILE_ID, serial: 1, gate: "north" };
    expect(await area.object.admitTicket({ ...scan, reservationUnitId })).toMatchObject({
      ok: true,
    });
    await second(area);
    expect(await watcher.heard()).toEqual([]);
    await area.object.releaseHold(later);
    await second(area);
    expect(await watcher.heard()).toMatchObject([
      { kind: "changes", changes: [unitAt(area, 1, "available")] },
    ]);
  });

  test("[LIVE4] load the map anew when the area has forgotten what changed", async () => {
    withoutDatabaseTimeouts();
    const area = await openArea(3);
    const watcher = await watch(area);
    await watcher.heard();
    await area.object.placeHold(holdOf(area));
    await evictDurableObject(area.stub);
    await second(area);
    expect(await watcher.heard()).toEqual([
      { kind: "reload", version: 3, on_sale: true, counts: counts(2, 1, 0) },
    ]);
    await area.object.placeHold(holdOf(area));
    await second(area);
    expect(await watcher.heard()).toMatchObject([
      { kind: "changes", changes: [unitAt(area, 1, "held")] },
    ]);
  });

  test("[LIVE5] outlive the object's memory, and miss nothing", async () => {
    const area = await openArea(3);
    const watchers = [await watch(area), await watch(area)];
    for (const watcher of watchers) await watcher.heard();
    await area.object.placeHold(holdOf(area));
    await second(area);
    await area.object.placeHold(holdOf(area));
    await evictDurableObject(watchOf(area));
    await second(area);
    for (const watcher of watchers) {
      expect(await watcher.heard()).toMatchObject([
        { kind: "changes", version: 3, changes: [unitAt(area, 0, "held")] },
        { kind: "changes", version: 4, changes: [unitAt(area, 1, "held")] },
      ]);
    }
    const late = await watch(area);
    expect(await late.heard()).toMatchObject([{ kind: "snapshot", version: 4 }]);
  });
});

describe("watchers of an area that closes", () => {
  const close = async (area: LiveArea) => {
    const settings = { ...area.settings, isOpen: false, version: 2 };
    expect(await area.object.configureArea({ settings })).toMatchObject({ ok: true });
  };
  const end = { code: 4001, reason: "area_closed" };

  test("[LIVE3, LIVE9] are told so last, and sent away with a reason; nothing is asked or kept from then on", async () => {
    const area = await openArea(2);
    const watchers = [await watch(area), await watch(area)];
    for (const watcher of watchers) await watcher.heard();
    await close(area);
    await second(area);
    for (const { closed, messages } of watchers) {
      expect(await closed).toMatchObject(end);
      expect(messages).toMatchObject([{ kind: "changes", on_sale: false, changes: [] }]);
    }
    expect(await storedKeys(area)).toEqual([null]);
    const questions = countQuestions();
    expect(await second(area)).toBe(false);
    expect(questions()).toBe(0);
  });

  test("[LIVE9] are sent away also when the object lost its memory between the two", async () => {
    withoutDatabaseTimeouts();
    const area = await openArea(2);
    const watcher = await watch(area);
    await watcher.heard();
    await close(area);
    await runInDurableObject(watchOf(area), (_object, { storage }) => {
      const told = { version: 3, on_sale: false, counts: counts(2, 0, 0) };
      storage.kv.put("told", told);
    });
    await evictDurableObject(watchOf(area));
    await second(area);
    expect(await watcher.closed).toMatchObject(end);
    expect(watcher.messages).toEqual([]);
  });

  test("[LIVE9] are told how it is when they come afterwards, and may stay once it is open again", async () => {
    const area = await openArea(2);
    await close(area);
    const late = await watch(area);
    expect(await late.closed).toMatchObject(end);
    expect(late.messages).toMatchObject([{ kind: "snapshot", on_sale: false }]);
    await second(area);
    expect(await storedKeys(area)).toEqual([null]);
    await area.object.configureArea({ settings: { ...area.settings, version: 3 } });
    const again = await watch(area);
    await second(area);
    expect(await again.heard()).toMatchObject([{ kind: "snapshot", on_sale: true }]);
  });

  test.each([
    ["whose sales have not begun", { salesStartAtMs: 4_102_444_800_000 }],
    ["whose sales have ended", { salesEndAtMs: 1 }],
  ])("[LIVE9] stay at an area %s", async (_what, hours) => {
    const area = await openArea(2, hours);
    const watcher = await watch(area);
    await second(area);
    await second(area);
    expect(await watcher.heard()).toMatchObject([{ kind: "snapshot", on_sale: true }]);
  });

  test("[LIVE9] stay at an area that is sold out", async () => {
    const area = await openArea(1);
    const watcher = await watch(area);
    await area.object.placeHold(holdOf(area));
    await second(area);
    await second(area);
    expect(await watcher.heard()).toMatchObject([
      { kind: "snapshot" },
      { kind: "changes", on_sale: true, counts: counts(0, 1, 0) },
    ]);
  });
});

describe("the area", () => {
  test("[LIVE2] is asked once a second, however many watch and come", async () => {
    const area = await openArea(3);
    const questions = countQuestions();
    const watchers = await Promise.all(Array.from({ length: 200 }, () => watch(area)));
    expect(questions()).toBe(1);
    for (let seconds = 2; seconds <= 5; seconds += 1) {
      await second(area);
      await Promise.all(Array.from({ length: 10 }, () => watch(area)));
      expect(questions()).toBe(seconds);
    }
    await area.object.placeHold(holdOf(area));
    await second(area);
    for (const watcher of watchers)
      expect(await watcher.heard()).toMatchObject([{ kind: "snapshot" }, { kind: "changes" }]);
  });

  test("[LIVE2] is left alone when the last watcher has gone, and nothing is kept", async () => {
    const area = await openArea(1);
    const [first, last] = [await watch(area), await watch(area)];
    expect(await storedKeys(area)).toEqual(["told", nowMs + 1_000]);
    first.socket.close(1000);
    expect(await first.closed).toMatchObject({ code: 1000, wasClean: true });
    const questions = countQuestions();
    await second(area);
    expect(questions()).toBe(1);
    last.socket.close(4000, "bye");
    await last.closed;
    await second(area);
    expect(await second(area)).toBe(false);
    expect(questions()).toBe(1);
    expect(await storedKeys(area)).toEqual([null]);
    const again = await watch(area);
    expect(await again.heard()).toMatchObject([{ kind: "snapshot" }]);
    expect(await second(area)).toBe(true);
  });

  test("[LIVE6] that does not answer is asked again a second later", async () => {
    const area = await openArea(2);
    const watcher = await watch(area);
    await watcher.heard();
    await area.object.placeHold(holdOf(area));
    const away = vi.spyOn(AreaInventory.prototype, "read").mockRejectedValue(new Error("away"));
    await second(area);
    await second(area);
    expect(away).toHaveBeenCalledTimes(2);
    // Who comes now cannot be told how the area is.
    expect((await knock(area)).status).toBe(503);
    away.mockRestore();
    await second(area);
    expect(await watcher.heard()).toMatchObject([{ kind: "changes", version: 3 }]);
  });
});

describe("who is not let in", () => {
  test("[LIVE8] whoever asks for an area there is not: nothing is kept of it", async () => {
    const area = { areaId: crypto.randomUUID() };
    expect((await knock(area)).status).toBe(404);
    expect(
      await runInDurableObject(watchOf(area), async (_object, { storage }) => [
        ...(await storage.list()).keys(),
        await storage.getAlarm(),
      ]),
    ).toEqual([null]);
  });

  test("[LIVE8] more watchers than one object can tell in a second", async () => {
    const area = await openArea(1);
    const watcher = await watch(area);
    const crowd = (size: number) =>
      runInDurableObject(watchOf(area), (_object, state) => {
        const [socket] = state.getWebSockets();
        if (socket === undefined) throw new Error("nobody watches");
        const all = Array.from({ length: size }, () => socket);
        return vi.spyOn(state, "getWebSockets").mockReturnValue(all);
      });
    const full = await crowd(20_000);
    await second(area);
    expect((await knock(area)).status).toBe(503);
    full.mockRestore();
    const nearlyFull = await crowd(19_999);
    await second(area);
    expect((await knock(area)).status).toBe(101);
    expect((await knock(area)).status).toBe(503);
    nearlyFull.mockRestore();
    await second(area);
    expect((await knock(area)).status).toBe(101);
    expect(await watcher.heard()).toHaveLength(1);
  });
});

describe("what a watcher says", () => {
  test("[LIVE7] is ignored, and reaches no area", async () => {
    const area = await openArea(1);
    const [watcher, other] = [await watch(area), await watch(area)];
    const questions = countQuestions();
    for (const message of ["hello", "", '{"kind":"changes-since","version":0}', "x".repeat(256)])
      watcher.socket.send(message);
    watcher.socket.send(new Uint8Array(256));
    await area.object.placeHold(holdOf(area));
    await second(area);
    for (const each of [watcher, other])
      expect(await each.heard()).toMatchObject([{ kind: "snapshot" }, { kind: "changes" }]);
    expect(questions()).toBe(1);
  });

  test.each([
    ["a long text", "x".repeat(257)],
    ["many bytes", new Uint8Array(257)],
    ["a megabyte", "x".repeat(1_048_576)],
  ])("[LIVE7] ends its connection when it is %s", async (_what, message) => {
    const area = await openArea(1);
    const [watcher, other] = [await watch(area), await watch(area)];
    watcher.socket.send(message);
    expect(await watcher.closed).toMatchObject({ code: 1008 });
    await area.object.placeHold(holdOf(area));
    await second(area);
    expect(await other.heard()).toMatchObject([{ kind: "snapshot" }, { kind: "changes" }]);
  });

  test("[LIVE7] ends its connection when it does not stop, and changes nothing for the others", async () => {
    const area = await openArea(1);
    const [flooder, other] = [await watch(area), await watch(area)];
    const questions = countQuestions();
    for (let message = 0; message < 5_000; message += 1) flooder.socket.send("x");
    expect(await flooder.closed).toMatchObject({ code: 1008 });
    await area.object.placeHold(holdOf(area));
    await second(area);
    expect(await other.heard()).toMatchObject([{ kind: "snapshot" }, { kind: "changes" }]);
    expect(questions()).toBe(1);
  });

  test("[LIVE7] may go on for hours when it is little", async () => {
    const area = await openArea(1);
    const watcher = await watch(area);
    for (let minute = 0; minute < 30; minute += 1) {
      watcher.socket.send("still here");
      await watcher.heard();
      await second(area);
    }
    expect(await watcher.heard()).toEqual([]);
  });
});
