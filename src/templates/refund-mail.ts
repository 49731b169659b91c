// The mail about money that goes back. Spanish; plain, because there is only one thing to say.

import { escapeHtml } from "./escape-html.ts";

export interface RefundMailInput {
  buyerName: string;
  refundInCents: number;
  currency: string;
  /** The charge was undone already; otherwise a person will do it. */
  isDone: boolean;
}

export function renderRefundMail(input: RefundMailInput): {
  subject: string;
  html: string;
  text: string;
} {
  const amount = new Intl.NumberFormat("es-CO", {
    style: "currency",
    currency: input.currency,
    maximumFractionDigits: 0,
  }).format(input.refundInCents / 100);
  const reason =
    "Recibimos un pago que no pudimos convertir en boletas: la reserva ya estaba pagada, ya no quedaban unidades iguales o el evento se canceló.";
  const outcome = input.isDone
    ? `Anulamos el cobro de ${amount}; su banco lo reflejará en los próximos días.`
    : `Le devolveremos ${amount}; el organizador se encarga y no tiene que hacer nada.`;
  const text = `Hola ${input.buyerName}:\n\n${reason}\n${outcome}\n\nWaRo Tickets\n`;
  const html = `<!doctype html><html lang="es"><body style="font:16px/1.5 sans-serif;color:#1d1b16">
<p>Hola ${escapeHtml(input.buyerName)}:</p><p>${reason}</p><p>${escapeHtml(outcome)}</p><p>WaRo Tickets</p>
</body></html>`;
  return { subject: "Devolución de su pago", html, text };
}
