/**
 * The local Wompi, read as a specification of what Wompi documents (protocol facts, section A). Signatures
 * come from Wompi's published examples, never from the product's own code.
 */
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { startWompiSandbox, type WompiSandbox } from "../../dev/wompi-sandbox/server.ts";
import { eventChecksum, integritySignature } from "../../dev/wompi-sandbox/signatures.ts";

const PUBLIC_KEY = "pub_test_specification";
const PRIVATE_KEY = "prv_test_specification";
const EVENTS_SECRET = "test_events_specification";
const INTEGRITY_SECRET = "test_integrity_specification";
const AMOUNT_IN_CENTS = 9_500_000;

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");

const Transaction = z.object({
  id: z.string().regex(/^\d+-\d{10}-\d+$/),
  status: z.enum(["PENDING", "APPROVED", "DECLINED", "VOIDED", "ERROR"]),
  reference: z.string(),
  amount_in_cents: z.int(),
  currency: z.literal("COP"),
  payment_method_type: z.string(),
  redirect_url: z.string().nullable(),
  finalized_at: z.iso.datetime().nullable(),
});
const One = z.object({ data: Transaction });
const Many = z.object({ data: z.array(Transaction) });
const Failure = z.object({
  error: z.object({
    type: z.string(),
    reason: z.string().optional(),
    messages: z.record(z.string(), z.array(z.string())).optional(),
  }),
});
// Strict: the envelope of A4 and nothing else.
const Envelope = z.strictObject({
  event: z.literal("transaction.updated"),
  data: z.strictObject({ transaction: Transaction }),
  environment: z.literal("test"),
  signature: z.strictObject({ properties: z.array(z.string()), checksum: z.string() }),
  timestamp: z.int(),
  sent_at: z.iso.datetime(),
});
const Deliveries = z.object({
  data: z.array(
    z.object({
      transaction_id: z.string(),
      state: z.string(),
      attempts: z.array(z.object({ status: z.number().nullable() })),
    }),
  ),
});

interface Received {
  body: string;
  checksum: string | undefined;
}

/** The shop's webhook: answers what it is told, 200 when told nothing, and hands over what it got. */
async function startReceiver() {
  const answers: number[] = [];
  const received: Received[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      received.push({
        body: Buffer.concat(chunks).toString("utf8"),
        checksum: request.headersDistinct["x-event-checksum"]?.[0],
      });
      response.on("finish", () => waiting.splice(0).forEach((wake) => wake()));
      // The address only matters to a sender that follows redirects.
      response.writeHead(answers.shift() ?? 200, { Location: "/elsewhere" }).end("ok");
    });
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}/webhooks/wompi`,
    answers,
    received,
    async atLeast(count: number): Promise<Received[]> {
      while (received.length < count) await new Promise<void>((wake) => waiting.push(wake));
      return received;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

let receiver: Awaited<ReturnType<typeof startReceiver>>;
let sandbox: WompiSandbox;
let base: string;

async function start(redeliveryDelaysMilliseconds = [5, 10, 15]) {
  sandbox = await startWompiSandbox({
    port: 0,
    publicKey: PUBLIC_KEY,
    privateKey: PRIVATE_KEY,
    eventsSecret: EVENTS_SECRET,
    integritySecret: INTEGRITY_SECRET,
    eventsUrl: receiver.url,
    redeliveryDelaysMilliseconds,
  });
  base = `http://127.0.0.1:${sandbox.port}`;
}

beforeEach(async () => {
  receiver = await startReceiver();
  await start();
});

afterEach(async () => {
  await sandbox.stop();
  await receiver.stop();
});

/** A checkout address as a shop builds it; `changes` are made after signing, `null` leaves one out. */
function checkoutUrl(reference: string, changes: Record<string, string | null> = {}) {
  const query = new URLSearchParams({
    "public-key": PUBLIC_KEY,
    currency: "COP",
    "amount-in-cents": String(AMOUNT_IN_CENTS),
    reference,
    "signature:integrity": sha256(`${reference}${AMOUNT_IN_CENTS}COP${INTEGRITY_SECRET}`),
  });
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  return `${base}/p/?${query.toString()}`;
}

