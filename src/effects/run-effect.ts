// Carries out one queued effect, once, however often its message is delivered.

import { claimEffect, completeEffect, releaseEffect } from "../db/effect-log-repository.ts";
import type { Effect } from "../ports/effects.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { unreachable } from "../shared/unreachable.ts";
import { deliverTickets } from "./deliver-tickets.ts";
import { mailInvitation } from "./mail-invitation.ts";
import { mailMagicLink } from "./mail-magic-link.ts";
import { refundPayment } from "./refund-payment.ts";

/** `done`: nothing more to do. `later`: deliver it again. `not_yet`: another message will bring it when it is time. */
export type EffectOutcome = "done" | "later" | "not_yet";

/** Throws when a part failed; the message is then delivered again. */
export async function runEffect(
  dependencies: Dependencies,
  effect: Effect,
): Promise<EffectOutcome> {
  const tenant = dependencies.database.asTenant(effect.profileId);
  const effectId = effectIdOf(effect);
  const claim = await claimEffect(tenant, effect.profileId, effectId);
  if (claim === "done_before") return "done";
  if (claim === "busy") return "later";
  try {
    const outcome = await carryOut(dependencies, effect);
    await (outcome === "done" ? completeEffect(tenant, effectId) : releaseEffect(tenant, effectId));
    return outcome;
  } catch (error) {
    await releaseEffect(tenant, effectId);
    throw error;
  }
}

function carryOut(dependencies: Dependencies, effect: Effect): Promise<EffectOutcome> {
  switch (effect.kind) {
    case "deliver-tickets":
      return deliverTickets(dependencies, effect);
    case "refund-payment":
      return refundPayment(dependencies, effect);
    case "mail-magic-link":
      return mailMagicLink(dependencies, effect);
    case "mail-invitation":
      return mailInvitation(dependencies, effect);
    default:
      return unreachable(effect);
  }
}

/** What counts as the same effect, whatever message brings it. */
export function effectIdOf(effect: Effect): string {
  switch (effect.kind) {
    case "deliver-tickets":
      return `deliver-tickets:${effect.reservationId}`;
    case "refund-payment":
      return `refund-payment:${effect.paymentId}`;
    case "mail-magic-link":
      return `mail-magic-link:${effect.linkId}`;
    case "mail-invitation":
      return `mail-invitation:${effect.linkId}`;
    default:
      return unreachable(effect);
  }
}
