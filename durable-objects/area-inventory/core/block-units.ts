// An organizer takes units off sale, and puts them back. All or none; a unit that somebody holds or has bought is not
// taken from them.

import { type Commands, type Outcome, type Refused, refuse } from "./commands.ts";
import { type Decision, type UnitRecord, type View, unchanged } from "./view.ts";

export function blockUnits(
  view: View,
  { unitIds }: Commands["block-units"],
): Decision<Outcome<"block-units">> {
  const units = namedUnits(view, unitIds);
  if (!Array.isArray(units)) return unchanged(units);
  const taken = units.filter(({ state }) => state === "held" || state === "sold");
  if (taken.length > 0)
    return unchanged(
      refuse({
        code: "units_taken",
        unitIds: taken.map(({ unitId }) => unitId),
        alternativeUnitIds: null,
      }),
    );
  const positions = positionsIn(units, "available");
  return {
    outcome: { ok: true, blocked: positions.length },
    changes: [{ kind: "unit-state", positions, state: "blocked" }],
    effects: [],
  };
}

/** Units that are not blocked stay as they are. */
export function unblockUnits(
  view: View,
  { unitIds }: Commands["unblock-units"],
): Decision<Outcome<"unblock-units">> {
  const units = namedUnits(view, unitIds);
  if (!Array.isArray(units)) return unchanged(units);
  const positions = positionsIn(units, "blocked");
  return {
    outcome: { ok: true, unblocked: positions.length },
    changes: [{ kind: "unit-state", positions, state: "available" }],
    effects: [],
  };
}

function namedUnits(view: View, unitIds: readonly string[]): UnitRecord[] | Refused {
  if (view.area() === null) return refuse({ code: "area_unknown" });
  const wanted = [...new Set(unitIds)];
  const units = view.unitsById(wanted);
  const found = new Set(units.map(({ unitId }) => unitId));
  const unknown = wanted.filter((unitId) => !found.has(unitId));
  return unknown.length > 0 ? refuse({ code: "units_unknown", unitIds: unknown }) : units;
}

function positionsIn(units: readonly UnitRecord[], state: UnitRecord["state"]): number[] {
  return units.filter((unit) => unit.state === state).map(({ position }) => position);
}