const withExpiration = (reference: string, expiration: string) => ({
  "expiration-time": expiration,
  "signature:integrity": sha256(
    `${reference}${AMOUNT_IN_CENTS}COP${expiration}${INTEGRITY_SECRET}`,
  ),
});

const post = (url: string, body: unknown, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json", ...headers },
    body: JSON.stringify(body),
  });

async function paid(reference: string, body: Record<string, string>) {
  const response = await post(checkoutUrl(reference), body);
  expect(response.status).toBe(200);
  return One.parse(await response.json()).data;
}

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });
const read = (path: string, headers: Record<string, string> = bearer(PRIVATE_KEY)) =>
  fetch(`${base}${path}`, { headers });
const voiding = (id: string, body: unknown = {}, key = PRIVATE_KEY) =>
  post(`${base}/v1/transactions/${id}/void`, body, bearer(key));

async function statusOf(id: string) {
  return One.parse(await (await read(`/v1/transactions/${id}`)).json()).data.status;
}

async function failureOf(response: Response) {
  return { status: response.status, ...Failure.parse(await response.json()).error };
}

async function onlyDelivery() {
  const [only] = Deliveries.parse(await (await read("/sandbox/events")).json()).data;
  if (only === undefined) throw new Error("no delivery");
  return only;
}

describe("the published signatures", () => {
  const published = {
    reference: "sk8-438k4-xmxm392-sn2m",
    amountInCents: "2490000",
    currency: "COP",
    expirationTime: null,
  };
  const secret = "prod_integrity_Z5mMke9x0k8gpErbDqwrJXMqsI6SFli6";

  it("signs the checkout as Wompi's example does", () => {
    expect(integritySignature(published, secret)).toBe(
      "37c8407747e595535433ef8f6a811d853cd943046624a0ec04662b17bbf33bf5",
    );
  });

  it("puts the expiration between the currency and the secret", () => {
    const expirationTime = "2023-06-09T20:28:50.000Z";
    expect(integritySignature({ ...published, expirationTime }, secret)).toBe(
      "e972f58e7de36b283fbb93d9318d39a54ffdff4e8e917b534f30d63c9d7bb89c",
    );
  });

  it("signs events so that Wompi's example string gives its true digest, not the stale printed one", () => {
    const transaction = {
      id: "1234-1610641025-49201",
      status: "APPROVED",
      amount_in_cents: 4490000,
    };
    const checksum = eventChecksum(
      {
        data: { transaction },
        properties: ["transaction.id", "transaction.status", "transaction.amount_in_cents"],
        timestamp: 1530291411,
      },
      "prod_events_OcHnIzeBl5socpwByQ4hA52Em3USQ93Z",
    );
    expect(checksum.toUpperCase()).toBe(
      "5A18EC5E8FDB7DF463E9F94774CBA8F583BA21BD04A09CEFF2EA68A4BC0AEFBE",
    );
    expect(checksum.toUpperCase()).not.toBe(
      "3476DDA50F64CD7CBD160689640506FEBEA93239BC524FC0469B2C68A3CC8BD0",
    );
  });

  it("refuses to sign a property the event does not have", () => {
    const input = { data: { transaction: {} }, properties: ["transaction.id"], timestamp: 1 };
    expect(() => eventChecksum(input, "secret")).toThrow("transaction.id");
  });
});

