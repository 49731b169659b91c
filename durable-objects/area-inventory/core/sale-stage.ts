// Which sale stage a hold falls under: the first in order of priority that is on and has room for all of it. So a stage
// that is over or sold out hands over to the next by itself, and without any the area's own price holds.

import { type AreaSettings, type Refused, type SaleStage, refuse } from "./commands.ts";
import { type Counts, leftOf, quotaKeys } from "./quotas.ts";

export interface StageRequest {
  quantity: number;
  /** The stage the buyer was shown, or whichever it is. */
  stageId: string | undefined;
  /** Those whose pool has no room. */
  stagesFull: readonly string[];
}

export function isOn(
  { startsAtMs, endsAtMs }: { startsAtMs: number | null; endsAtMs: number | null },
  nowMs: number,
): boolean {
  return (startsAtMs === null || nowMs >= startsAtMs) && (endsAtMs === null || nowMs < endsAtMs);
}

/** Null: no stage. Refused only when the buyer was shown a stage that it cannot be. */
export function chooseStage(
  { view, settings, nowMs }: { view: Counts; settings: AreaSettings; nowMs: number },
  { quantity, stageId, stagesFull }: StageRequest,
): { stage: SaleStage | null } | Refused {
  const stagesOn = (settings.stages ?? []).filter((stage) => isOn(stage, nowMs));
  const roomOf = (stage: SaleStage) =>
    stagesFull.includes(stage.stageId) ? 0 : leftOf(view, settings, quotaKeys.stage(stage.stageId));
  const hasRoom = (stage: SaleStage) => (roomOf(stage) ?? quantity) >= quantity;
  if (stageId === undefined) return { stage: stagesOn.find(hasRoom) ?? null };

  const shown = stagesOn.find((stage) => stage.stageId === stageId);
  if (shown === undefined) {
    const current = stagesOn.find((stage) => roomOf(stage) !== 0);
    return refuse({ code: "stage_ended", currentStageId: current?.stageId ?? null });
  }
  if (hasRoom(shown)) return { stage: shown };
  return refuse({ code: "stage_sold_out", left: roomOf(shown) ?? 0 });
}
