// Wompi (Colombia) as a PaymentGateway. It translates: no retries, no policy, no reading of settings from the outside.
// Source: docs.wompi.co, "Widget & Checkout Web", "Eventos", "Transacciones", "Ambientes y llaves".

import * as z from "zod";
import { ok, refused } from "../../shared/result.ts";
import {
  GatewayUnavailable,
  type GatewayTransaction,
  type PaymentGateway,
} from "../../ports/payments.ts";
import { isSignedByWompi, transactionUpdated, wompiEventSchema } from "./event-checksum.ts";
import { createWompiApi } from "./wompi-api.ts";
import { wompiCheckoutUrl } from "./checkout-url.ts";

export interface WompiSettings {
  publicKey: string;
  privateKey: string;
  eventsSecret: string;
  integritySecret: string;
  /** Such as https://production.wompi.co/v1 */
  apiUrl: string;
  /** https://checkout.wompi.co/p/ in both environments: the public key's prefix chooses between them. */
  checkoutUrl: string;
  /** What events must say they come from; by default what the public key's prefix says. */
  environment?: "test" | "prod";
  /** How long an API call may take, 8 s by default. */
  timeoutMilliseconds?: number;
}

const transactionIdSchema = z.object({ transaction: z.object({ id: z.string().min(1) }) });

/** Throws when the public key is of neither environment and none is given. `fetcher` is replaced by fault tests only. */
export function createWompiGateway(
  settings: WompiSettings,
  fetcher: typeof fetch = fetch,
): PaymentGateway {
  const { publicKey, integritySecret, eventsSecret } = settings;
  const environment = settings.environment ?? environmentOf(publicKey);
  const api = createWompiApi(
    {
      apiUrl: settings.apiUrl,
      privateKey: settings.privateKey,
      timeoutMilliseconds: settings.timeoutMilliseconds ?? 8000,
    },
    fetcher,
  );

  async function findTransaction(transactionId: string): Promise<GatewayTransaction | null> {
    const transaction = await api.findTransaction(transactionId);
    // Another transaction's word must not decide this payment.
    if (transaction !== null && transaction.transactionId !== transactionId) {
      throw new GatewayUnavailable(new Error("Wompi answered with another transaction"));
    }
    return transaction;
  }

  return {
    checkoutUrl: (request) =>
      wompiCheckoutUrl(request, { publicKey, integritySecret, checkoutUrl: settings.checkoutUrl }),

    async readNotice(body, headers) {
      const event = wompiEventSchema.safeParse(parseJson(body));
      if (!event.success) return refused("notice_malformed");
      const isGenuine = await isSignedByWompi(
        event.data,
        headers.get("X-Event-Checksum"),
        eventsSecret,
      );
      const eventEnvironment = event.data.environment ?? environment;
      if (!isGenuine || eventEnvironment !== environment) return refused("notice_forged");
      if (event.data.event !== transactionUpdated) return ok({ kind: "ignored" });
      const data = transactionIdSchema.safeParse(event.data.data);
      if (!data.success) return refused("notice_malformed");
      return ok({ kind: "transaction", transactionId: data.data.transaction.id });
    },

    findTransaction,

    // What Wompi answers to a void is not documented. Its own WooCommerce plugin takes `data.status` APPROVED, the void's
    // status, for done; so an answer that does not name a VOIDED transaction is settled by reading the transaction. That
    // also makes a repeated void, answered 422, tell that the money did go back.
    async voidTransaction(transactionId, amountInCents) {
      const answer = await api.voidTransaction(transactionId, amountInCents);
      if (answer === "voided") return "voided";
      const transaction = answer === "unknown" ? null : await findTransaction(transactionId);
      if (transaction?.status === "voided") return "voided";
      if (answer === "accepted")
        throw new GatewayUnavailable(new Error("Wompi has not voided the transaction yet"));
      return "refused";
    },
  };
}

function environmentOf(publicKey: string): "test" | "prod" {
  if (publicKey.startsWith("pub_test_")) return "test";
  if (publicKey.startsWith("pub_prod_")) return "prod";
  throw new Error("a Wompi public key starts with pub_test_ or pub_prod_");
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
