// Makes one-use codes known to the pool of their promotion, in chunks. May be repeated: what is known stays as it is.

import type { Inventory } from "../../../durable-objects/area-inventory/contract.ts";

const CHUNK_CODES = 2_000;

/** Resolves once the pool knows them all; throws when it cannot be reached, or was never configured. */
export async function loadCodes(
  inventory: Inventory,
  poolId: string,
  codes: readonly string[],
): Promise<void> {
  for (let from = 0; from < codes.length; from += CHUNK_CODES) {
    const outcome = await inventory
      .area(poolId)
      .loadCodes({ codes: codes.slice(from, from + CHUNK_CODES) });
    if (!outcome.ok) throw new Error(`the pool refused its codes: ${outcome.refusal.code}`);
  }
}
