// Hands an area's settings to its object, which keeps the newest version, whatever arrives last.

import type { AreaSettings, Inventory } from "../../../durable-objects/area-inventory/contract.ts";
import type { Area } from "../../db/areas-repository.ts";
import type { Pricing } from "../../db/pricing-repository.ts";
import { pricingSettings } from "./pricing-settings.ts";

/** What the object needs to know of an area. */
export function settingsOf(area: Area, pricing: Pricing): AreaSettings {
  return {
    profileId: area.profileId,
    eventId: area.eventId,
    currency: area.currency,
    priceInCents: area.priceInCents,
    serviceInCents: area.serviceInCents,
    unitsPerReservationMax: area.unitsPerReservationMax,
    ...(area.unitsPerBuyerMax !== null && { unitsPerBuyerMax: area.unitsPerBuyerMax }),
    ...(area.unitCapacity > 1 && { peoplePerUnit: area.unitCapacity }),
    ...(area.allowsReentry && { allowsReentry: true }),
    ...pricingSettings(pricing),
    ...(area.eventSalesStartAt && { salesStartAtMs: area.eventSalesStartAt.getTime() }),
    salesEndAtMs: area.eventSalesEndAt.getTime(),
    isOpen: area.eventStatus === "published" && !area.eventIsHidden,
    ...(area.eventStatus === "cancelled" && { isCancelled: true }),
    version: area.version,
  };
}

/** Resolves once the object has these settings or newer ones; throws when it cannot be reached. */
export async function configureAreaInventory(
  inventory: Inventory,
  areaId: string,
  settings: AreaSettings,
): Promise<void> {
  const outcome = await inventory.area(areaId).configureArea({ settings });
  if (!outcome.ok) {
    throw new Error(`the area's inventory refused its settings: ${outcome.refusal.code}`);
  }
}
