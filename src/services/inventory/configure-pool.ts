// Hands the size of a shared quantity to the inventory that counts it, which keeps the newest version.

import type { Inventory } from "../../../durable-objects/area-inventory/contract.ts";
import { configureAreaInventory } from "./configure-area-inventory.ts";
import type { PoolDescription } from "./pools.ts";

/** Resolves once the pool has this size or a newer one; throws when it cannot be reached. */
export async function configurePool(
  inventory: Inventory,
  pool: PoolDescription & { isRestoring?: boolean },
): Promise<void> {
  const { poolId, profileId, eventId, version, terms, isRestoring } = pool;
  await configureAreaInventory(inventory, poolId, {
    profileId,
    eventId: eventId ?? "",
    currency: "COP",
    priceInCents: 0,
    serviceInCents: 0,
    unitsPerReservationMax: 0,
    ...(isRestoring === true && { isRestoring }),
    isOpen: true,
    version,
    pool: terms,
  });
}
