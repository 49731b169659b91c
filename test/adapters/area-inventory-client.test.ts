// What the Worker does when an area's object cannot be reached: faults of the platform that nothing else can produce. Waiting
// is written down and takes no time.

import { type Context, Hono } from "hono";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type AreaObjects, createInventory } from "../../src/adapters/area-inventory-client.ts";
import type { AppEnv } from "../../src/http/app-env.ts";
import { answerError } from "../../src/http/middleware.ts";
import { answerProblem, problemCatalog } from "../../src/http/problem.ts";
import { InventoryOverloaded } from "../../src/ports/inventory.ts";

const AREA_ID = "4f0c1c8e-6f0a-4c8e-9a55-0d3f7b1f2a10";

/** An error as the platform throws it. */
function fault(...flags: ("retryable" | "durableObjectReset" | "overloaded" | "remote")[]): Error {
  const named = Object.fromEntries(flags.map((flag) => [flag, true]));
  return Object.assign(new Error("Network connection lost."), named);
}

type Answer = Error | object | null;

/** A namespace whose stubs answer in this order, whichever is asked; one that has failed once keeps failing. */
function objectsThatAnswer(...answers: Answer[]) {
  const stubs: { areaId: string; options: object }[] = [];
  const texts: string[] = [];
  const objects: AreaObjects = {
    getByName(areaId, options) {
      stubs.push({ areaId, options });
      let broken: Error | null = null;
      const answer = async (text: string) => {
        texts.push(text);
        if (broken !== null) throw broken;
        const next = answers.shift();
        if (next === undefined) throw new Error("asked too often");
        if (!(next instanceof Error)) return JSON.stringify(next);
        broken = next;
        throw next;
      };
      return { execute: answer, read: answer };
    },
  };
  return { inventory: createInventory(objects, "enam"), stubs, texts };
}

/** What a route that does this answers. */
async function answerOf(
  handle: (context: Context<AppEnv>) => Promise<Response>,
): Promise<Response> {
  const app = new Hono<AppEnv>();
  app.onError(answerError);
  app.get("/", handle);
  return app.request("/");
}

/** How long was waited, each time. */
const waits: number[] = [];

