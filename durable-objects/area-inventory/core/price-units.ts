// The price of units: base price, then the service fee per unit. Integer minor units, no rounding needed.

import type { AreaSettings, ReservedUnit } from "./commands.ts";
import type { UnitRecord } from "./view.ts";

/**
 * Units with the prices of this moment, each under the id its ticket will have. `reservationUnitIds` are as many
 * as `units`; a missing one is a bug of the caller.
 */
export function priceUnits(
  settings: AreaSettings,
  units: readonly UnitRecord[],
  reservationUnitIds: readonly string[],
): ReservedUnit[] {
  return units.map((unit, index) => {
    const reservationUnitId = reservationUnitIds[index];
    if (reservationUnitId === undefined) throw new Error("fewer reservation unit ids than units");
    return {
      reservationUnitId,
      unitId: unit.unitId,
      position: unit.position,
      label: unit.label,
      priceInCents: settings.priceInCents,
      serviceInCents: settings.serviceInCents,
    };
  });
}
