// What the log says of an audit: which area differs in what, and whose changes have waited for Postgres too long. Ids and
// kinds alone; nothing of an area that is as it should be.

import type { AuditSlice } from "./audit-slice.ts";

const OUTBOX_PATIENCE_MS = 30_000;
/** Of one kind; the audit itself names them all. */
const IDS_MAX = 20;

export function logAudit(areaId: string, { found, outbox }: AuditSlice, nowMs: number): void {
  for (const [kind, ofKind] of Map.groupBy(found, (each) => each.kind)) {
    const repaired = ofKind.filter(({ isRepaired }) => isRepaired).length;
    const ids = ofKind
      .map((each) => each.reservationUnitId ?? each.unitId ?? each.reservationId ?? areaId)
      .slice(0, IDS_MAX);
    console.warn("area differs from Postgres", {
      areaId,
      kind,
      count: ofKind.length,
      repaired,
      ids,
    });
  }
  const oldestAtMs = outbox?.oldestAtMs ?? null;
  if (oldestAtMs === null || nowMs - oldestAtMs <= OUTBOX_PATIENCE_MS) return;
  const seconds = Math.round((nowMs - oldestAtMs) / 1000);
  console.warn("area waits for Postgres", { areaId, seconds, rows: outbox?.rows });
}
