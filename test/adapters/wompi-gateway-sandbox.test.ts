// The Wompi gateway against the local Wompi of dev/wompi-sandbox, which shares no code with it: from the checkout
// address to the notice, the look-up and the void.

import { afterEach, beforeEach, expect, it } from "vitest";
import * as z from "zod";
import { startWompiSandbox, type WompiSandbox } from "../../dev/wompi-sandbox/server.ts";
import { createWompiGateway } from "../../src/adapters/wompi/wompi-gateway.ts";
import { GatewayUnavailable, type PaymentGateway } from "../../src/ports/payments.ts";
import { startTestServer, type RecordedRequest, type TestServer } from "../support/http-server.ts";

const keys = {
  publicKey: "pub_test_shop",
  privateKey: "prv_test_shop",
  eventsSecret: "test_events_shop",
  integritySecret: "test_integrity_shop",
};

let webhook: TestServer;
let sandbox: WompiSandbox;
let gateway: PaymentGateway;
let noticed: (request: RecordedRequest) => void;
let notice: Promise<RecordedRequest>;

const gatewayWith = (changes: Partial<typeof keys> = {}) => {
  const origin = `http://127.0.0.1:${sandbox.port}`;
  return createWompiGateway({
    ...keys,
    ...changes,
    apiUrl: `${origin}/v1`,
    checkoutUrl: `${origin}/p/`,
  });
};

beforeEach(async () => {
  ({ promise: notice, resolve: noticed } = Promise.withResolvers<RecordedRequest>());
  webhook = await startTestServer((request) => {
    noticed(request);
    return {};
  });
  sandbox = await startWompiSandbox({ port: 0, ...keys, eventsUrl: webhook.url });
  gateway = gatewayWith();
});

afterEach(async () => {
  await sandbox.stop();
  await webhook.stop();
});

/** Pays as a browser would at the address the gateway built; the transaction's id, or the problems Wompi shows. */
async function pay(payment: { outcome: string; method: string }, from = gateway) {
  const url = await from.checkoutUrl({
    reference: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    amountInCents: 9_500_000,
    currency: "COP",
    expiresAt: new Date(Date.now() + 900_000),
    redirectUrl: "https://warotickets.com/pago",
    buyer: {
      fullName: "María José Ñáñez & Cía",
      email: "maria@example.com",
      documentType: "NIT",
      documentNumber: "900123456",
      phone: "3001234567",
      phonePrefix: "+57",
    },
  });
  const response = await fetch(url, {
    method: "POST",
    headers: { Accept: "application/json", "Content-Type": "application/json" },
    body: JSON.stringify(payment),
  });
  const answer = z
    .object({
      data: z
        .looseObject({ id: z.string(), customer_email: z.string(), customer_data: z.unknown() })
        .optional(),
      error: z.object({ messages: z.record(z.string(), z.unknown()) }).optional(),
    })
    .parse(await response.json());
  return { status: response.status, transaction: answer.data, problems: answer.error?.messages };
}

it("Wompi accepts the checkout address and reads the buyer from it", async () => {
  const { status, transaction, problems } = await pay({ outcome: "approve", method: "CARD" });
  expect(problems).toBeUndefined();
  expect(status).toBe(200);
  expect(transaction).toMatchObject({
    customer_email: "maria@example.com",
    customer_data: {
      full_name: "María José Ñáñez & Cía",
      phone_number: "3001234567",
      phone_number_prefix: "+57",
      legal_id: "900123456",
      legal_id_type: "NIT",
    },
  });
});

it("Wompi refuses an address signed with another integrity secret", async () => {
  const { problems } = await pay(
    { outcome: "approve", method: "CARD" },
    gatewayWith({ integritySecret: "other" }),
  );
  expect(Object.keys(problems ?? {})).toEqual(["signature:integrity"]);
});

it("a payment's notice is genuine and its transaction can be looked up", async () => {
  const { transaction } = await pay({ outcome: "approve", method: "NEQUI" });
  const { body, headers } = await notice;
  const received = new Headers({ "X-Event-Checksum": String(headers["x-event-checksum"]) });
  const transactionId = transaction?.id ?? "";
  expect(await gateway.readNotice(body, received)).toEqual({
    ok: true,
    value: { kind: "transaction", transactionId },
  });
  expect(await gateway.findTransaction(transactionId)).toEqual({
    transactionId,
    reference: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    amountInCents: 9_500_000,
    currency: "COP",
    status: "approved",
    paymentMethod: "NEQUI",
  });
  const stranger = gatewayWith({ eventsSecret: "test_events_other" });
  expect(await stranger.readNotice(body, received)).toEqual({
    ok: false,
    refusal: "notice_forged",
  });
});

it("a declined card is declined, and an unknown transaction is nothing", async () => {
  const { transaction } = await pay({ outcome: "decline", method: "CARD" });
  expect(await gateway.findTransaction(transaction?.id ?? "")).toMatchObject({
    status: "declined",
  });
  expect(await gateway.findTransaction("15113-1-1")).toBeNull();
});

it("a wrong private key is an unavailable gateway, not an unknown transaction", async () => {
  const { transaction } = await pay({ outcome: "approve", method: "CARD" });
  const stranger = gatewayWith({ privateKey: "prv_test_other" });
  await expect(stranger.findTransaction(transaction?.id ?? "")).rejects.toThrow(GatewayUnavailable);
});

it("a card payment can be voided, and voiding it again says so again", async () => {
  const { transaction } = await pay({ outcome: "approve", method: "CARD" });
  const id = transaction?.id ?? "";
  expect(await gateway.voidTransaction(id, 9_500_000)).toBe("voided");
  expect(await gateway.findTransaction(id)).toMatchObject({ status: "voided" });
  expect(await gateway.voidTransaction(id, 9_500_000)).toBe("voided");
});

it("what Wompi cannot void is refused", async () => {
  const nequi = await pay({ outcome: "approve", method: "NEQUI" });
  expect(await gateway.voidTransaction(nequi.transaction?.id ?? "", 9_500_000)).toBe("refused");
  expect(await gateway.voidTransaction("15113-1-1", 9_500_000)).toBe("refused");
});
