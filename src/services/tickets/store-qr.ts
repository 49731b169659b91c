// Renders a ticket's QR and keeps it in the media store, under a key of its own for every serial.

import type { TicketClaims } from "../../ports/tokens.ts";
import { renderQrSvg } from "../../templates/qr-svg.ts";
import type { Dependencies } from "../dependencies.ts";

export interface StoredQr {
  key: string;
  bytes: Uint8Array;
  contentType: string;
}

/** Repeating it stores the same again. */
export async function storeQr(
  { ticketTokens, media }: Dependencies,
  ticket: TicketClaims,
): Promise<StoredQr> {
  const svg = renderQrSvg(await ticketTokens.sign(ticket));
  const content = { bytes: new TextEncoder().encode(svg), contentType: "image/svg+xml" };
  const key = `qr/${ticket.reservationUnitId}/${ticket.serial}.svg`;
  await media.put(key, content);
  return { key, ...content };
}
