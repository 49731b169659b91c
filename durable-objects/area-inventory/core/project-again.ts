// Tells Postgres again what the area knows of some reservations and units, because rows there were lost or changed by
// another hand. Nothing of the area changes but the version under which it is told.

import { type Commands, type Outcome, refuse } from "./commands.ts";
import { type Change, type Decision, type View, unchanged } from "./view.ts";

export function projectAgain(
  view: View,
  { reservationIds, unitIds }: Commands["project-again"],
): Decision<Outcome<"project-again">> {
  if (view.area() === null) return unchanged(refuse({ code: "area_unknown" }));
  const reservations = [...new Set(reservationIds)].flatMap((id) => view.reservation(id) ?? []);
  const positions = view.unitsById(unitIds).map(({ position }) => position);
  const changes: Change[] = reservations.map((reservation) => ({
    kind: "reservation",
    reservation,
  }));
  if (positions.length > 0) changes.push({ kind: "units-told-again", positions });
  return {
    outcome: { ok: true, reservations: reservations.length, units: positions.length },
    changes,
    // Who bought heard of it when it was sold.
    effects: [],
  };
}
