// Hands the size of a shared quantity to the inventory that counts it, which keeps the newest version.

import type { Inventory, PoolTerms } from "../../../durable-objects/area-inventory/contract.ts";
import { configureAreaInventory } from "./configure-area-inventory.ts";

export interface PoolDescription {
  /** The id of the stage or promotion. */
  poolId: string;
  profileId: string;
  /** Null when it is shared by several events. */
  eventId: string | null;
  version: number;
  terms: PoolTerms;
}

/** Resolves once the pool has this size or a newer one; throws when it cannot be reached. */
export async function configurePool(
  inventory: Inventory,
  { poolId, profileId, eventId, version, terms }: PoolDescription,
): Promise<void> {
  await configureAreaInventory(inventory, poolId, {
    profileId,
    eventId: eventId ?? "",
    currency: "COP",
    priceInCents: 0,
    serviceInCents: 0,
    unitsPerReservationMax: 0,
    isOpen: true,
    version,
    pool: terms,
  });
}
