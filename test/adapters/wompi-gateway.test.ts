// The Wompi gateway against a real HTTP server that misbehaves on command. The well-behaved Wompi is in
// wompi-gateway-sandbox.test.ts.

import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { createWompiGateway, type WompiSettings } from "../../src/adapters/wompi/wompi-gateway.ts";
import { GatewayUnavailable, type CheckoutRequest } from "../../src/ports/payments.ts";
import { startTestServer, type Answer, type TestServer } from "../support/http-server.ts";

const settings: WompiSettings = {
  publicKey: "pub_test_shop",
  privateKey: "prv_test_shop",
  eventsSecret: "test_events_shop",
  integritySecret: "test_integrity_shop",
  apiUrl: "http://127.0.0.1:1/v1",
  checkoutUrl: "https://checkout.wompi.co/p/",
};
const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

let server: TestServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function gatewayAnswered(
  answer: Answer | null | ((path: string) => Answer),
  timeoutMilliseconds = 5000,
) {
  server = await startTestServer(({ path }) =>
    typeof answer === "function" ? answer(path) : answer,
  );
  const gateway = createWompiGateway({
    ...settings,
    apiUrl: `${server.url}/v1`,
    timeoutMilliseconds,
  });
  return { gateway, requests: server.requests };
}

const transaction = (changes: Record<string, unknown> = {}): Answer => ({
  body: JSON.stringify({
    data: {
      id: "1-2-3",
      reference: "payment-1",
      amount_in_cents: 9_500_000,
      currency: "COP",
      status: "APPROVED",
      payment_method_type: "CARD",
      something_new: { of: "Wompi" },
      ...changes,
    },
    meta: {},
  }),
});

const read = (
  body: string,
  headers: Record<string, string> = {},
  changes: Partial<WompiSettings> = {},
) => createWompiGateway({ ...settings, ...changes }).readNotice(body, new Headers(headers));

const voiding = (answer: Answer, then: Answer = transaction()) =>
  gatewayAnswered((path) => (path.endsWith("/void") ? answer : then));

describe("the checkout address", () => {
  const request: CheckoutRequest = {
    reference: "0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b",
    amountInCents: 9_500_000,
    currency: "COP",
    expiresAt: new Date("2026-12-12T20:28:50Z"),
    redirectUrl: "https://warotickets.com/pago?a=1&b=2",
    buyer: {
      fullName: "María José Ñáñez & Cía",
      email: "maria+boletas@example.com",
      documentType: "CC",
      documentNumber: "1020304050",
      phone: "3001234567",
      phonePrefix: "+57",
    },
  };

  it("says exactly what was asked, whatever the characters", async () => {
    const url = new URL(await createWompiGateway(settings).checkoutUrl(request));
    expect(`${url.origin}${url.pathname}`).toBe("https://checkout.wompi.co/p/");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      "public-key": "pub_test_shop",
      currency: "COP",
      "amount-in-cents": "9500000",
      reference: request.reference,
      "signature:integrity": sha256(
        `${request.reference}9500000COP2026-12-12T20:28:50.000Ztest_integrity_shop`,
      ),
      "redirect-url": "https://warotickets.com/pago?a=1&b=2",
      "expiration-time": "2026-12-12T20:28:50.000Z",
      "customer-data:email": "maria+boletas@example.com",
      "customer-data:full-name": "María José Ñáñez & Cía",
      "customer-data:phone-number": "3001234567",
      "customer-data:phone-number-prefix": "+57",
      "customer-data:legal-id": "1020304050",
      "customer-data:legal-id-type": "CC",
    });
  });

  it("holds no secret", async () => {
    const url = await createWompiGateway(settings).checkoutUrl(request);
    expect(url).not.toMatch(/prv_test|test_events|test_integrity/);
  });

  it.each([0, -1, 1.5, Number.NaN, 2 ** 53])("is not built for %d cents", async (amountInCents) => {
    await expect(
      createWompiGateway(settings).checkoutUrl({ ...request, amountInCents }),
    ).rejects.toThrow(/cents/);
  });
});