describe("opening the checkout", () => {
  it("shows the amount and the reference in Spanish, from no other host", async () => {
    const response = await fetch(checkoutUrl("order-1"));
    const text = await response.text();
    expect(response.status).toBe(200);
    expect(text).toMatch(/\$\s95\.000 COP/);
    expect(text).toContain("Referencia: order-1");
    expect(text).toContain("Aprobar");
    expect(text).not.toMatch(/(src|href)="https?:/);
  });

  it("takes the colon of signature:integrity plain as well as encoded", async () => {
    const plain = checkoutUrl("order-1").replace("signature%3Aintegrity", "signature:integrity");
    expect(plain).toContain("signature:integrity=");
    expect((await fetch(plain)).status).toBe(200);
  });

  it("tells how long is left to start the payment", async () => {
    const soon = new Date(Date.now() + 10 * 60_000).toISOString();
    const response = await fetch(checkoutUrl("order-1", withExpiration("order-1", soon)));
    expect(await response.text()).toMatch(/quedan \d min \d+ s/);
  });

  it.each<[string, Record<string, string | null>, string]>([
    ["a wrong signature", { "signature:integrity": "0".repeat(64) }, "signature:integrity"],
    ["an amount changed after signing", { "amount-in-cents": "150000" }, "signature:integrity"],
    ["no signature", { "signature:integrity": null }, "signature:integrity"],
    ["no reference", { reference: null }, "reference"],
    ["an unknown public key", { "public-key": "pub_test_other" }, "public-key"],
    [
      "a production public key",
      { "public-key": "pub_prod_other" },
      "no corresponde a este ambiente",
    ],
    ["another currency", { currency: "USD" }, "currency"],
    ["less than COP 1.500", { "amount-in-cents": "149999" }, "monto mínimo"],
    ["an amount with decimals", { "amount-in-cents": "95000.50" }, "amount-in-cents"],
    ["a reference over 255 characters", { reference: "r".repeat(256) }, "reference"],
    [
      "a phone without its prefix",
      { "customer-data:phone-number": "3001112233" },
      "phone-number-prefix",
    ],
    ["a redirect that is not http", { "redirect-url": "javascript:alert(1)" }, "redirect-url"],
    ["an address without its city", { "shipping-address:country": "CO" }, "shipping-address:city"],
  ])("refuses %s, on a page that names it", async (_what, changes, named) => {
    const response = await fetch(checkoutUrl("order-1", changes));
    expect(response.status).toBe(422);
    expect(response.headers.get("content-type")).toContain("text/html");
    expect(await response.text()).toContain(named);
  });

  it("refuses an expiration in the past, and one whose characters were not the signed ones", async () => {
    const past = withExpiration("order-1", "2023-06-09T20:28:50.000Z");
    expect(await (await fetch(checkoutUrl("order-1", past))).text()).toContain("ya venció");

    const signed = withExpiration("order-1", "2099-06-09T20:28:50.000Z");
    const rewritten = { ...signed, "expiration-time": "2099-06-09T20:28:50Z" };
    const response = await fetch(checkoutUrl("order-1", rewritten));
    expect(await response.text()).toContain("firma de integridad");
  });
});

describe("every page", () => {
  it("lets only its own script run", async () => {
    const response = await fetch(checkoutUrl("order-1"));
    const script = /<script>([^]*?)<\/script>/.exec(await response.text())?.[1] ?? "";
    const hash = createHash("sha256").update(script).digest("base64");
    expect(response.headers.get("content-security-policy")).toContain(`'sha256-${hash}'`);
  });

  it("escapes what it prints", async () => {
    const reference = `<script>alert("x")</script>`;
    const text = await (await fetch(checkoutUrl(reference))).text();
    expect(text).toContain("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;");
    expect(text).not.toContain(reference);
  });
});

describe("paying", () => {
  it("sends the payer back with the transaction id and env=test, keeping the shop's own query", async () => {
    const url = checkoutUrl("order-1", { "redirect-url": "https://waro.example/orders/1?lang=es" });
    const form = new URLSearchParams({ outcome: "approve", method: "NEQUI", event: "none" });
    const response = await fetch(url, { method: "POST", body: form, redirect: "manual" });
    expect(response.status).toBe(303);
    const target = new URL(response.headers.get("location") ?? "");
    expect(target.origin + target.pathname).toBe("https://waro.example/orders/1");
    expect(target.searchParams.get("lang")).toBe("es");
    expect(target.searchParams.get("env")).toBe("test");
    const id = target.searchParams.get("id") ?? "";
    const stored = One.parse(await (await read(`/v1/transactions/${id}`)).json()).data;
    expect(stored).toMatchObject({ status: "APPROVED", payment_method_type: "NEQUI" });
  });

  it("shows the result itself when there is no redirect", async () => {
    const body = new URLSearchParams({ outcome: "decline" });
    const response = await fetch(checkoutUrl("order-1"), { method: "POST", body });
    expect(await response.text()).toContain("rechazada");
  });

  it("approves: the API shows it and the shop gets a signed event", async () => {
    const transaction = await paid("order-1", { outcome: "approve", method: "CARD" });
    expect(transaction).toMatchObject({ reference: "order-1", amount_in_cents: AMOUNT_IN_CENTS });
    expect(await statusOf(transaction.id)).toBe("APPROVED");

    const [received] = await receiver.atLeast(1);
    const event = Envelope.parse(JSON.parse(received?.body ?? ""));
    expect(event.data.transaction).toMatchObject({ id: transaction.id, status: "APPROVED" });
    expect(event.signature.properties).toEqual([
      "transaction.id",
      "transaction.status",
      "transaction.amount_in_cents",
    ]);
    const expected = sha256(
      `${transaction.id}APPROVED${AMOUNT_IN_CENTS}${event.timestamp}${EVENTS_SECRET}`,
    );
    expect(event.signature.checksum).toBe(expected);
    expect(received?.checksum).toBe(expected);
    // Seconds, not milliseconds.
    expect(event.timestamp).toBe(Math.floor(Date.parse(event.sent_at) / 1000));
  });
});

describe("paying again, or wrongly", () => {
  it("lets a payer try again after a decline, with the same reference", async () => {
    const declined = await paid("order-1", { outcome: "decline" });
    const approved = await paid("order-1", { outcome: "approve" });
    const found = Many.parse(await (await read("/v1/transactions?reference=order-1")).json()).data;
    expect(found.map(({ id, status }) => [id, status])).toEqual([
      [approved.id, "APPROVED"],
      [declined.id, "DECLINED"],
    ]);
  });

  it("refuses a reference that was already paid, also once voided", async () => {
    const approved = await paid("order-1", { outcome: "approve" });
    const page = await fetch(checkoutUrl("order-1"));
    expect(page.status).toBe(422);
    expect(await page.text()).toContain("La referencia ya ha sido usada");

    await voiding(approved.id);
    expect(await failureOf(await post(checkoutUrl("order-1"), { outcome: "approve" }))).toEqual({
      status: 422,
      type: "INPUT_VALIDATION_ERROR",
      messages: { reference: ["La referencia ya ha sido usada"] },
    });
  });

  it("refuses an outcome it does not know", async () => {
    const response = await post(checkoutUrl("order-1"), { outcome: "maybe" });
    expect(await failureOf(response)).toMatchObject({
      status: 422,
      messages: { outcome: [expect.any(String)] },
    });
  });

  it("refuses a body over 64 KB", async () => {
    const response = await post(checkoutUrl("order-1"), { outcome: "x".repeat(65 * 1024) });
    expect(response.status).toBe(413);
  });
});

describe("events", () => {
  it("come again with the same bytes until the answer is exactly 200", async () => {
    receiver.answers.push(500, 201, 302);
    await paid("order-1", { outcome: "approve" });
    const received = await receiver.atLeast(4);
    expect(new Set(received.map(({ body }) => body)).size).toBe(1);
    expect(new Set(received.map(({ checksum }) => checksum)).size).toBe(1);
    await expect.poll(async () => (await onlyDelivery()).state, { interval: 2 }).toBe("delivered");
    expect((await onlyDelivery()).attempts.map(({ status }) => status)).toEqual([
      500, 201, 302, 200,
    ]);
  });

  it("are given up after three retries", async () => {
    receiver.answers.push(500, 500, 500, 500);
    await paid("order-1", { outcome: "approve" });
    await receiver.atLeast(4);
    await expect.poll(async () => (await onlyDelivery()).state, { interval: 2 }).toBe("abandoned");
    expect(receiver.received).toHaveLength(4);
  });

  it("come twice at once when asked", async () => {
    await paid("order-1", { outcome: "approve", event: "duplicate" });
    const [first, second] = await receiver.atLeast(2);
    expect(first).toEqual(second);
  });

  it("come late when asked: a payment made afterwards is heard of first", async () => {
    await sandbox.stop();
    await start([60]);
    const late = await paid("order-1", { outcome: "approve", event: "late" });
    const prompt = await paid("order-2", { outcome: "approve" });
    const ids = (await receiver.atLeast(2)).map(
      ({ body }) => Envelope.parse(JSON.parse(body)).data.transaction.id,
    );
    expect(ids).toEqual([prompt.id, late.id]);
  });

  it("are not sent when asked, and can still be brought back byte for byte", async () => {
    const transaction = await paid("order-1", { outcome: "approve", event: "none" });
    await post(`${base}/sandbox/transactions/${transaction.id}/resend`, {});
    await post(`${base}/sandbox/transactions/${transaction.id}/resend`, {});
    const [first, second] = await receiver.atLeast(2);
    expect(first?.body).toContain(transaction.id);
    expect(first).toEqual(second);
  });

  it("of a pending payment come when it is finished, and it finishes once", async () => {
    const transaction = await paid("order-1", { outcome: "pending", method: "PSE" });
    expect(transaction).toMatchObject({ status: "PENDING", finalized_at: null });
    const finish = `${base}/sandbox/transactions/${transaction.id}/finish`;
    expect((await post(finish, { status: "APPROVED" })).status).toBe(200);
    expect((await post(finish, { status: "DECLINED" })).status).toBe(422);
    expect(await statusOf(transaction.id)).toBe("APPROVED");
    await receiver.atLeast(1);
    expect(receiver.received).toHaveLength(1);
  });

  it("stop with the sandbox, even with a retry on its way", async () => {
    await sandbox.stop();
    await start([60_000]);
    receiver.answers.push(500);
    await paid("order-1", { outcome: "approve" });
    await receiver.atLeast(1);
    await sandbox.stop();
    expect(receiver.received).toHaveLength(1);
    await start();
  });
});

describe("voiding", () => {
  it("undoes an approved card payment and tells the shop", async () => {
    const transaction = await paid("order-1", { outcome: "approve", method: "CARD" });
    await receiver.atLeast(1);
    const response = await voiding(transaction.id, { amount_in_cents: AMOUNT_IN_CENTS });
    expect(response.status).toBe(201);
    const answer = z
      .object({ data: z.object({ status: z.string(), transaction: Transaction }) })
      .parse(await response.json()).data;
    // The voiding is approved; the payment is voided.
    expect([answer.status, answer.transaction.status]).toEqual(["APPROVED", "VOIDED"]);
    const received = await receiver.atLeast(2);
    expect(Envelope.parse(JSON.parse(received[1]?.body ?? "")).data.transaction.status).toBe(
      "VOIDED",
    );
    expect((await voiding(transaction.id)).status).toBe(422);
  });

  it("takes no body at all", async () => {
    const transaction = await paid("order-1", { outcome: "approve", event: "none" });
    const url = `${base}/v1/transactions/${transaction.id}/void`;
    const response = await fetch(url, { method: "POST", headers: bearer(PRIVATE_KEY) });
    expect(response.status).toBe(201);
  });

  it.each([
    ["a payment that is not by card", { outcome: "approve", method: "NEQUI" }, {}],
    ["a declined payment", { outcome: "decline", method: "CARD" }, {}],
    ["a pending payment", { outcome: "pending", method: "CARD" }, {}],
    [
      "more than was paid",
      { outcome: "approve", method: "CARD" },
      { amount_in_cents: AMOUNT_IN_CENTS + 1 },
    ],
  ])("refuses %s", async (_what, payment, body) => {
    const transaction = await paid("order-1", { ...payment, event: "none" });
    expect(await failureOf(await voiding(transaction.id, body))).toMatchObject({
      status: 422,
      type: "INPUT_VALIDATION_ERROR",
    });
    expect(await statusOf(transaction.id)).toBe(transaction.status);
  });

  it("needs the private key and a transaction that exists", async () => {
    const transaction = await paid("order-1", { outcome: "approve", event: "none" });
    expect((await voiding(transaction.id, {}, PUBLIC_KEY)).status).toBe(401);
    expect((await voiding("15113-1700000000-1")).status).toBe(404);
    expect(await statusOf(transaction.id)).toBe("APPROVED");
  });
});

describe("who may read", () => {
  it("a transaction is not found without a key or with the public one", async () => {
    const { id } = await paid("order-1", { outcome: "approve", event: "none" });
    const nobody = await failureOf(await read(`/v1/transactions/${id}`, {}));
    expect(nobody).toMatchObject({ status: 404, type: "NOT_FOUND_ERROR" });
    expect((await read(`/v1/transactions/${id}`, bearer(PUBLIC_KEY))).status).toBe(404);
    expect((await read(`/v1/transactions/${id}`, bearer("prv_test_other"))).status).toBe(401);
    expect((await read("/v1/transactions/15113-1700000000-1")).status).toBe(404);
  });

  it("a list by reference needs the private key, and an unknown reference is an empty list", async () => {
    const path = "/v1/transactions?reference=never-seen";
    const refused = await failureOf(await read(path, bearer(PUBLIC_KEY)));
    expect(refused).toMatchObject({ status: 401, type: "INVALID_ACCESS_TOKEN" });
    expect((await read(path, {})).status).toBe(401);
    const found = await read(path);
    expect(found.status).toBe(200);
    expect(await found.json()).toMatchObject({ data: [] });
    expect((await read("/v1/transactions")).status).toBe(422);
  });

  it.each(["pub_prod_other", "prv_prod_other"])(
    "%s belongs to another environment",
    async (key) => {
      for (const path of ["/v1/transactions/1-1-1", "/v1/transactions?reference=order-1"]) {
        expect(await failureOf(await read(path, bearer(key)))).toEqual({
          status: 401,
          type: "INVALID_ACCESS_TOKEN",
          reason: "La llave proporcionada no corresponde a este ambiente.",
        });
      }
    },
  );

  it("the merchant is read with the public key in its own header", async () => {
    const response = await read("/v1/merchants/info", { "x-merchant-public-key": PUBLIC_KEY });
    expect(await response.json()).toMatchObject({ data: { public_key: PUBLIC_KEY } });
    const refused = await read("/v1/merchants/info", { "x-merchant-public-key": "pub_prod_other" });
    expect(refused.status).toBe(401);
  });

  it("an unknown path is a 404 in Wompi's envelope", async () => {
    expect(await failureOf(await read("/v1/nothing"))).toMatchObject({ type: "NOT_FOUND_ERROR" });
  });
});

describe("the page for people", () => {
  it("lists the newest first, lets a pending one be finished, and escapes references", async () => {
    await paid("order-1", { outcome: "approve", event: "none" });
    const pending = await paid("<b>order-2</b>", { outcome: "pending" });
    const text = await (await fetch(base)).text();
    expect(text).toContain("&lt;b&gt;order-2");
    expect(text.indexOf("order-2")).toBeLessThan(text.indexOf("order-1"));

    const form = new URLSearchParams({ status: "APPROVED", event: "normal" });
    const response = await fetch(`${base}/sandbox/transactions/${pending.id}/finish`, {
      method: "POST",
      headers: { Accept: "text/html" },
      body: form,
      redirect: "manual",
    });
    expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
    await receiver.atLeast(1);
    expect(await statusOf(pending.id)).toBe("APPROVED");
  });
});
