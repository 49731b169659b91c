// Whoever pays is who the limits per buyer count: a hold that was anonymous, or somebody else's, counts as theirs from then
// on.

import { type AreaSettings, type Refused, type Reservation, refuse } from "./commands.ts";
import { buyerUses, overuseOf, promotionBuyerUses } from "./hold-terms.ts";
import { findOveruse, returnQuotas, takeQuotas } from "./quotas.ts";
import type { Change, View } from "./view.ts";

/** The reservation with the buyer's share of what is limited; refused when the buyer has had it. */
export function changeBuyer(
  view: View,
  settings: AreaSettings,
  { reservation, buyerId }: { reservation: Reservation; buyerId: string | undefined },
): { reservation: Reservation; changes: Change[] } | Refused {
  const uses = reservation.uses ?? [];
  const earlier = uses.filter(({ key }) => isOfBuyer(key));
  const promotionId = reservation.units.find((unit) => unit.promotionId !== undefined)?.promotionId;
  const quantity = Math.max(reservation.units.length, quantityInPool(reservation));
  const wanted = [
    ...(promotionId === undefined ? [] : promotionBuyerUses(settings, promotionId, buyerId)),
    ...buyerUses(settings, { buyerId, quantity }),
  ];
  const known = new Set(earlier.map(({ key }) => key));
  const added = wanted.filter(({ key }) => !known.has(key));
  // Nobody's share is given up for nobody: a payer without an id leaves it as it is. A limit that is gone frees the earlier
  // buyer all the same.
  const dropped =
    buyerId === undefined ? [] : earlier.filter(({ key }) => !key.endsWith(`:${buyerId}`));
  if (added.length + dropped.length === 0) return { reservation, changes: [] };
  const over = findOveruse(view, settings, added);
  if (over !== null) return refuse(overuseOf(over));
  const kept = uses.filter((use) => !dropped.includes(use));
  return {
    reservation: { ...reservation, uses: [...kept, ...added] },
    changes: [...returnQuotas(dropped), ...takeQuotas(added)],
  };
}

function isOfBuyer(key: string): boolean {
  const [kind, , buyerId] = key.split(":");
  return kind === "buyer" || (kind === "promotion" && buyerId !== undefined);
}

function quantityInPool({ selection }: Reservation): number {
  return selection.kind === "pool" ? selection.quantity : 0;
}
