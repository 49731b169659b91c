// A payment gateway as services see it. Adapters translate a gateway's protocol into this and decide nothing.

import type { Result } from "../shared/result.ts";

export interface Buyer {
  fullName: string;
  email: string;
  documentType: "CC" | "CE" | "NIT" | "PP" | "TI";
  documentNumber: string;
  /** Digits only, without the country prefix. */
  phone: string;
  /** With the plus sign, such as +57. */
  phonePrefix: string;
}

export interface CheckoutRequest {
  /** The payment's id: unique for ever, comes back with the transaction. */
  reference: string;
  amountInCents: number;
  currency: string;
  /** The payer may not start paying after this. */
  expiresAt: Date;
  /** Where the payer's browser goes afterwards. Proves nothing. */
  redirectUrl: string;
  buyer: Buyer;
}

export type TransactionStatus = "pending" | "approved" | "declined" | "voided" | "error";

export interface GatewayTransaction {
  transactionId: string;
  reference: string;
  amountInCents: number;
  currency: string;
  status: TransactionStatus;
  /** Such as CARD, NEQUI or PSE. */
  paymentMethod: string;
}

/** A notice whose signature was right. Only `transactionId` may be trusted: the rest is read again. */
export type GatewayNotice =
  | { kind: "transaction"; transactionId: string }
  /** Genuine, but about something else; answer it so that it is not sent again. */
  | { kind: "ignored" };

export type NoticeRefusal = "notice_malformed" | "notice_forged";

/** The gateway did not answer, or not as documented. Trying again later may help. */
export class GatewayUnavailable extends Error {
  constructor(cause: unknown) {
    super("the payment gateway is unavailable", { cause });
    this.name = "GatewayUnavailable";
  }
}

export interface PaymentGateway {
  /** The address of the gateway's own checkout page for one payment. */
  checkoutUrl(request: CheckoutRequest): Promise<string>;
  /** Checks a notice's signature. `body` is the text as received. */
  readNotice(body: string, headers: Headers): Promise<Result<GatewayNotice, NoticeRefusal>>;
  /** The gateway's own word on a transaction; null when it knows none. Throws `GatewayUnavailable`. */
  findTransaction(transactionId: string): Promise<GatewayTransaction | null>;
  /** Gives money back where the gateway can undo a charge; `refused` where only a person can. Throws `GatewayUnavailable`. */
  voidTransaction(transactionId: string, amountInCents: number): Promise<"voided" | "refused">;
}
