// The buyer's ticket gets a new QR: whoever has the old one cannot come in with it from this moment.

import { reservationIdStem } from "../../../durable-objects/area-inventory/contract.ts";
import { insertQrImages } from "../../db/tickets-repository.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { derivedId } from "../../shared/digest.ts";
import type { Refusal } from "../../shared/refusals.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";
import { storeQr } from "./store-qr.ts";

export interface ReissueTicketInput {
  reservationUnitId: string;
  idempotencyKey: string | null;
}

export async function reissueTicket(
  dependencies: Dependencies,
  { reservationId, profileId, areaIds }: ReservationClaims,
  { reservationUnitId, idempotencyKey }: ReissueTicketInput,
): Promise<Result<{ reservationUnitId: string; serial: number }, Refusal>> {
  if (reservationIdStem(reservationUnitId) !== reservationIdStem(reservationId))
    return refused({ code: "ticket_not_found" });
  const commandId =
    idempotencyKey === null
      ? crypto.randomUUID()
      : await derivedId(`reissue\n${reservationUnitId}\n${idempotencyKey}`);
  // The ticket is in one of the reservation's areas; the others do not know it.
  for (const areaId of areaIds) {
    const outcome = await dependencies.inventory
      .area(areaId)
      .reissueTicket({ commandId, reservationUnitId });
    if (!outcome.ok && outcome.refusal.code === "ticket_unknown") continue;
    if (!outcome.ok) return refused(outcome.refusal);
    const { serial } = outcome;
    const { key } = await storeQr(dependencies, { reservationUnitId, areaId, serial });
    const tenant = dependencies.database.asTenant(profileId);
    await insertQrImages(tenant, profileId, [{ reservationUnitId, serial, key }]);
    return ok({ reservationUnitId, serial });
  }
  return refused({ code: "ticket_not_found" });
}
