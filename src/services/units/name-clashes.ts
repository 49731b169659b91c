// Which units of a plan cannot be made because their labels are taken.

import { type UnitPlan, type UnitPreview, previewUnits } from "../../db/unit-plans-repository.ts";
import type { DatabaseScope } from "../../ports/database.ts";
import type { UnitOrder } from "./plan-units.ts";

const CLASHES_SHOWN_MAX = 20;

export interface LabelsTaken {
  code: "unit_labels_taken";
  /** The first of them. */
  labels: readonly string[];
  /** Where these stand in the file, if there was one. */
  lines?: readonly number[];
}

/** After the database refused them. Empty when whatever was in the way has gone since. */
export async function nameClashes(
  tenant: DatabaseScope,
  areaId: string,
  { order, plan }: { order: UnitOrder; plan: UnitPlan },
): Promise<LabelsTaken> {
  const preview = await previewUnits(tenant, areaId, { plan, limit: CLASHES_SHOWN_MAX });
  return preview === null ? { code: "unit_labels_taken", labels: [] } : labelsTaken(order, preview);
}

export function labelsTaken(order: UnitOrder, preview: UnitPreview): LabelsTaken {
  const { takenLabels: labels, takenPlaces } = preview;
  if (order.kind !== "listed") return { code: "unit_labels_taken", labels };
  const lines = takenPlaces.flatMap((place) => order.units[place - 1]?.line ?? []);
  return { code: "unit_labels_taken", labels, lines };
}
