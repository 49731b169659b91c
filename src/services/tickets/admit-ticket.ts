// The gate. A forged code is refused by its signature alone; a genuine one is decided by its area, in one call.

import type { AdmitOutcome, Refusal } from "../../../durable-objects/area-inventory/contract.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";

export interface AdmitTicketInput {
  token: string;
  /** The scan's own id: a scan that is sent again gets its first answer. */
  scanId: string;
  gate: string;
}

export async function admitTicket(
  { ticketTokens, inventory }: Dependencies,
  actor: Actor,
  { token, scanId, gate }: AdmitTicketInput,
): Promise<Result<AdmitOutcome & { areaId: string }, Refusal | { code: "ticket_forged" }>> {
  const { profileId } = actor.authorize("tickets.admit");
  const claims = await ticketTokens.verify(token);
  if (claims === null) return refused({ code: "ticket_forged" });
  const { areaId, reservationUnitId, serial } = claims;
  const outcome = await inventory
    .area(areaId)
    .admitTicket({ scanId, profileId, reservationUnitId, serial, gate });
  return outcome.ok ? ok({ ...outcome, areaId }) : refused(outcome.refusal);
}