describe("a notice", () => {
  const properties = ["transaction.id", "transaction.status", "transaction.amount_in_cents"];
  const notice = (changes: Record<string, unknown> = {}, id: unknown = "1-2-3") =>
    JSON.stringify({
      event: "transaction.updated",
      data: { transaction: { id, status: "APPROVED", amount_in_cents: 5000 } },
      environment: "test",
      signature: {
        properties,
        checksum: sha256(`${String(id)}APPROVED50001530291411test_events_shop`),
      },
      timestamp: 1530291411,
      ...changes,
    });
  it("names its transaction and nothing else", async () => {
    expect(await read(notice())).toEqual({
      ok: true,
      value: { kind: "transaction", transactionId: "1-2-3" },
    });
  });

  it("may come without saying its environment, which is not signed anyway", async () => {
    expect(await read(notice({ environment: undefined }))).toMatchObject({ ok: true });
  });

  it("about something else is ignored, once its signature was right", async () => {
    const checksum = sha256("tokAPPROVED1530291411test_events_shop");
    const changes = {
      event: "nequi_token.updated",
      data: { nequi_token: { id: "tok", status: "APPROVED" } },
      signature: { properties: ["nequi_token.id", "nequi_token.status"], checksum },
    };
    expect(await read(notice(changes))).toEqual({ ok: true, value: { kind: "ignored" } });
    expect(await read(notice({ ...changes, timestamp: 1 }))).toEqual({
      ok: false,
      refusal: "notice_forged",
    });
  });

  it.each([
    ["with a wrong checksum", notice({ timestamp: 1 }), {}],
    ["whose header says another checksum", notice(), { "X-Event-Checksum": sha256("x") }],
    ["of the other environment", notice({ environment: "prod" }), {}],
    ["of an unknown environment", notice({ environment: "staging" }), {}],
    ["without a transaction", notice({ data: {} }), {}],
  ])("%s is forged", async (_, body, headers) => {
    expect(await read(body, headers)).toEqual({ ok: false, refusal: "notice_forged" });
  });

  it("of the sandbox is forged for a shop with production keys", async () => {
    const production = { publicKey: "pub_prod_shop" };
    expect(await read(notice({ environment: "prod" }), {}, production)).toMatchObject({ ok: true });
    expect(await read(notice(), {}, production)).toEqual({ ok: false, refusal: "notice_forged" });
  });

  it.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["null", "null"],
    ["a list", "[]"],
    ["no signature", notice({ signature: undefined })],
    ["a signature without properties", notice({ signature: { checksum: "a" } })],
    ["properties that are no texts", notice({ signature: { checksum: "a", properties: [1] } })],
    ["a timestamp that is no number", notice({ timestamp: "1530291411" })],
    ["a transaction id that is a number", notice({}, 123)],
    ["an empty transaction id", notice({}, "")],
  ])("with %s is malformed", async (_, body) => {
    expect(await read(body)).toEqual({ ok: false, refusal: "notice_malformed" });
  });
});

it("a public key of no environment is a mistake, found at once", () => {
  expect(() => createWompiGateway({ ...settings, publicKey: "prv_test_shop" })).toThrow(
    /pub_test_/,
  );
});

describe("looking a transaction up", () => {
  it("asks once, with the private key, and reads past unknown fields", async () => {
    const { gateway, requests } = await gatewayAnswered(transaction());
    expect(await gateway.findTransaction("1-2-3")).toEqual({
      transactionId: "1-2-3",
      reference: "payment-1",
      amountInCents: 9_500_000,
      currency: "COP",
      status: "approved",
      paymentMethod: "CARD",
    });
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "GET", path: "/v1/transactions/1-2-3", body: "" });
    expect(requests[0]?.headers.authorization).toBe("Bearer prv_test_shop");
  });

  it.each([
    ["PENDING", "pending"],
    ["APPROVED", "approved"],
    ["DECLINED", "declined"],
    ["VOIDED", "voided"],
    ["ERROR", "error"],
  ])("reads %s as %s", async (status, expected) => {
    const { gateway } = await gatewayAnswered(transaction({ status }));
    expect(await gateway.findTransaction("1-2-3")).toMatchObject({ status: expected });
  });

  it("says UNKNOWN where Wompi does not name the payment method yet", async () => {
    const { gateway } = await gatewayAnswered(
      transaction({ status: "PENDING", payment_method_type: null }),
    );
    expect(await gateway.findTransaction("1-2-3")).toMatchObject({ paymentMethod: "UNKNOWN" });
  });

  it("finds nothing on 404", async () => {
    const { gateway } = await gatewayAnswered({
      status: 404,
      body: '{"error":{"type":"NOT_FOUND_ERROR"}}',
    });
    expect(await gateway.findTransaction("1-2-3")).toBeNull();
  });

  it.each([401, 403, 422, 429, 500, 503, 302, 204])(
    "is unavailable on %d, after one try",
    async (status) => {
      const headers = { Location: "/v1/elsewhere" };
      const { gateway, requests } = await gatewayAnswered({ status, headers, body: "{}" });
      await expect(gateway.findTransaction("1-2-3")).rejects.toThrow(GatewayUnavailable);
      expect(requests).toHaveLength(1);
    },
  );

  it.each([
    ["garbage", { body: "<html>" }],
    ["nothing", {}],
    ["no data", { body: "{}" }],
    ["an unknown status", transaction({ status: "REFUNDED" })],
    ["an amount that is no whole number", transaction({ amount_in_cents: 1.5 })],
    ["a negative amount", transaction({ amount_in_cents: -1 })],
    ["another transaction", transaction({ id: "9-9-9" })],
  ])("is unavailable when answered with %s", async (_, answer) => {
    const { gateway } = await gatewayAnswered(answer);
    await expect(gateway.findTransaction("1-2-3")).rejects.toThrow(GatewayUnavailable);
  });

  it("is unavailable when Wompi does not answer in time, or is not there", async () => {
    const { gateway } = await gatewayAnswered(null, 30);
    await expect(gateway.findTransaction("1-2-3")).rejects.toMatchObject({
      name: "GatewayUnavailable",
      cause: expect.objectContaining({ name: "TimeoutError" }),
    });
    await expect(createWompiGateway(settings).findTransaction("1-2-3")).rejects.toThrow(
      GatewayUnavailable,
    );
  });

  it("quotes neither the key nor the answer when it fails", async () => {
    const { gateway } = await gatewayAnswered({
      body: '{"data":{"customer_email":"ana@example.com"}}',
    });
    const error: unknown = await gateway
      .findTransaction("1-2-3")
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(GatewayUnavailable);
    expect(String(error instanceof Error ? error.cause : error)).not.toMatch(/ana@|prv_test/);
  });

  it("cannot be led to another resource by the id", async () => {
    const { gateway, requests } = await gatewayAnswered({ status: 404 });
    for (const id of ["", ".", ".."]) expect(await gateway.findTransaction(id)).toBeNull();
    expect(requests).toEqual([]);
    for (const id of ["../merchants", "a/b", "a?b=c", "a#b", "%2e%2e"])
      await gateway.findTransaction(id);
    expect(requests.map(({ path }) => path)).toEqual([
      "/v1/transactions/..%2Fmerchants",
      "/v1/transactions/a%2Fb",
      "/v1/transactions/a%3Fb%3Dc",
      "/v1/transactions/a%23b",
      "/v1/transactions/%252e%252e",
    ]);
  });
});

