// Areas as they sell at this moment, wherever several are shown at once.

import type { Availability, Inventory } from "../../../durable-objects/area-inventory/contract.ts";
import type { PublicArea } from "../../db/public-repository.ts";
import { InventoryOverloaded } from "../../ports/inventory.ts";
import { liveAvailability } from "./live-availability.ts";

export interface AreaOnPage extends PublicArea {
  /** Null while the area cannot say, or was never loaded. */
  sale: Availability | null;
}

/** In their order. Costs each area's object a read, so whoever shows it keeps it for a moment. */
export function withSales(
  inventory: Inventory,
  areas: readonly PublicArea[],
): Promise<AreaOnPage[]> {
  return Promise.all(
    areas.map(async (area) => ({ ...area, sale: await saleOf(inventory, area.areaId) })),
  );
}

/** In the busiest minute areas are shown without what an overloaded one would say. */
async function saleOf(inventory: Inventory, areaId: string): Promise<Availability | null> {
  try {
    return await liveAvailability(inventory, areaId);
  } catch (error) {
    if (error instanceof InventoryOverloaded) return null;
    throw error;
  }
}
