// The gate's other direction: somebody goes out, to come in again where the organizer allows it.

import type { Outcome, Refusal } from "../../../durable-objects/area-inventory/contract.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Actor } from "../actor.ts";
import type { Dependencies } from "../dependencies.ts";
import type { AdmitTicketInput } from "./admit-ticket.ts";

type Exit = Extract<Outcome<"exit-ticket">, { ok: true }> & { areaId: string };

export async function exitTicket(
  { ticketTokens, inventory }: Dependencies,
  actor: Actor,
  { token, scanId, gate }: AdmitTicketInput,
): Promise<Result<Exit, Refusal | { code: "ticket_forged" }>> {
  const { profileId } = actor.authorize("tickets.admit");
  const claims = await ticketTokens.verify(token);
  if (claims === null) return refused({ code: "ticket_forged" });
  const { areaId, reservationUnitId, serial } = claims;
  const outcome = await inventory
    .area(areaId)
    .exitTicket({ scanId, profileId, reservationUnitId, serial, gate });
  return outcome.ok ? ok({ ...outcome, areaId }) : refused(outcome.refusal);
}
