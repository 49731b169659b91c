// Holds units for a buyer until a time. Holding is the only way a unit becomes scarce before it is paid.

import {
  type Commands,
  type HoldOutcome,
  type Outcome,
  type Refused,
  type Selection,
  refuse,
} from "./commands.ts";
import { priceUnits } from "./price-units.ts";
import {
  type Area,
  type Decision,
  type Reservation,
  type UnitRecord,
  type View,
  unchanged,
} from "./view.ts";

export function placeHold(
  view: View,
  command: Commands["place-hold"],
  nowMs: number,
): Decision<Outcome<"place-hold">> {
  const area = view.area();
  if (area === null || area.settings.eventId !== command.eventId)
    return unchanged(refuse({ code: "area_unknown" }));

  const earlier = view.reservation(command.reservationId);
  if (earlier !== null && !sameSelection(earlier.selection, command.selection)) {
    return unchanged(refuse({ code: "command_reused" }));
  }
  // A released hold may be placed again: a reservation over several areas that failed in one gave this part back.
  if (earlier !== null && earlier.state !== "released") {
    return unchanged(heldOutcome(earlier, earlier.holdExpiresAtMs, area));
  }
  if (!area.settings.isOpen || area.settings.isRestoring === true)
    return unchanged(refuse({ code: "area_closed" }));

  const quantity = quantityOf(command.selection);
  const max = area.settings.unitsPerReservationMax;
  if (quantity < 1 || quantity > max) return unchanged(refuse({ code: "quantity_invalid", max }));

  const chosen = choose(view, area, command.selection);
  if (!Array.isArray(chosen)) return unchanged(chosen);

  const expiresAtMs = nowMs + command.holdMs;
  const units = priceUnits(area.settings, chosen, command);
  const reservation: Reservation = {
    reservationId: command.reservationId,
    state: "held",
    selection: command.selection,
    holdExpiresAtMs: expiresAtMs,
    expiresAtMs,
    paymentId: null,
    unitsReplaced: false,
    units,
    tickets: [],
  };
  return {
    outcome: heldOutcome(reservation, expiresAtMs, area),
    changes: [
      {
        kind: "unit-state",
        positions: units.map((unit) => unit.position),
        state: "held",
      },
      { kind: "reservation", reservation },
    ],
    effects: [],
  };
}

export function heldOutcome(
  reservation: Reservation,
  expiresAtMs: number,
  area: Area,
): HoldOutcome {
  return {
    ok: true,
    reservationId: reservation.reservationId,
    profileId: area.settings.profileId,
    expiresAtMs,
    currency: area.settings.currency,
    units: reservation.units,
  };
}

function quantityOf(selection: Selection): number {
  return selection.kind === "best-available" ? selection.quantity : new Set(selection.unitIds).size;
}

function choose(view: View, area: Area, selection: Selection): UnitRecord[] | Refused {
  if (selection.kind === "best-available") {
    if (area.available < selection.quantity)
      return refuse({ code: "sold_out", available: area.available });
    const best = view.bestUnits(selection.quantity, { together: selection.together === true });
    return best ?? refuse({ code: "not_together", available: area.available });
  }
  const wanted = [...new Set(selection.unitIds)];
  const units = view.unitsById(wanted);
  const found = new Map(units.map((unit) => [unit.unitId, unit]));
  const unknown = wanted.filter((unitId) => !found.has(unitId));
  if (unknown.length > 0) return refuse({ code: "units_unknown", unitIds: unknown });
  const taken = units.filter((unit) => unit.state !== "available").map((unit) => unit.unitId);
  if (taken.length > 0) return refuse({ code: "units_taken", unitIds: taken });
  return units;
}

function sameSelection(left: Selection, right: Selection): boolean {
  if (left.kind === "best-available") {
    return (
      right.kind === "best-available" &&
      left.quantity === right.quantity &&
      (left.together === true) === (right.together === true)
    );
  }
  return (
    right.kind === "units" &&
    left.unitIds.length === right.unitIds.length &&
    left.unitIds.every((unitId, index) => unitId === right.unitIds[index])
  );
}
