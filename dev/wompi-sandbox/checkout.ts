/**
 * The Web Checkout (A2): opening it and paying in it. Both check the whole query string again, because
 * between the two the time can run out and the reference can be paid in another window.
 */
import { z } from "zod";
import { checkoutPage, problemsPage, resultPage } from "./checkout-pages.ts";
import {
  checkCheckoutRequest,
  type CheckoutKeys,
  type CheckoutRequest,
  type Problems,
} from "./checkout-request.ts";
import { EVENT_MODES, type Events } from "./events.ts";
import { METHODS } from "./payment-methods.ts";
import {
  accepts,
  bodyFields,
  invalidInput,
  json,
  page,
  seeOther,
  type Reply,
  type SandboxRequest,
} from "./replies.ts";
import type { Status, Transactions } from "./transactions.ts";

export interface CheckoutContext {
  keys: CheckoutKeys;
  transactions: Transactions;
  events: Events;
}

const OUTCOMES: Readonly<Record<"approve" | "decline" | "error" | "pending", Status>> = {
  approve: "APPROVED",
  decline: "DECLINED",
  error: "ERROR",
  pending: "PENDING",
};

const Payment = z.object({
  outcome: z.enum(["approve", "decline", "error", "pending"]),
  method: z.enum(METHODS).default("CARD"),
  event: z.enum(EVENT_MODES).default("normal"),
  customer_email: z.email().optional(),
});

export function openCheckout(request: SandboxRequest, context: CheckoutContext): Reply {
  const checked = check(request, context);
  return "problems" in checked
    ? refuse(request, checked.problems)
    : page(checkoutPage(checked.request));
}

export function pay(request: SandboxRequest, context: CheckoutContext): Reply {
  const checked = check(request, context);
  if ("problems" in checked) return refuse(request, checked.problems);
  const payment = Payment.safeParse(bodyFields(request));
  if (!payment.success) return refuse(request, bodyProblems(payment.error));

  const { outcome, method, event, customer_email: email } = payment.data;
  const transaction = context.transactions.create({
    checkout: checked.request,
    method,
    status: OUTCOMES[outcome],
    customerEmail: email ?? checked.request.customerEmail ?? "pagador@example.com",
  });
  // A4: events tell of final statuses; a pending payment is silent until it is finished.
  if (transaction.status !== "PENDING") context.events.publish(transaction, event);

  if (accepts(request, "application/json")) return json({ data: transaction });
  if (transaction.redirect_url === null) return page(resultPage(transaction));
  const destination = new URL(transaction.redirect_url);
  destination.searchParams.set("id", transaction.id);
  destination.searchParams.set("env", "test");
  return seeOther(destination.href);
}

function check(
  request: SandboxRequest,
  context: CheckoutContext,
): { request: CheckoutRequest } | { problems: Problems } {
  const checked = checkCheckoutRequest(request.url.searchParams, context.keys);
  if ("problems" in checked || !context.transactions.isSpent(checked.request.reference))
    return checked;
  return { problems: { reference: ["La referencia ya ha sido usada"] } };
}

const refuse = (request: SandboxRequest, problems: Problems): Reply =>
  accepts(request, "application/json") ? invalidInput(problems) : page(problemsPage(problems), 422);

export const bodyProblems = (error: z.ZodError): Problems =>
  Object.fromEntries(
    error.issues.map((issue) => [issue.path.join(".") || "body", ["No es un valor aceptado."]]),
  );
