// The mail that brings a buyer's tickets: subject, HTML and plain text, in Spanish. It may not read settings, build
// addresses or attach anything; the caller attaches one SVG per ticket, in the same order.

import { oneLine } from "./one-line.ts";
import { ticketMailHtml } from "./ticket-mail-html.ts";

export interface TicketMailInput {
  buyerName: string;
  eventName: string;
  startsAt: Date;
  /** The event's IANA time zone, such as America/Bogota. */
  timeZone: string;
  tickets: readonly TicketMailTicket[];
  /** Where the buyer sees the reservation. */
  reservationUrl?: string;
  /** True when the payment came late and equal units were given in place of the chosen ones. */
  unitsReplaced?: boolean;
}

export interface TicketMailTicket {
  /** Such as "Mesa 4, silla 2". */
  label: string;
  areaName: string;
  qrUrl: string;
}

/** What the mail says, written once for its two forms. Plain text: the HTML form escapes it. */
export interface TicketMailTexts {
  heading: string;
  greeting: string;
  eventName: string;
  date: string;
  replacement: string | null;
  attachments: string;
  admission: string;
}

/** Throws on a mail without tickets, and RangeError on an unknown time zone. */
export function renderTicketMail(input: TicketMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  if (input.tickets.length === 0) throw new Error("a ticket mail carries at least one ticket");
  const texts = ticketMailTexts(input);
  return {
    subject: `${input.tickets.length === 1 ? "Tu boleta" : "Tus boletas"} para ${texts.eventName}`,
    html: ticketMailHtml(input, texts),
    text: plainText(input, texts),
  };
}

function ticketMailTexts({
  buyerName,
  eventName,
  startsAt,
  timeZone,
  tickets,
  unitsReplaced,
}: TicketMailInput) {
  const isSingle = tickets.length === 1;
  return {
    heading: isSingle ? "Tu boleta está lista" : `Tus ${tickets.length} boletas están listas`,
    greeting: `Hola, ${oneLine(buyerName)}. Tu compra quedó confirmada. ¡Nos vemos en el evento!`,
    eventName: oneLine(eventName),
    date: formatDate(startsAt, timeZone),
    replacement:
      unitsReplaced === true
        ? "Tu pago llegó cuando la reserva ya había vencido y lo que elegiste se había liberado. Te asignamos un reemplazo equivalente, de la misma localidad y al mismo precio."
        : null,
    attachments: isSingle
      ? "El código QR también va adjunto como imagen SVG: guárdalo para mostrarlo sin conexión."
      : "Los códigos QR también van adjuntos como imágenes SVG: guárdalos para mostrarlos sin conexión.",
    admission:
      "Cada boleta admite un solo ingreso: vale el primer escaneo del código. No lo publiques ni lo compartas con quien no vaya a usarlo.",
  } satisfies TicketMailTexts;
}

/** `Sábado, 12 de diciembre de 2026 · 8:00 p. m. (hora estándar de Colombia)` */
function formatDate(moment: Date, timeZone: string): string {
  const date = new Intl.DateTimeFormat("es-CO", { dateStyle: "full", timeZone }).format(moment);
  const time = new Intl.DateTimeFormat("es-CO", { timeStyle: "short", timeZone }).format(moment);
  const zone = new Intl.DateTimeFormat("es-CO", { timeZoneName: "long", timeZone })
    .formatToParts(moment)
    .find(({ type }) => type === "timeZoneName")?.value;
  // Non-breaking, so that `8:00 p. m.` stays together; and Intl's narrow spaces show as boxes in some mail programs.
  const unbrokenTime = time.replaceAll(/\s/g, "\u00a0");
  return `${date.charAt(0).toUpperCase()}${date.slice(1)} · ${unbrokenTime} (${zone ?? timeZone})`;
}

function plainText({ tickets, reservationUrl }: TicketMailInput, texts: TicketMailTexts): string {
  const paragraphs = [
    texts.heading,
    texts.greeting,
    `${texts.eventName}\n${texts.date}`,
    texts.replacement,
    ...tickets.map(
      ({ label, areaName, qrUrl }) => `${oneLine(label)} · ${oneLine(areaName)}\nVer QR: ${qrUrl}`,
    ),
    texts.attachments,
    reservationUrl === undefined ? null : `Ver la reserva: ${reservationUrl}`,
    texts.admission,
    "WaRo Tickets",
  ];
  return `${paragraphs.filter((paragraph) => paragraph !== null).join("\n\n")}\n`;
}