describe("voiding a transaction", () => {
  it("posts the amount with the private key", async () => {
    const { gateway, requests } = await voiding(transaction({ status: "VOIDED" }));
    expect(await gateway.voidTransaction("1-2-3", 9_500_000)).toBe("voided");
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({ method: "POST", path: "/v1/transactions/1-2-3/void" });
    expect(requests[0]?.headers.authorization).toBe("Bearer prv_test_shop");
    expect(JSON.parse(requests[0]?.body ?? "")).toEqual({ amount_in_cents: 9_500_000 });
  });

  it("is done when the answer holds the voided transaction", async () => {
    const body = JSON.stringify({
      data: { status: "APPROVED", transaction: { status: "VOIDED" } },
    });
    const { gateway } = await voiding({ status: 201, body });
    expect(await gateway.voidTransaction("1-2-3", 1)).toBe("voided");
  });

  it("is settled by reading the transaction when the answer says only APPROVED", async () => {
    const answer = { status: 201, body: '{"data":{"status":"APPROVED"}}' };
    const done = await voiding(answer, transaction({ status: "VOIDED" }));
    expect(await done.gateway.voidTransaction("1-2-3", 1)).toBe("voided");
    await server?.stop();
    const notYet = await voiding(answer, transaction({ status: "APPROVED" }));
    await expect(notYet.gateway.voidTransaction("1-2-3", 1)).rejects.toThrow(GatewayUnavailable);
  });

  it.each([
    ["404", { status: 404 }],
    ["422", { status: 422, body: '{"error":{"type":"INPUT_VALIDATION_ERROR"}}' }],
    ["a declined void", { status: 201, body: '{"data":{"status":"DECLINED"}}' }],
    ["a void in error", { status: 201, body: '{"data":{"status":"ERROR"}}' }],
  ])("is refused on %s", async (_, answer) => {
    const { gateway } = await voiding(answer);
    expect(await gateway.voidTransaction("1-2-3", 1)).toBe("refused");
  });

  it("repeated after a lost answer tells that the money went back, not that a person must send it again", async () => {
    const { gateway } = await voiding({ status: 422 }, transaction({ status: "VOIDED" }));
    expect(await gateway.voidTransaction("1-2-3", 1)).toBe("voided");
  });

  it("is not called refused while nobody can tell", async () => {
    const { gateway } = await voiding({ status: 422 }, { status: 500 });
    await expect(gateway.voidTransaction("1-2-3", 1)).rejects.toThrow(GatewayUnavailable);
  });

  it.each([401, 429, 500])("is unavailable on %d, after one try", async (status) => {
    const { gateway, requests } = await voiding({ status });
    await expect(gateway.voidTransaction("1-2-3", 1)).rejects.toThrow(GatewayUnavailable);
    expect(requests).toHaveLength(1);
  });

  it("is unavailable when answered with garbage", async () => {
    const { gateway } = await voiding({ body: "ok" });
    await expect(gateway.voidTransaction("1-2-3", 1)).rejects.toThrow(GatewayUnavailable);
  });

  it("asks nothing about an id that would name another resource", async () => {
    const { gateway, requests } = await voiding({});
    expect(await gateway.voidTransaction("..", 1)).toBe("refused");
    expect(requests).toEqual([]);
  });
});