beforeEach(() => {
  waits.length = 0;
  vi.stubGlobal("scheduler", { wait: async (ms: number) => void waits.push(ms) });
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const release = { reservationId: crypto.randomUUID() };
const released = { ok: true, ...release };

describe("a call of an area's object", () => {
  test("finds the object by the area's id, next to the database, and costs one stub", async () => {
    const { inventory, stubs, texts } = objectsThatAnswer(released);
    expect(await inventory.area(AREA_ID).releaseHold(release)).toEqual(released);
    expect(stubs).toEqual([{ areaId: AREA_ID, options: { locationHint: "enam" } }]);
    expect(texts).toEqual([JSON.stringify({ ...release, kind: "release-hold" })]);
    expect(waits).toEqual([]);
  });

  test.each(["retryable", "durableObjectReset"] as const)(
    "[INV87] that ends as %s is repeated by a new stub, with the same command",
    async (flag) => {
      const { inventory, stubs, texts } = objectsThatAnswer(fault(flag), fault(flag), released);
      expect(await inventory.area(AREA_ID).releaseHold(release)).toEqual(released);
      const stub = { areaId: AREA_ID, options: { locationHint: "enam" } };
      expect(stubs).toEqual([stub, stub, stub]);
      expect(new Set(texts)).toEqual(
        new Set([JSON.stringify({ ...release, kind: "release-hold" })]),
      );
    },
  );

  test("that is a question is repeated as well", async () => {
    const { inventory, texts } = objectsThatAnswer(fault("retryable"), null);
    expect(await inventory.area(AREA_ID).availability()).toBeNull();
    expect(texts).toHaveLength(2);
  });

  test.each([
    [0, [50, 100]],
    [0.5, [100, 200]],
    [0.999, [149.9, 299.8]],
  ])("is repeated later each time, by chance (%d) earlier or later", async (chance, expected) => {
    vi.spyOn(Math, "random").mockReturnValue(chance);
    const lost = fault("retryable");
    await objectsThatAnswer(lost, lost, released).inventory.area(AREA_ID).releaseHold(release);
    expect(waits).toEqual(expected.map((ms) => expect.closeTo(ms, 5)));
  });

  test("that is lost three times fails as the third time", async () => {
    const third = fault("retryable");
    const { inventory, stubs } = objectsThatAnswer(
      fault("retryable"),
      fault("durableObjectReset"),
      third,
    );
    await expect(inventory.area(AREA_ID).releaseHold(release)).rejects.toBe(third);
    expect(stubs).toHaveLength(3);
    expect(waits).toHaveLength(2);
  });

  test.each([
    ["that the object itself threw", fault("remote")],
    ["without a word of the platform", new TypeError("not a function")],
  ])("%s is not repeated", async (_what, error) => {
    const { inventory, stubs } = objectsThatAnswer(error);
    await expect(inventory.area(AREA_ID).releaseHold(release)).rejects.toBe(error);
    expect(stubs).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  test("[INV87] that finds the object overloaded is not repeated, whatever else is said of it", async () => {
    const error = fault("overloaded", "retryable");
    const { inventory, stubs } = objectsThatAnswer(error);
    const failure = inventory.area(AREA_ID).releaseHold(release);
    await expect(failure).rejects.toBeInstanceOf(InventoryOverloaded);
    await expect(failure).rejects.toMatchObject({ cause: error });
    expect(stubs).toHaveLength(1);
    expect(waits).toEqual([]);
  });
});

describe("a refusal of an object that is newer than the Worker", () => {
  const unheardOf = { ok: false, refusal: { code: "seat_on_fire", degrees: 451 } };
  const updating = { ok: false, refusal: { code: "service_updating" } };

  beforeEach(() => void vi.spyOn(console, "error").mockImplementation(() => undefined));

  test("[INV86] is passed on as one that may be retried, to a command and to a quote", async () => {
    const { inventory } = objectsThatAnswer(unheardOf, unheardOf);
    const area = inventory.area(AREA_ID);
    expect(await area.releaseHold(release)).toEqual(updating);
    const selection = { kind: "best-available" as const, quantity: 1 };
    const hold = { ...release, eventId: AREA_ID, selection, firstUnitIndex: 0, holdMs: 1 };
    expect(await area.quoteHold({ ...hold, profileId: AREA_ID })).toEqual(updating);
    expect(console.error).toHaveBeenCalledWith(expect.any(String), { code: "seat_on_fire" });
  });

  test("[INV86] by no name of this language's own objects is taken for one that is known", async () => {
    const { inventory } = objectsThatAnswer({ ok: false, refusal: { code: "toString" } });
    expect(await inventory.area(AREA_ID).releaseHold(release)).toEqual(updating);
  });

  test("is answered 503, with a code of the documentation", async () => {
    const answer = await answerOf(async (context) => {
      const outcome = await objectsThatAnswer(unheardOf)
        .inventory.area(AREA_ID)
        .releaseHold(release);
      return outcome.ok ? context.json({}) : answerProblem(context, outcome.refusal);
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(await answer.json()).toMatchObject({ code: "service_updating", may_retry: true });
    expect(problemCatalog().map(({ code }) => code)).toContain("service_updating");
  });

  test("that is known arrives as it is, with its details", async () => {
    const soldOut = { ok: false, refusal: { code: "sold_out", available: 3 } };
    const { inventory } = objectsThatAnswer(soldOut);
    expect(await inventory.area(AREA_ID).releaseHold(release)).toEqual(soldOut);
  });
});

describe("a request that finds an object overloaded", () => {
  test("is answered 503 and told when to come again", async () => {
    const answer = await answerOf(async (context) => {
      const { inventory } = objectsThatAnswer(fault("overloaded"));
      return context.json(await inventory.area(AREA_ID).availability());
    });
    expect(answer.status).toBe(503);
    expect(answer.headers.get("retry-after")).toBe("2");
    expect(answer.headers.get("cache-control")).toBe("no-store");
    expect(await answer.json()).toMatchObject({ code: "service_overloaded", may_retry: true });
  });
});
