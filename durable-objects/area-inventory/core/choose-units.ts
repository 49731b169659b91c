// Which units a selection means: the best free ones, or exactly those that were named.

import { type Refused, type Selection, refuse } from "./commands.ts";
import type { Area, UnitRecord, View } from "./view.ts";

export function quantityOf(selection: Selection): number {
  return selection.kind === "units" ? new Set(selection.unitIds).size : selection.quantity;
}

export function chooseUnits(view: View, area: Area, selection: Selection): UnitRecord[] | Refused {
  switch (selection.kind) {
    case "best-available":
      return chooseBest(view, area, selection);
    case "units":
      return chooseNamed(view, selection.unitIds);
    // A pool has no units.
    case "pool":
      return [];
    default:
      return selection satisfies never;
  }
}

function chooseBest(
  view: View,
  { available }: Area,
  { quantity, together }: { quantity: number; together?: boolean },
): UnitRecord[] | Refused {
  if (available < quantity) return refuse({ code: "sold_out", available });
  const best = view.bestUnits(quantity, { together: together === true });
  return best ?? refuse({ code: "not_together", available });
}

function chooseNamed(view: View, unitIds: readonly string[]): UnitRecord[] | Refused {
  const wanted = [...new Set(unitIds)];
  const units = view.unitsById(wanted);
  const found = new Set(units.map(({ unitId }) => unitId));
  const unknown = wanted.filter((unitId) => !found.has(unitId));
  if (unknown.length > 0) return refuse({ code: "units_unknown", unitIds: unknown });
  const taken = units.filter((unit) => unit.state !== "available").map((unit) => unit.unitId);
  const [first] = units;
  if (taken.length === 0 || first === undefined) return units;
  const near = view.unitsNear(first.position, units.length);
  const alternativeUnitIds = near?.map(({ unitId }) => unitId) ?? null;
  return refuse({ code: "units_taken", unitIds: taken, alternativeUnitIds });
}
