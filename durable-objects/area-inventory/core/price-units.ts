// The price of units: base price, then the service fee per unit. Integer minor units, no rounding needed.

import type { AreaSettings, ReservedUnit } from "./commands.ts";
import { reservationUnitId } from "./reservation-unit-id.ts";
import type { UnitRecord } from "./view.ts";

/** Units with the prices of this moment, numbered from `firstUnitIndex` within their reservation. */
export function priceUnits(
  settings: AreaSettings,
  units: readonly UnitRecord[],
  reservation: { reservationId: string; firstUnitIndex: number },
): ReservedUnit[] {
  return units.map((unit, index) => ({
    reservationUnitId: reservationUnitId(
      reservation.reservationId,
      reservation.firstUnitIndex + index,
    ),
    unitId: unit.unitId,
    position: unit.position,
    label: unit.label,
    priceInCents: settings.priceInCents,
    serviceInCents: settings.serviceInCents,
  }));
}
