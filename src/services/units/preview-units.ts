// An organizer looks at the units a call would make before it makes them. Writes nothing.

import { previewUnits as readPreview } from "../../db/unit-plans-repository.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import { type LabelsTaken, labelsTaken } from "./name-clashes.ts";
import { type UnitOrder, planUnits } from "./plan-units.ts";

const LABELS_SHOWN_MAX = 20;

export interface UnitsPreview {
  units: number;
  /** Units the area would have. */
  capacity: number;
  firstLabels: readonly string[];
  lastLabel: string | null;
  /** Units whose label is taken. */
  clashes: number;
  /** What the call would be refused with; null: it would be carried out. */
  refusal: LabelsTaken | null;
}

export async function previewUnits(
  { database }: Dependencies,
  actor: Actor,
  { areaId, order }: { areaId: string; order: UnitOrder },
): Promise<
  Result<UnitsPreview, { code: "units_too_many"; max: number } | { code: "area_not_found" }>
> {
  const { profileId } = actor.authorize("catalog.write");
  const planned = planUnits(order);
  if (!planned.ok) return planned;
  const { plan, units } = planned.value;
  const tenant = database.asTenant(profileId);
  const preview = await readPreview(tenant, areaId, { plan, limit: LABELS_SHOWN_MAX });
  if (preview === null) return refused({ code: "area_not_found" });
  const { capacity, firstLabels, lastLabel, clashes } = preview;
  return ok({
    units,
    capacity: capacity + units,
    firstLabels,
    lastLabel,
    clashes,
    refusal: clashes === 0 ? null : labelsTaken(order, preview),
  });
}
