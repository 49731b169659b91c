// An organizer keeps units back, for guests or for a sale elsewhere: whether the area is open or not, beyond the limits of
// buyers, until they are given back or paid. They are held like any others.

import { chooseUnits, quantityOf } from "./choose-units.ts";
import { type Commands, NEVER_MS, type Outcome, refuse } from "./commands.ts";
import { admittedPeople, heldOutcome, isSameSelection } from "./place-hold.ts";
import { priceUnits } from "./price-units.ts";
import { type Decision, type Reservation, type View, unchanged } from "./view.ts";

export function reserveUnits(
  view: View,
  { reservationId, selection }: Commands["reserve-units"],
): Decision<Outcome<"reserve-units">> {
  const area = view.area();
  if (area === null || area.settings.pool !== undefined || selection.kind === "pool")
    return unchanged(refuse({ code: "area_unknown" }));
  const earlier = view.reservation(reservationId);
  if (earlier !== null && !isSameSelection(earlier.selection, selection))
    return unchanged(refuse({ code: "command_reused" }));
  if (earlier !== null) return unchanged(heldOutcome(earlier, earlier.holdExpiresAtMs, area));
  if (area.settings.isRestoring === true) return unchanged(refuse({ code: "area_closed" }));

  const quantity = quantityOf(selection);
  const max = area.available;
  if (quantity < 1) return unchanged(refuse({ code: "quantity_invalid", max }));
  const chosen = chooseUnits(view, area, selection);
  if (!Array.isArray(chosen)) return unchanged(chosen);

  const order = { units: quantity, discountInCents: 0 };
  const terms = { stage: null, promotion: null, order };
  const units = priceUnits(area.settings, chosen, { reservationId, firstUnitIndex: 0, terms });
  const reservation: Reservation = {
    reservationId,
    state: "held",
    selection,
    holdExpiresAtMs: NEVER_MS,
    expiresAtMs: NEVER_MS,
    paymentId: null,
    unitsReplaced: false,
    units,
    tickets: [],
    ...admittedPeople(area.settings),
  };
  return {
    outcome: heldOutcome(reservation, NEVER_MS, area),
    changes: [
      { kind: "unit-state", positions: units.map((unit) => unit.position), state: "held" },
      { kind: "reservation", reservation },
    ],
    effects: [],
  };
}
