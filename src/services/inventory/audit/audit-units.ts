// Compares one page of an area's units: both sides in order of sale, side by side.

import { findToldUnits } from "../../../db/audit-repository.ts";
import { type Audit, type AuditedPage, PAGE_ITEMS, itemsOf } from "./audit.ts";
import { compareUnit } from "./compare-unit.ts";
import { lookAtUnits, pairUp } from "./look-at-units.ts";
import { repairUnits } from "./repair-units.ts";
import { settleAndRepair } from "./settle-and-repair.ts";

/** `nextAfter` is null after the last page. */
export async function auditUnits(
  audit: Audit,
  afterPosition: number,
): Promise<AuditedPage & { nextAfter: number | null }> {
  const { object, tenant, area, mode } = audit;
  const { version } = await itemsOf(audit, {});
  const ofObject = await object.unitStatuses(afterPosition, PAGE_ITEMS);
  const told = await findToldUnits(tenant, area.areaId, { afterPosition, limit: PAGE_ITEMS });
  // A side whose page is full says nothing of what comes after it.
  const ends = [ofObject, told].flatMap((side) =>
    side.length < PAGE_ITEMS ? [] : [side.at(-1)?.position ?? afterPosition],
  );
  const nextAfter = ends.length === 0 ? null : Math.min(...ends);
  const isOnPage = ({ position }: { position: number }) =>
    nextAfter === null || position <= nextAfter;
  const pairs = pairUp(ofObject.filter(isOnPage), told.filter(isOnPage));

  const facts = { areaId: area.areaId, version };
  const suspects = [...pairs].filter(([, pair]) => compareUnit(pair, facts).length > 0);
  const settled = await settleAndRepair(
    suspects.map(([unitId]) => unitId),
    {
      mode,
      look: (unitIds, isLast) => lookAtUnits(audit, unitIds, isLast),
      repair: (wanted) => repairUnits(audit, wanted),
      idOf: ({ unitId }) => unitId ?? "",
    },
  );
  return { ...settled, compared: pairs.size, nextAfter };
}
