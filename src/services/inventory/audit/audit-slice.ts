// As much of an area's audit as one request may cost: some pages of reservations, then of units. Where it stops is where the
// next one goes on.

import type { OutboxSummary } from "../../../../durable-objects/area-inventory/contract.ts";
import type { AuditPlace } from "../../../db/audit-turns-repository.ts";
import { type Audit, BEFORE_ALL } from "./audit.ts";
import { auditReservations } from "./audit-reservations.ts";
import { auditUnits } from "./audit-units.ts";
import { auditWhole } from "./audit-whole.ts";
import type { FoundDifference } from "./difference.ts";

export interface AuditSlice {
  found: FoundDifference[];
  reservations: number;
  units: number;
  inFlight: number;
  /** Null for an object that does not say, or knows nothing. */
  outbox: OutboxSummary | null;
  /** Null when the area is through. */
  next: AuditPlace | null;
}

/** Nobody reads more at once. */
const DIFFERENCES_MAX = 1_000;

/** `from` is null at the beginning. */
export async function auditSlice(
  audit: Audit,
  from: AuditPlace | null,
  pagesMax: number,
): Promise<AuditSlice> {
  const done: AuditSlice = {
    found: [],
    reservations: 0,
    units: 0,
    inFlight: 0,
    outbox: null,
    next: from,
  };
  if (from === null) {
    const { found, isComparable } = await auditWhole(audit);
    done.found.push(...found);
    if (!isComparable) return done;
    // Reservations first: a unit's difference is often only what is left of one of theirs.
    done.next = { section: "reservations", afterId: BEFORE_ALL };
  }
  for (let pages = 0; pages < pagesMax && done.found.length < DIFFERENCES_MAX; pages += 1) {
    if (done.next === null) break;
    done.next = await auditPage(audit, done.next, done);
  }
  done.outbox = (await audit.object.availability())?.outbox ?? null;
  return done;
}

/** Adds what it finds to `done`; where the next page begins. */
async function auditPage(
  audit: Audit,
  place: AuditPlace,
  done: AuditSlice,
): Promise<AuditPlace | null> {
  if (place.section === "reservations") {
    const { found, compared, inFlight, nextAfter } = await auditReservations(audit, place.afterId);
    done.found.push(...found);
    done.reservations += compared;
    done.inFlight += inFlight;
    return nextAfter === null
      ? { section: "units", afterPosition: -1 }
      : { section: "reservations", afterId: nextAfter };
  }
  const { found, compared, inFlight, nextAfter } = await auditUnits(audit, place.afterPosition);
  done.found.push(...found);
  done.units += compared;
  done.inFlight += inFlight;
  return nextAfter === null ? null : { section: "units", afterPosition: nextAfter };
}
