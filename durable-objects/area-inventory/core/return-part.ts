// Gives back of a pool's sold part what nobody got: after the pool had sold, an area could not give its units, and their
// money goes back.

import { type Commands, type Outcome, type QuotaUse, refuse } from "./commands.ts";
import { quotaKeys, returnQuotas } from "./quotas.ts";
import { type Decision, type View, unchanged } from "./view.ts";

/** Says how much is kept, so that it may be repeated. A code has served as long as anything of its part is kept. */
export function returnPart(
  view: View,
  { reservationId, paymentId, quantityKept }: Commands["return-part"],
): Decision<Outcome<"return-part">> {
  const area = view.area();
  const reservation = view.reservation(reservationId);
  if (area !== null && area.settings.pool === undefined)
    return unchanged(refuse({ code: "area_unknown" }));
  if (area === null || reservation === null)
    return unchanged(refuse({ code: "reservation_unknown" }));
  const { uses = [] } = reservation;
  const outcome = { ok: true as const, reservationId };
  const kept = Math.max(0, quantityKept);
  const isTheirs = reservation.state === "sold" && reservation.paymentId === paymentId;
  if (!isTheirs || kept >= partOf(uses)) return unchanged(outcome);

  // A code is used once, whatever the quantity: it stays spent as long as anything is kept.
  const left = uses.map((use) => ({ ...use, quantity: Math.min(use.quantity, kept) }));
  const returned = uses.map((use) => ({ ...use, quantity: Math.max(0, use.quantity - kept) }));
  return {
    outcome,
    changes: [
      {
        kind: "reservation",
        reservation: {
          ...reservation,
          state: kept === 0 ? "cancelled" : "sold",
          uses: left.filter(({ quantity }) => quantity > 0),
        },
      },
      ...returnQuotas(returned),
    ],
    effects: [],
  };
}

/** How much of the pool is theirs. */
function partOf(uses: readonly QuotaUse[]): number {
  return uses.find(({ key }) => key === quotaKeys.pool)?.quantity ?? 0;
}
