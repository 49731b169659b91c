// The calls of Wompi's REST API that the gateway needs, and how their answers are read. One request per call, no retries.
// Source: docs.wompi.co, "Transacciones" and "Errores": private key as bearer, `{data}` or `{error}`, 404, 422.

import * as z from "zod";
import {
  GatewayUnavailable,
  type GatewayTransaction,
  type TransactionStatus,
} from "../../ports/payments.ts";

export interface WompiApiSettings {
  apiUrl: string;
  privateKey: string;
  timeoutMilliseconds: number;
}

export interface WompiApi {
  /** Null on 404. Throws `GatewayUnavailable` on anything but an answer as documented. */
  findTransaction(transactionId: string): Promise<GatewayTransaction | null>;
  /**
   * `voided` when the answer names a VOIDED transaction, `accepted` on any other 2xx but a refusal, `refused` on 422 or
   * a void that was DECLINED or in ERROR, `unknown` on 404. Throws `GatewayUnavailable` otherwise.
   */
  voidTransaction(
    transactionId: string,
    amountInCents: number,
  ): Promise<"voided" | "accepted" | "refused" | "unknown">;
}

const transactionStatuses = {
  PENDING: "pending",
  APPROVED: "approved",
  DECLINED: "declined",
  VOIDED: "voided",
  ERROR: "error",
} as const satisfies Record<string, TransactionStatus>;

const transactionSchema = z.object({
  data: z.object({
    id: z.string(),
    reference: z.string(),
    amount_in_cents: z.int().nonnegative(),
    currency: z.string(),
    status: z
      .enum(["PENDING", "APPROVED", "DECLINED", "VOIDED", "ERROR"])
      .transform((status) => transactionStatuses[status]),
    payment_method_type: z.string().nullish(),
  }),
});

const voidSchema = z.object({
  data: z.object({
    status: z.string().nullish(),
    transaction: z.object({ status: z.string() }).nullish(),
  }),
});

export function createWompiApi(settings: WompiApiSettings, fetcher: typeof fetch): WompiApi {
  /** The answer's status and text, whatever the status. */
  async function call(path: string, body?: object): Promise<{ status: number; text: string }> {
    try {
      const response = await fetcher(`${settings.apiUrl}${path}`, {
        method: body === undefined ? "GET" : "POST",
        headers: {
          Authorization: `Bearer ${settings.privateKey}`,
          Accept: "application/json",
          ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        // The private key follows no redirect.
        redirect: "manual",
        signal: AbortSignal.timeout(settings.timeoutMilliseconds),
      });
      return { status: response.status, text: await response.text() };
    } catch (error) {
      throw new GatewayUnavailable(error);
    }
  }

  return {
    async findTransaction(transactionId) {
      if (isNoId(transactionId)) return null;
      const { status, text } = await call(`/transactions/${encodeURIComponent(transactionId)}`);
      if (status === 404) return null;
      const { data } = readAnswer(status, text, transactionSchema);
      return {
        transactionId: data.id,
        reference: data.reference,
        amountInCents: data.amount_in_cents,
        currency: data.currency,
        status: data.status,
        paymentMethod: data.payment_method_type ?? "UNKNOWN",
      };
    },

    async voidTransaction(transactionId, amountInCents) {
      if (isNoId(transactionId)) return "unknown";
      const path = `/transactions/${encodeURIComponent(transactionId)}/void`;
      const { status, text } = await call(path, { amount_in_cents: amountInCents });
      if (status === 404) return "unknown";
      if (status === 422) return "refused";
      const { data } = readAnswer(status, text, voidSchema);
      if (data.status === "VOIDED" || data.transaction?.status === "VOIDED") return "voided";
      return data.status === "DECLINED" || data.status === "ERROR" ? "refused" : "accepted";
    },
  };
}

/**
 * In an address, nothing, `.` and `..` would name another resource, and encoding does not change them; half of a
 * surrogate pair cannot be encoded at all.
 */
function isNoId(transactionId: string): boolean {
  return /^\.{0,2}$/.test(transactionId) || !transactionId.isWellFormed();
}

/** Throws `GatewayUnavailable`; the message never quotes the answer, which holds the buyer's data. */
function readAnswer<Schema extends z.ZodType>(
  status: number,
  text: string,
  schema: Schema,
): z.output<Schema> {
  if (status < 200 || status > 299)
    throw new GatewayUnavailable(new Error(`Wompi answered ${status}`));
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new GatewayUnavailable(new Error(`Wompi answered ${status} with something undocumented`));
  }
}
