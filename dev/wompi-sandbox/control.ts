/**
 * NOT part of Wompi: what tests and demos use to steer the sandbox. The product may never call these.
 *
 *   GET  /                                        page with every transaction, newest first
 *   GET  /sandbox/events                          every delivery, its attempts and the shop's answers
 *   POST /sandbox/transactions/:id/finish         {status: APPROVED|DECLINED|ERROR, event?} ends a pending one
 *   POST /sandbox/transactions/:id/resend         sends its last event again, byte for byte
 *
 * They answer JSON, except to a browser form, which is sent back to the page.
 */
import { z } from "zod";
import { bodyProblems } from "./checkout.ts";
import { EVENT_NAMES, STATUS_NAMES } from "./checkout-pages.ts";
import { EVENT_MODES, type Delivery, type Events } from "./events.ts";
import { html, type Html } from "./html.ts";
import { layout, pesos } from "./layout.ts";
import {
  accepts,
  bodyFields,
  data,
  invalidInput,
  notFound,
  page,
  seeOther,
  type Reply,
  type SandboxRequest,
} from "./replies.ts";
import type { Transaction, Transactions } from "./transactions.ts";

export interface ControlContext {
  transactions: Transactions;
  events: Events;
}

const Finish = z.object({
  status: z.enum(["APPROVED", "DECLINED", "ERROR"]),
  event: z.enum(EVENT_MODES).default("normal"),
});

export function finishTransaction(
  request: SandboxRequest,
  id: string,
  context: ControlContext,
): Reply {
  if (context.transactions.find(id) === null) return notFound();
  const body = Finish.safeParse(bodyFields(request));
  if (!body.success) return invalidInput(bodyProblems(body.error));
  const finished = context.transactions.finish(id, body.data.status);
  if (finished === null) return invalidInput({ status: ["La transacción ya terminó."] });
  context.events.publish(finished, body.data.event);
  return accepts(request, "text/html") ? seeOther("/") : data(finished);
}

export function resendEvent(request: SandboxRequest, id: string, context: ControlContext): Reply {
  const transaction = context.transactions.find(id);
  if (transaction === null) return notFound();
  if (!context.events.resend(id)) {
    return invalidInput({ event: ["Esta transacción está pendiente y no tiene evento."] });
  }
  return accepts(request, "text/html") ? seeOther("/") : data(transaction);
}

export const listEvents = (context: ControlContext): Reply => data(context.events.deliveries());

export function indexPage(context: ControlContext): Reply {
  const deliveries = Map.groupBy(context.events.deliveries(), ({ transaction_id: id }) => id);
  const rows = context.transactions
    .newestFirst()
    .map((transaction) => transactionRow(transaction, deliveries.get(transaction.id) ?? []));
  const list =
    rows.length === 0
      ? html`<p class="soft">Todavía no hay transacciones. Abre el pago desde la tienda.</p>`
      : html`<table>
          <thead>
            <tr>
              <th>Transacción</th>
              <th>Referencia</th>
              <th>Monto</th>
              <th>Estado</th>
              <th>Eventos</th>
              <th></th>
            </tr>
          </thead>
          <tbody>
            ${rows}
          </tbody>
        </table>`;
  const content = html`<h1>Transacciones</h1>
    <p class="soft">
      Todo vive en memoria y se borra al apagar. <a href="/">Actualizar</a> ·
      <a href="/sandbox/events">Entregas de eventos (JSON)</a>
    </p>
    ${list}`;
  return page(layout("Wompi local", content, "wide"));
}

const transactionRow = (transaction: Transaction, deliveries: readonly Delivery[]): Html =>
  html`<tr>
    <td>
      ${transaction.id}
      <p class="soft">${transaction.payment_method_type}</p>
    </td>
    <td>${transaction.reference}</td>
    <td>${pesos(transaction.amount_in_cents)}</td>
    <td class="status ${transaction.status}">${STATUS_NAMES[transaction.status]}</td>
    <td>
      ${deliveries.length === 0 ? html`<span class="soft">ninguno</span>` : deliveries.map(deliveryLine)}
    </td>
    <td>
      ${transaction.status === "PENDING" ? finishForm(transaction.id) : resendForm(transaction.id)}
    </td>
  </tr> `;

const STATE_NAMES: Readonly<Record<Delivery["state"], string>> = {
  waiting: "en camino",
  delivered: "entregado",
  abandoned: "abandonado",
};

const deliveryLine = (delivery: Delivery): Html =>
  html`<div>
    ${STATUS_NAMES[delivery.transaction_status]}: ${STATE_NAMES[delivery.state]}
    <span class="soft"
      >${delivery.attempts.map(({ status }) => status ?? "sin respuesta").join(", ")}</span
    >
  </div>`;

const finishForm = (id: string): Html =>
  html`<form method="post" action="/sandbox/transactions/${id}/finish">
    <select name="event" aria-label="Evento">
      ${EVENT_MODES.map((mode) => html`<option value="${mode}">${EVENT_NAMES[mode]}</option>`)}
    </select>
    <button name="status" value="APPROVED">Aprobar</button>
    <button name="status" value="DECLINED">Rechazar</button>
    <button name="status" value="ERROR">Error</button>
  </form>`;

const resendForm = (id: string): Html =>
  html`<form method="post" action="/sandbox/transactions/${id}/resend">
    <button>Reenviar evento</button>
  </form>`;
