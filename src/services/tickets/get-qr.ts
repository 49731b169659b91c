// The QR image of a ticket, for the buyer of its reservation.

import { reservationIdStem } from "../../../durable-objects/area-inventory/contract.ts";
import { findQrKey } from "../../db/tickets-repository.ts";
import type { StoredMedia } from "../../ports/media.ts";
import type { ReservationClaims } from "../../ports/tokens.ts";
import { type Result, ok, refused } from "../../shared/result.ts";
import type { Dependencies } from "../dependencies.ts";

export async function getQr(
  { database, media }: Dependencies,
  { profileId, reservationId }: ReservationClaims,
  reservationUnitId: string,
): Promise<Result<StoredMedia, { code: "ticket_not_found" | "ticket_not_ready" }>> {
  const key = await findQrKey(database.asTenant(profileId), { reservationUnitId, reservationId });
  const isOurs = reservationIdStem(reservationUnitId) === reservationIdStem(reservationId);
  if (key === undefined && !isOurs) return refused({ code: "ticket_not_found" });
  const image = key === undefined || key === null ? null : await media.get(key);
  return image === null ? refused({ code: "ticket_not_ready" }) : ok(image);
}
