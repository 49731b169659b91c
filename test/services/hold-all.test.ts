// Holding in several areas and pools when one of them cannot be reached. Nothing of it can be had from a real object on demand,
// so these answer by themselves.

import { describe, expect, test } from "vitest";
import * as z from "zod";
import type { PoolUse } from "../../durable-objects/area-inventory/contract.ts";
import { methodsOver } from "../../src/adapters/area-inventory-methods.ts";
import { InventoryOverloaded } from "../../src/ports/inventory.ts";
import { holdAll } from "../../src/services/reservations/hold-all.ts";

const HOLD_MS = 600_000;
const commandShape = z.object({ kind: z.string(), holdExpiresAtMs: z.number().optional() });
const EXPIRES_AT_MS = 1_795_000_000_000;

/** Objects that hold whatever they are asked to, but for those that cannot be reached; and what each was told, in turn. */
function objects(unreachable: string, pools: Record<string, PoolUse[]> = {}) {
  const told: string[] = [];
  const answer = (id: string, text: string): Promise<string> => {
    const { kind, holdExpiresAtMs } = commandShape.parse(JSON.parse(text));
    told.push([kind, id, ...(holdExpiresAtMs === undefined ? [] : [holdExpiresAtMs])].join(" "));
    if (id === unreachable) return Promise.reject(new InventoryOverloaded(new Error("overloaded")));
    const outcome = { ok: true, expiresAtMs: EXPIRES_AT_MS, currency: "COP", units: [] };
    return Promise.resolve(JSON.stringify({ ...outcome, pools: pools[id] ?? [] }));
  };
  const area = (id: string) =>
    methodsOver((ask) =>
      ask({ execute: (text) => answer(id, text), read: () => Promise.resolve("null") }),
    );
  return { told, dependencies: { inventory: { area }, settings: { holdMs: HOLD_MS } } };
}

const request = (...areaIds: string[]) => ({
  reservationId: crypto.randomUUID(),
  eventId: crypto.randomUUID(),
  items: areaIds.map((areaId) => ({
    areaId,
    selection: { kind: "best-available" as const, quantity: 1 },
    quantity: 1,
    terms: {},
  })),
});

describe("what was held before something could not be reached is given back", () => {
  test("when it is an area", async () => {
    const { told, dependencies } = objects("c");
    await expect(holdAll(dependencies, request("a", "b", "c"))).rejects.toThrow(
      InventoryOverloaded,
    );
    expect(told).toEqual([
      "place-hold a",
      "place-hold b",
      "place-hold c",
      `release-hold a ${EXPIRES_AT_MS}`,
      `release-hold b ${EXPIRES_AT_MS}`,
    ]);
  });

  test("when it is a pool, in the pools before it and in the areas", async () => {
    const pools = { a: ["p", "q"].map((poolId) => ({ poolId, quantity: 1, stageId: poolId })) };
    const { told, dependencies } = objects("q", pools);
    await expect(holdAll(dependencies, request("a", "b"))).rejects.toThrow(InventoryOverloaded);
    expect(told).toEqual([
      "place-hold a",
      "place-hold b",
      "place-hold p",
      "place-hold q",
      `release-hold p ${EXPIRES_AT_MS}`,
      `release-hold a ${EXPIRES_AT_MS}`,
      `release-hold b ${EXPIRES_AT_MS}`,
    ]);
  });
});
