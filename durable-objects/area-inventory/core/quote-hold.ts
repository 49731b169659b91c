// What a hold would be answered at this moment, without holding anything: the very decision of `place-hold`, whose changes are
// thrown away. So a quote and the hold that follows can differ only by what happened in between.

import { type Commands, type HoldOutcome, type Refused, refuse } from "./commands.ts";
import { type ToldStage, toldStage } from "./current-price.ts";
import { placeHold } from "./place-hold.ts";
import { leftOf, quotaKeys } from "./quotas.ts";
import type { View } from "./view.ts";

/** A hold under an id that nobody uses. */
export type HoldQuestion = Omit<Commands["place-hold"], "kind"> & {
  /** Whose site asks: nobody else's areas are there for it. */
  profileId: string;
};

export interface HoldQuote {
  ok: true;
  /** Its ids mean nothing, and its units may be others a moment later. */
  hold: HoldOutcome;
  /** Free units of the area. */
  available: number;
  /** Which sets the price; null: the area's own holds. */
  stage: ToldStage | null;
  /** What is left of a pool, this part of it included; null: any number, or an area. */
  left: number | null;
}

export function quoteHold(
  view: View,
  { profileId, ...command }: HoldQuestion,
  nowMs: number,
): HoldQuote | Refused {
  const area = view.area();
  if (area === null || area.settings.profileId !== profileId)
    return refuse({ code: "area_unknown" });
  const { outcome } = placeHold(view, { ...command, kind: "place-hold" }, nowMs);
  if (!outcome.ok) return outcome;
  const { settings, available } = area;
  const stageId = outcome.units[0]?.stageId;
  const stage = settings.stages?.find((each) => each.stageId === stageId);
  return {
    ok: true,
    hold: outcome,
    available,
    stage: stage === undefined ? null : toldStage({ view, settings }, stage),
    left: settings.pool === undefined ? null : leftOf(view, settings, quotaKeys.pool),
  };
}
