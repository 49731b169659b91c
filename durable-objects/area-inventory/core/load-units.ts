// Units enter the inventory, in chunks. A chunk that is sent again adds nothing.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { type Decision, type View, unchanged } from "./view.ts";

export function loadUnits(
  view: View,
  command: Commands["load-units"],
): Decision<Outcome<"load-units">> {
  const area = view.area();
  if (area === null) return unchanged(refuse({ code: "area_unknown" }));

  const known = new Map(
    view
      .unitsAtPositions(command.units.map((unit) => unit.position))
      .map((unit) => [unit.position, unit.unitId]),
  );
  const knownIds = new Set(
    view.unitsById(command.units.map((unit) => unit.unitId)).map((unit) => unit.unitId),
  );
  // A position belongs to one unit for ever: another unit there, or the same unit elsewhere, is a caller's mistake.
  const conflicting = command.units.filter(
    (unit) =>
      known.get(unit.position) !== unit.unitId &&
      (known.has(unit.position) || knownIds.has(unit.unitId)),
  );
  if (conflicting.length > 0) {
    return unchanged(
      refuse({ code: "units_conflict", unitIds: conflicting.map((unit) => unit.unitId) }),
    );
  }

  const added = command.units
    .filter((unit) => !known.has(unit.position))
    .toSorted((left, right) => left.position - right.position);
  const total = area.available + area.held + area.sold + area.blocked + added.length;
  return {
    outcome: { ok: true, units: total },
    changes: added.length === 0 ? [] : [{ kind: "units-added", units: added }],
    effects: [],
  };
}
