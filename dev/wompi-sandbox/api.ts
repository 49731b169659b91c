/**
 * The REST calls of A5 that a shop using the Web Checkout needs: read a transaction, find it by reference,
 * void it, read the merchant. Creating transactions, refunds and payment links are not here.
 */
import { z } from "zod";
import { bodyProblems } from "./checkout.ts";
import type { Events } from "./events.ts";
import { METHODS } from "./payment-methods.ts";
import {
  bodyFields,
  data,
  invalidInput,
  invalidToken,
  notFound,
  wrongEnvironment,
  type Reply,
  type SandboxRequest,
} from "./replies.ts";
import type { Transactions } from "./transactions.ts";

export interface ApiContext {
  publicKey: string;
  privateKey: string;
  transactions: Transactions;
  events: Events;
}

/** A5: without a key, or with a public one, the newer documentation says the transaction "is not found". */
export function readTransaction(request: SandboxRequest, id: string, context: ApiContext): Reply {
  const key = bearer(request);
  if (isProductionKey(key)) return wrongEnvironment();
  if (key === null || key.startsWith("pub_")) return notFound();
  const refusal = requirePrivateKey(request, context);
  if (refusal !== null) return refusal;
  const transaction = context.transactions.find(id);
  return transaction === null ? notFound() : data(transaction);
}

/** A5: an unknown reference is an empty list, not an error. */
export function findTransactions(request: SandboxRequest, context: ApiContext): Reply {
  const refusal = requirePrivateKey(request, context);
  if (refusal !== null) return refusal;
  const reference = request.url.searchParams.get("reference");
  if (!reference) return invalidInput({ reference: ["Falta este parámetro."] });
  return data(context.transactions.withReference(reference));
}

/**
 * The answer speaks of the voiding itself: `data.status` APPROVED means it was done, and the voided
 * payment is in `data.transaction`. The official WooCommerce plugin reads it so.
 */
export function voidTransaction(request: SandboxRequest, id: string, context: ApiContext): Reply {
  const refusal = requirePrivateKey(request, context);
  if (refusal !== null) return refusal;
  const found = context.transactions.find(id);
  if (found === null) return notFound();
  const body = z
    .object({ amount_in_cents: z.int().positive().max(found.amount_in_cents).optional() })
    .safeParse(bodyFields(request));
  if (!body.success) return invalidInput(bodyProblems(body.error));
  const voided = context.transactions.void(id);
  if (voided === null) {
    return invalidInput({
      transaction: ["Solo se anulan transacciones con tarjeta (CARD) en estado APPROVED."],
    });
  }
  context.events.publish(voided, "normal");
  return data({ status: "APPROVED", status_message: null, transaction: voided }, 201);
}

/** A5: the public key comes in its own header here, with no Authorization. */
export function readMerchant(request: SandboxRequest, context: ApiContext): Reply {
  const key = request.headers["x-merchant-public-key"] ?? null;
  if (isProductionKey(key)) return wrongEnvironment();
  if (key !== context.publicKey) return notFound();
  return data({
    name: "Comercio del sandbox local",
    active: true,
    public_key: context.publicKey,
    accepted_currencies: ["COP"],
    accepted_payment_methods: METHODS,
  });
}

function requirePrivateKey(request: SandboxRequest, context: ApiContext): Reply | null {
  const key = bearer(request);
  if (key === context.privateKey) return null;
  if (isProductionKey(key)) return wrongEnvironment();
  if (key === null)
    return invalidToken("Se esperaba una llave privada pero no se recibió ninguna.");
  return invalidToken("La llave proporcionada no es la llave privada de este comercio.");
}

const bearer = (request: SandboxRequest): string | null =>
  /^Bearer (\S+)$/.exec(request.headers["authorization"] ?? "")?.[1] ?? null;

const isProductionKey = (key: string | null): boolean => /^(pub|prv)_prod_/.test(key ?? "");
