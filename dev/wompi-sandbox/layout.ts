/**
 * The frame every page of the sandbox shares: one document, its style inline. It may load nothing from
 * anywhere, so that a demo works without a network.
 */
import { createHash } from "node:crypto";
import { html, Html } from "./html.ts";

const STYLE = new Html(`<style>
:root { --ink: #16202a; --soft: #5b6875; --line: #dde3e9; --brand: #2c2a5b; --mint: #b9f3d5; }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: #f3f5f8; }
header { background: var(--brand); color: #fff; padding: 14px 20px; }
header b { margin-right: 8px; }
header span { background: var(--mint); color: var(--brand); border-radius: 99px; padding: 2px 10px; font-size: 13px; }
main { max-width: 460px; margin: 24px auto; padding: 0 16px; }
main.wide { max-width: 1080px; }
.card { background: #fff; border: 1px solid var(--line); border-radius: 14px; padding: 22px; overflow-x: auto; }
h1 { font-size: 20px; margin: 0 0 4px; }
.amount { font-size: 34px; font-weight: 700; margin: 4px 0; }
.soft { color: var(--soft); font-size: 14px; overflow-wrap: anywhere; margin: 4px 0; }
.notice { background: #fff6dc; border-radius: 8px; padding: 8px 12px; font-size: 14px; margin: 12px 0; }
fieldset { border: 0; padding: 0; margin: 18px 0 0; display: flex; flex-wrap: wrap; gap: 8px; }
legend { font-weight: 600; padding: 0; margin-bottom: 6px; }
fieldset label { flex: 1 1 96px; border: 1px solid var(--line); border-radius: 10px; padding: 10px 12px; cursor: pointer; white-space: nowrap; }
fieldset:has(label:nth-of-type(4)) label { flex-basis: 40%; }
fieldset label:has(:checked) { border-color: var(--brand); background: #f0effc; }
input[type=email] { width: 100%; font: inherit; padding: 10px 12px; border: 1px solid var(--line); border-radius: 10px; }
.actions { display: grid; grid-template-columns: repeat(3, 1fr); gap: 10px; margin-top: 20px; }
button, select { font: inherit; border-radius: 10px; border: 1px solid var(--line); background: #fff; padding: 12px; cursor: pointer; }
button.main { grid-column: 1 / -1; background: var(--brand); border-color: var(--brand); color: #fff; font-weight: 600; }
table { border-collapse: collapse; width: 100%; font-size: 14px; }
th, td { text-align: left; padding: 8px; border-bottom: 1px solid var(--line); vertical-align: top; }
td button, td select { padding: 4px 8px; font-size: 13px; margin: 0 4px 4px 0; }
td form { display: inline; }
.status { font-weight: 600; } .APPROVED { color: #0b7a4b; } .DECLINED, .ERROR { color: #b3261e; } .PENDING { color: #8a6100; } .VOIDED { color: var(--soft); }
a { color: var(--brand); }
</style>`);

// Counts down beside the text the server wrote; without it the page says the same, standing still.
const SCRIPT = `
const timer = document.querySelector("[data-until]");
if (timer) {
  const tick = () => {
    const seconds = Math.floor((Date.parse(timer.dataset.until) - Date.now()) / 1000);
    timer.textContent = seconds <= 0 ? "se agotó el tiempo" :
      "quedan " + Math.floor(seconds / 60) + " min " + (seconds % 60) + " s";
  };
  tick();
  setInterval(tick, 1000);
}
`;

// The whole element in one piece: a formatter that moved one space inside it would break the hash.
const SCRIPT_ELEMENT = new Html(`<script>${SCRIPT}</script>`);
const scriptHash = createHash("sha256").update(SCRIPT).digest("base64");

export const CONTENT_SECURITY_POLICY = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${scriptHash}'; base-uri 'none'; frame-ancestors 'none'`;

export const layout = (title: string, content: Html, width: "narrow" | "wide" = "narrow"): Html =>
  html`<!doctype html>
    <html lang="es-CO">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <header><b>Wompi local</b> <span>Sandbox: no mueve dinero</span></header>
        <main class="${width}"><div class="card">${content}</div></main>
        ${SCRIPT_ELEMENT}
      </body>
    </html>`;

export const pesos = (amountInCents: number): string =>
  `${new Intl.NumberFormat("es-CO", {
    style: "currency",
    currency: "COP",
    minimumFractionDigits: amountInCents % 100 === 0 ? 0 : 2,
    maximumFractionDigits: 2,
  }).format(amountInCents / 100)} COP`;
