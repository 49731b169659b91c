// Reaches the areas' Durable Objects. Finds the object next to the database, whoever calls first.

import type { AreaInventory } from "../../durable-objects/area-inventory/area-inventory.ts";
import type {
  AreaInventoryMethods,
  Inventory,
} from "../../durable-objects/area-inventory/contract.ts";
import { InventoryOverloaded } from "../ports/inventory.ts";

/** Calls that fail on the way are repeated, with the same ids: the object answers a repeated command as the first time. */
const ATTEMPTS_MAX = 3;

export function createInventory(
  objects: DurableObjectNamespace<AreaInventory>,
  locationHint: DurableObjectLocationHint,
): Inventory {
  return {
    area(areaId) {
      // A fresh stub for every call: one that has failed once keeps failing.
      const call = <Answer>(ask: (area: AreaInventoryMethods) => Promise<Answer>) =>
        withRetries(() => ask(objects.getByName(areaId, { locationHint })));
      return {
        configureArea: (command) => call((area) => area.configureArea(command)),
        loadUnits: (command) => call((area) => area.loadUnits(command)),
        placeHold: (command) => call((area) => area.placeHold(command)),
        extendHold: (command) => call((area) => area.extendHold(command)),
        releaseHold: (command) => call((area) => area.releaseHold(command)),
        commitHold: (command) => call((area) => area.commitHold(command)),
        admitTicket: (command) => call((area) => area.admitTicket(command)),
        restoreReservations: (command) => call((area) => area.restoreReservations(command)),
        availability: () => call((area) => area.availability()),
        unitStatuses: (afterPosition, limit) =>
          call((area) => area.unitStatuses(afterPosition, limit)),
        reservationStatus: (reservationId) => call((area) => area.reservationStatus(reservationId)),
      };
    },
  };
}

async function withRetries<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
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
