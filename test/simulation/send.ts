// Calls the object as the Worker does: commands and questions as text.

import type {
  AreaInventoryCalls,
  AreaInventoryMethods,
} from "../../durable-objects/area-inventory/contract.ts";
import { methodsOver } from "../../src/adapters/area-inventory-methods.ts";
import type { SentCommand } from "./plan.ts";

export async function sendTo(object: AreaInventoryCalls, command: SentCommand): Promise<object> {
  const outcome: object = JSON.parse(await object.execute(JSON.stringify(command)));
  return outcome;
}

export function methodsOf(object: AreaInventoryCalls): AreaInventoryMethods {
  return methodsOver((ask) => ask(object));
}
