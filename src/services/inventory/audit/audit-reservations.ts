// Compares one page of an area's reservations, with their tickets: both sides in order of id, side by side.

import { findToldReservations } from "../../../db/audit-repository.ts";
import { type Audit, type AuditedPage, PAGE_ITEMS, known } from "./audit.ts";
import { compareReservation } from "./compare-reservation.ts";
import { lookAtReservations, pairUp } from "./look-at-reservations.ts";
import { repairReservations } from "./repair-reservations.ts";
import { settleAndRepair } from "./settle-and-repair.ts";

/** `nextAfter` is null after the last page. */
export async function auditReservations(
  audit: Audit,
  afterId: string,
): Promise<AuditedPage & { nextAfter: string | null }> {
  const { object, tenant, area, currency, mode } = audit;
  const { version, reservations } = known(await object.reservationsAfter(afterId, PAGE_ITEMS));
  const told = await findToldReservations(tenant, area, { afterId, limit: PAGE_ITEMS });
  // A side whose page is full says nothing of what comes after it.
  const ends = [reservations, told].flatMap((side) =>
    side.length < PAGE_ITEMS ? [] : [side.at(-1)?.reservationId ?? afterId],
  );
  const nextAfter = ends.toSorted()[0] ?? null;
  const isOnPage = ({ reservationId }: { reservationId: string }) =>
    nextAfter === null || reservationId <= nextAfter;
  const pairs = pairUp(reservations.filter(isOnPage), told.filter(isOnPage));
  const compared = pairs.size;

  // Read one after the other: what looks different here may only have changed in between.
  const suspects = [...pairs].filter(
    ([, pair]) => compareReservation(pair, { version, currency }).length > 0,
  );
  const settled = await settleAndRepair(
    suspects.map(([id]) => id),
    {
      mode,
      look: (ids) => lookAtReservations(audit, ids, pairs),
      repair: (wanted) => repairReservations(audit, wanted, pairs),
      idOf: ({ reservationId }) => reservationId ?? "",
    },
  );
  return { ...settled, compared, nextAfter };
}
