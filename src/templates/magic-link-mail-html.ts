// The HTML form of the sign-in mail. It may not choose words: those come as texts, and only here are they escaped.
// Mail programs know little CSS, so: tables, and styles in the elements.

import { escapeHtml } from "./escape-html.ts";
import type { MagicLinkMailInput, MagicLinkMailTexts } from "./magic-link-mail.ts";

const font = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;";
const table = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';
const small = `${font}font-size:13px;line-height:19px;color:#5b6270;`;

export function magicLinkMailHtml(
  { signInUrl, language }: Pick<MagicLinkMailInput, "signInUrl" | "language">,
  texts: MagicLinkMailTexts,
): string {
  const url = escapeHtml(signInUrl);
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title>${escapeHtml(texts.heading)}</title>
</head>
<body style="margin:0;padding:0;background:#eef0f4;">
<div style="display:none;max-height:0;overflow:hidden;">${escapeHtml(texts.invitation)}</div>
<table ${table} style="background:#eef0f4;"><tr><td align="center" style="padding:24px 12px;">
<table ${table} style="max-width:480px;background:#ffffff;border-radius:12px;overflow:hidden;">
<tr><td style="padding:18px 28px;background:#14213d;${font}font-size:16px;font-weight:700;color:#ffffff;">WaRo Tickets</td></tr>
<tr><td style="padding:28px 28px 0;">
<h1 style="margin:0 0 8px;${font}font-size:22px;line-height:28px;color:#14213d;word-break:break-word;">${escapeHtml(texts.heading)}</h1>
<p style="margin:0;${font}font-size:16px;line-height:24px;color:#2b303b;">${escapeHtml(texts.invitation)}</p>
</td></tr>
<tr><td style="padding:24px 28px;">
<a href="${url}" style="display:block;padding:14px 24px;background:#fca311;border-radius:8px;${font}font-size:17px;line-height:22px;font-weight:700;color:#14213d;text-align:center;text-decoration:none;">${escapeHtml(texts.action)}</a>
</td></tr>
<tr><td style="padding:0 28px 28px;">
<p style="margin:0;${small}">${escapeHtml(texts.byHand)}<br><a href="${url}" style="color:#14418b;word-break:break-all;">${url}</a></p>
<p style="margin:16px 0 0;padding:16px 0 0;border-top:1px solid #dfe3ea;${small}">${escapeHtml(texts.unasked)}</p>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
`;
}
