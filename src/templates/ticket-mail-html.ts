// The HTML form of the ticket mail. It may not choose words: those come as texts, and only here are they escaped.
// Mail programs know little CSS, so: tables, styles in the elements, and a media query as a bonus for those that read it.

import { escapeHtml } from "./escape-html.ts";
import type { TicketMailInput, TicketMailTexts, TicketMailTicket } from "./ticket-mail.ts";

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const table = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';
const small = `${font}font-size:14px;line-height:21px;color:#5b6270;`;

export function ticketMailHtml(input: TicketMailInput, texts: TicketMailTexts): string {
  const { tickets, reservationUrl } = input;
  return `<!doctype html>
<html lang="es">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(texts.heading)}</title>
<style>
@media (max-width: 480px) {
  .side { padding-left: 20px !important; padding-right: 20px !important; }
  .action { display: block !important; width: auto !important; padding: 0 16px 16px !important; }
  .action a { display: block !important; text-align: center !important; }
  .ticket { display: block !important; }
}
</style>
</head>
<body style="margin:0;padding:0;background:#eef0f4;">
<div style="display:none;max-height:0;overflow:hidden;">${escapeHtml(`${texts.eventName} · ${texts.date}`)}</div>
<table ${table} style="background:#eef0f4;"><tr><td align="center" style="padding:24px 12px;">
<table ${table} style="max-width:560px;background:#ffffff;border-radius:12px;overflow:hidden;">
<tr><td class="side" style="padding:20px 32px;background:#14213d;${font}font-size:16px;font-weight:700;color:#ffffff;">WaRo Tickets</td></tr>
<tr><td class="side" style="padding:28px 32px 0;">
<h1 style="margin:0 0 8px;${font}font-size:24px;line-height:30px;color:#14213d;">${escapeHtml(texts.heading)}</h1>
<p style="margin:0;${font}font-size:16px;line-height:24px;color:#2b303b;">${escapeHtml(texts.greeting)}</p>
</td></tr>
<tr><td class="side" style="padding:20px 32px 0;">
<table ${table}><tr><td style="padding:0 0 0 14px;border-left:4px solid #fca311;">
<p style="margin:0;${font}font-size:18px;line-height:26px;font-weight:700;color:#14213d;">${escapeHtml(texts.eventName)}</p>
<p style="margin:2px 0 0;${small}">${escapeHtml(texts.date)}</p>
</td></tr></table>
</td></tr>
${texts.replacement === null ? "" : replacementRow(texts.replacement)}
<tr><td class="side" style="padding:12px 32px 0;">
${tickets.map(ticketCard).join("\n")}
</td></tr>
<tr><td class="side" style="padding:20px 32px 0;">
<p style="margin:0;${small}">${escapeHtml(texts.attachments)}</p>
${reservationUrl === undefined ? "" : reservationLink(reservationUrl)}
</td></tr>
<tr><td class="side" style="padding:20px 32px 28px;">
<p style="margin:0;padding:16px 0 0;border-top:1px solid #dfe3ea;${font}font-size:13px;line-height:19px;color:#5b6270;">${escapeHtml(texts.admission)}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
}

function ticketCard({ label, areaName, qrUrl }: TicketMailTicket): string {
  return `<table ${table} style="margin-top:12px;border:1px solid #dfe3ea;border-radius:10px;border-collapse:separate;"><tr>
<td class="ticket" style="padding:14px 16px;">
<p style="margin:0;${font}font-size:16px;line-height:22px;font-weight:600;color:#14213d;word-break:break-word;">${escapeHtml(label)}</p>
<p style="margin:0;${small}">${escapeHtml(areaName)}</p>
</td>
<td class="action" width="110" align="right" style="padding:14px 16px 14px 0;">
<a href="${escapeHtml(qrUrl)}" style="display:inline-block;padding:10px 18px;background:#14213d;border-radius:8px;${font}font-size:15px;line-height:20px;font-weight:600;color:#ffffff;text-decoration:none;white-space:nowrap;" aria-label="${escapeHtml(`Ver el QR de ${label}`)}">Ver QR</a>
</td>
</tr></table>`;
}

function replacementRow(replacement: string): string {
  return `<tr><td class="side" style="padding:20px 32px 0;"><p style="margin:0;padding:12px 14px;background:#fff4de;border-radius:8px;${font}font-size:14px;line-height:21px;color:#5a3d00;">${escapeHtml(replacement)}</p></td></tr>`;
}

function reservationLink(reservationUrl: string): string {
  return `<p style="margin:8px 0 0;${small}"><a href="${escapeHtml(reservationUrl)}" style="color:#14418b;">Ver la reserva</a></p>`;
}
