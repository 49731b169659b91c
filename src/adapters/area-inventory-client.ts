// Reaches the areas' Durable Objects. Finds the object next to the database, whoever calls first.

import type {
  AreaInventoryCalls,
  Inventory,
} from "../../durable-objects/area-inventory/contract.ts";
import { methodsOver } from "./area-inventory-methods.ts";
import { InventoryOverloaded } from "../ports/inventory.ts";

/** Calls that fail on the way are repeated, with the same ids: the object answers a repeated command as the first time. */
const ATTEMPTS_MAX = 3;

/** What is needed of the platform's namespace. */
export interface AreaObjects {
  getByName(
    areaId: string,
    options: { locationHint: DurableObjectLocationHint },
  ): AreaInventoryCalls;
}

export function createInventory(
  objects: AreaObjects,
  locationHint: DurableObjectLocationHint,
): Inventory {
  return {
    // A fresh stub for every call: one that has failed once keeps failing.
    area: (areaId) =>
      methodsOver((ask) => withRetries(() => ask(objects.getByName(areaId, { locationHint })))),
  };
}

export async function withRetries<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await ask();
    } catch (error) {
      if (hasFlag(error, "overloaded")) throw new InventoryOverloaded(error);
      const lostOnTheWay = hasFlag(error, "retryable") || hasFlag(error, "durableObjectReset");
      if (!lostOnTheWay || attempt === ATTEMPTS_MAX) throw error;
      await scheduler.wait(50 * 2 ** attempt * (0.5 + Math.random()));
    }
  }
}

function hasFlag(error: unknown, flag: string): boolean {
  return error instanceof Error && Reflect.get(error, flag) === true;
}
