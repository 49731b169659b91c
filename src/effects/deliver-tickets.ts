// Renders the QR codes of a paid reservation, stores them, links them and mails the tickets: one mail for all areas.

import { findPayingBuyer } from "../db/payments-repository.ts";
import {
  type TicketRecord,
  findParts,
  insertQrImages,
  listTickets,
} from "../db/tickets-repository.ts";
import type { Effect } from "../ports/effects.ts";
import type { Attachment } from "../ports/mailer.ts";
import type { Dependencies } from "../services/dependencies.ts";
import { storeQr } from "../services/tickets/store-qr.ts";
import { renderTicketMail } from "../templates/ticket-mail.ts";
import type { EffectOutcome } from "./run-effect.ts";

/** The links of a mail work until a day after the event. */
const LINK_KEPT_MS = 24 * 60 * 60 * 1000;

export async function deliverTickets(
  dependencies: Dependencies,
  { profileId, reservationId }: Extract<Effect, { kind: "deliver-tickets" }>,
): Promise<EffectOutcome> {
  const tenant = dependencies.database.asTenant(profileId);
  const buyer = await findPayingBuyer(tenant, reservationId);
  if (buyer === null) return "later";
  const parts = await findParts(tenant, reservationId);
  const isDecided = (areaId: string) =>
    ["sold", "refund-due", "cancelled"].includes(parts.get(areaId)?.state ?? "");
  // Each area announces its part; the last one to be decided brings the message that finds none undecided.
  if (!buyer.areaIds.every(isDecided)) return "not_yet";
  const all = await listTickets(tenant, reservationId);
  const tickets = all.filter(({ status }) => status === "confirmed" || status === "used");
  const [first] = tickets;
  if (first === undefined) return "done";

  const rendered = await Promise.all(tickets.map((ticket) => renderAndStore(dependencies, ticket)));
  await insertQrImages(
    tenant,
    profileId,
    rendered.map(({ ticket, key }) => ({ ...ticket, key })),
  );

  const token = await dependencies.reservationTokens.sign({
    reservationId,
    profileId,
    eventId: first.eventId,
    areaIds: [...new Set(tickets.map((ticket) => ticket.areaId))].toSorted(),
    poolIds: [],
    expiresAtMs: first.endsAt.getTime() + LINK_KEPT_MS,
  });
  const mail = renderTicketMail({
    buyerName: buyer.fullName,
    eventName: first.eventName,
    startsAt: first.startsAt,
    timeZone: first.timeZone,
    unitsReplaced: [...parts.values()].some((part) => part.unitsReplaced),
    tickets: tickets.map(({ label, areaName, reservationUnitId }) => ({
      label,
      areaName,
      qrUrl: `${dependencies.settings.publicBaseUrl}/v1/qr/${reservationUnitId}?token=${token}`,
    })),
  });
  const attachments = rendered.map(({ attachment }) => attachment);
  await dependencies.mailer.send({ ...mail, to: buyer.email, attachments });
  return "done";
}

async function renderAndStore(
  dependencies: Dependencies,
  ticket: TicketRecord,
): Promise<{ ticket: TicketRecord; key: string; attachment: Attachment }> {
  const { key, ...content } = await storeQr(dependencies, ticket);
  return { ticket, key, attachment: { fileName: `boleta-${ticket.label}.svg`, ...content } };
}
