// Which units a selection means and what they cost, decided a second time, from SPEC.md alone.

import type {
  AreaSettings,
  Refused,
  ReservedUnit,
  Selection,
  Unit,
} from "../../durable-objects/area-inventory/core/commands.ts";
import type { AreaModel } from "./area-model.ts";
import { type PlainTerms, plainPrices } from "./plain-prices.ts";
import { refused } from "./refused.ts";

export function quantityOf(selection: Selection): number {
  return selection.kind === "units" ? new Set(selection.unitIds).size : selection.quantity;
}

/** Two selections of one content are the same. */
export function contentOf(selection: Selection): string {
  if (selection.kind === "units") return `units ${selection.unitIds.join(" ")}`;
  if (selection.kind === "pool") return `pool ${selection.quantity}`;
  return `best ${selection.quantity} ${selection.together === true}`;
}

export function choose(model: AreaModel, selection: Selection): Unit[] | Refused {
  if (selection.kind === "pool") return [];
  const { available } = model.counts();
  if (selection.kind === "best-available") {
    if (available < selection.quantity) return refused({ code: "sold_out", available });
    const best = model.best(selection.quantity, selection.together === true);
    return best === "not-together" ? refused({ code: "not_together", available }) : [...best];
  }
  const units = named(model, selection.unitIds);
  if (!Array.isArray(units)) return units;
  const taken = units.filter(({ unitId }) => !model.isFree(unitId));
  const [first] = units;
  if (first === undefined || taken.length === 0) return units;
  const near = model.near(first, units.length);
  return refused({
    code: "units_taken",
    unitIds: taken.map(({ unitId }) => unitId),
    alternativeUnitIds: near && near.map(({ unitId }) => unitId),
  });
}

/** In order of sale; each once. */
export function named(model: AreaModel, unitIds: readonly string[]): Unit[] | Refused {
  const wanted = [...new Set(unitIds)];
  const unknown = wanted.filter((unitId) => !model.units.some((unit) => unit.unitId === unitId));
  if (unknown.length > 0) return refused({ code: "units_unknown", unitIds: unknown });
  return model.units.filter(({ unitId }) => wanted.includes(unitId));
}

/** The units of a reservation, with their ids and what they cost. */
export function priced(
  settings: AreaSettings,
  units: readonly Unit[],
  at: { reservationId: string; firstUnitIndex: number; terms: PlainTerms },
): ReservedUnit[] {
  const { reservationId, firstUnitIndex, terms } = at;
  const { stage, promotion } = terms;
  const prices = plainPrices(settings.priceInCents, units.length, terms);
  return units.map(({ unitId, position, label }, index) => {
    const { priceInCents, discountInCents } = prices[index] ?? {
      priceInCents: 0,
      discountInCents: 0,
    };
    return {
      reservationUnitId: ticketIdOf(reservationId, firstUnitIndex + index),
      unitId,
      position,
      label,
      priceInCents,
      serviceInCents: settings.serviceInCents,
      ...((stage ?? promotion) && { baseInCents: settings.priceInCents }),
      ...(stage && { stageId: stage.stageId }),
      ...(promotion && { promotionId: promotion.promotionId, discountInCents }),
    };
  });
}

/** The reservation's own id, with the unit's number for its last digits. */
export function ticketIdOf(reservationId: string, index: number): string {
  return reservationId.slice(0, -4) + index.toString(16).padStart(4, "0");
}
