/**
 * What a payer sees: the checkout, what is wrong with it, and the result when the shop asked for no
 * redirect. Pages only print; they decide nothing.
 */
import type { CheckoutRequest, Problems } from "./checkout-request.ts";
import { EVENT_MODES, type EventMode } from "./events.ts";
import { html, type Html } from "./html.ts";
import { layout, pesos } from "./layout.ts";
import { METHODS, type Method } from "./payment-methods.ts";
import type { Status, Transaction } from "./transactions.ts";

const METHOD_NAMES: Readonly<Record<Method, string>> = {
  CARD: "Tarjeta",
  NEQUI: "Nequi",
  PSE: "PSE",
};

export const EVENT_NAMES: Readonly<Record<EventMode, string>> = {
  normal: "Normal",
  duplicate: "Duplicado",
  late: "Tarde",
  none: "No enviar",
};

export const STATUS_NAMES: Readonly<Record<Status, string>> = {
  PENDING: "Pendiente",
  APPROVED: "Aprobada",
  DECLINED: "Rechazada",
  ERROR: "Error",
  VOIDED: "Anulada",
};

/** The form posts to its own address, so the signed query string comes back untouched. */
export const checkoutPage = (checkout: CheckoutRequest): Html =>
  layout(
    "Pagar con Wompi local",
    html`<h1>Estás pagando</h1>
      <p class="amount">${pesos(checkout.amountInCents)}</p>
      <p class="soft">Referencia: ${checkout.reference}</p>
      ${countdown(checkout.expirationTime)}
      <form method="post">
        ${choices(
          "Medio de pago",
          "method",
          METHODS.map((method) => [method, METHOD_NAMES[method]]),
        )}
        <fieldset>
          <legend>Correo de quien paga</legend>
          <input
            type="email"
            name="customer_email"
            required
            aria-label="Correo de quien paga"
            value="${checkout.customerEmail ?? "pagador@example.com"}"
          />
        </fieldset>
        ${choices(
          "Evento (solo para pruebas)",
          "event",
          EVENT_MODES.map((mode) => [mode, EVENT_NAMES[mode]]),
        )}
        <div class="actions">
          <button class="main" name="outcome" value="approve">Aprobar</button>
          <button name="outcome" value="decline">Rechazar</button>
          <button name="outcome" value="error">Error</button>
          <button name="outcome" value="pending">Dejar pendiente</button>
        </div>
      </form>`,
  );

function choices(legend: string, name: string, options: [value: string, text: string][]): Html {
  const labels = options.map(([value, text], index) => {
    const checked = index === 0 ? html`checked` : html``;
    return html`<label
      ><input type="radio" name="${name}" value="${value}" ${checked} /> ${text}</label
    > `;
  });
  return html`<fieldset>
    <legend>${legend}</legend>
    ${labels}
  </fieldset>`;
}

function countdown(expirationTime: string | null): Html {
  if (expirationTime === null) return html``;
  const until = new Date(expirationTime);
  const clock = until.toLocaleTimeString("es-CO", {
    timeZone: "America/Bogota",
    timeStyle: "short",
  });
  const seconds = Math.max(0, Math.floor((until.getTime() - Date.now()) / 1000));
  return html`<p class="notice">
    Tienes hasta las ${clock} para iniciar el pago:
    <b data-until="${expirationTime}">quedan ${Math.floor(seconds / 60)} min ${seconds % 60} s</b>
  </p>`;
}

export const problemsPage = (problems: Problems): Html =>
  layout(
    "No se puede pagar",
    html`<h1>No se puede iniciar este pago</h1>
      <p class="soft">El comercio envió datos que Wompi no acepta:</p>
      <ul>
        ${Object.entries(problems).map(
          ([name, texts]) => html`<li><code>${name}</code>: ${texts.join(" ")}</li> `,
        )}
      </ul>`,
  );

export const resultPage = (transaction: Transaction): Html =>
  layout(
    "Resultado del pago",
    html`<h1>
        Transacción
        <span class="${transaction.status}">${STATUS_NAMES[transaction.status].toLowerCase()}</span>
      </h1>
      <p class="amount">${pesos(transaction.amount_in_cents)}</p>
      <p class="soft">Referencia: ${transaction.reference}</p>
      <p class="soft">Transacción: ${transaction.id}</p>`,
  );
