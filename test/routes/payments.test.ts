// Paying for a reservation, over HTTP against a running stack: what the gateway is asked for, and every refusal with
// nothing changed behind it.

import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { z } from "zod";
import { badBodies, expectInvalid, expectProblem } from "../support/problems.ts";
import { claimsOf, reservationToken, sha256Hex } from "../support/signed.ts";
import { type HeldReservation, newEmail } from "../support/shop.ts";
import { openStackShop } from "../support/stack-shop.ts";

const shop = openStackShop();
const { call, asBuyer } = shop;
const variables = inject("workerVariables");

const UNKNOWN_ID = "7f0e1c52-9d0b-4f0a-8a43-2b8d3f6a1e77";
const newKey = () => crypto.randomUUID();
const startedShape = z.object({ id: z.uuid(), checkout_url: z.url(), expires_at: z.string() });

const buyer = {
  full_name: "Ana María Rojas",
  email: "ana@example.com",
  document_type: "CC",
  document_number: "1020304050",
  phone: "3001234567",
};

async function heldUnits(units: number, area: object = {}) {
  const event = await shop.publishEvent([{ units, ...area }]);
  const [areaId = ""] = event.areaIds;
  const reservation = await shop.hold(event, [{ area_id: areaId, quantity: units }]);
  return { event, areaId, reservation };
}

function pay(reservation: { token: string }, changes: object = {}, key?: string) {
  return asBuyer(reservation.token, "POST", "/v1/payments", {
    body: { gateway: "wompi", buyer: { ...buyer, ...changes } },
    headers: key === undefined ? {} : { "idempotency-key": key },
  });
}

async function readReservation({ id, token }: HeldReservation) {
  return (await asBuyer(token, "GET", `/v1/reservations/${id}`)).body;
}

afterAll(() => shop.close());

describe("a payment", () => {
  test("is of the whole reservation, waits for the payer, and holds the units for it", async () => {
    const { reservation } = await heldUnits(3);
    const before = Date.now();
    const answer = await pay(reservation);
    expect(answer).toMatchObject({
      status: 201,
      body: {
        reservation_id: reservation.id,
        gateway: "wompi",
        status: "pending",
        method: null,
        amount_in_cents: 30_000_000,
        refund_in_cents: 0,
        currency: "COP",
      },
    });
    const { id, expires_at: expiresAt } = startedShape.parse(answer.body);
    expect(Date.parse(expiresAt) - before).toBeGreaterThan(899_000);
    expect(Date.parse(expiresAt) - before).toBeLessThan(930_000);
    expect(await readReservation(reservation)).toMatchObject({
      status: "held",
      expires_at: expiresAt,
    });
    expect(await shop.payments(reservation.id)).toEqual([
      { id, status: "pending", amount: "300000.00", refund: "0.00", transaction: null },
    ]);
  });

  test("sends the payer to the gateway with a signature over exactly what is sent", async () => {
    const { reservation } = await heldUnits(2, { priceInCents: 1_234_567, serviceInCents: 89 });
    const { body } = await pay(reservation, { email: "ana+prueba@example.com" });
    const started = startedShape.parse(body);
    const { searchParams: sent, origin, pathname } = new URL(started.checkout_url);
    expect(`${origin}${pathname}`).toBe(variables["WOMPI_CHECKOUT_URL"]);
    const expiration = sent.get("expiration-time") ?? "";
    expect(Object.fromEntries(sent)).toEqual({
      "public-key": variables["WOMPI_PUBLIC_KEY"],
      currency: "COP",
      "amount-in-cents": "2469312",
      reference: started.id,
      "signature:integrity": sha256Hex(
        `${started.id}2469312COP${expiration}${variables["WOMPI_INTEGRITY_SECRET"]}`,
      ),
      "redirect-url": `${inject("apiUrl")}/v1/payments/${started.id}/return`,
      "expiration-time": expiration,
      "customer-data:email": "ana+prueba@example.com",
      "customer-data:full-name": "Ana María Rojas",
      "customer-data:phone-number": "3001234567",
      "customer-data:phone-number-prefix": "+57",
      "customer-data:legal-id": "1020304050",
      "customer-data:legal-id-type": "CC",
    });
    // The payer is stopped half a minute before the units are given up.
    expect(Date.parse(started.expires_at) - Date.parse(expiration)).toBe(30_000);
    expect((await fetch(started.checkout_url)).status).toBe(200);
  });

  test("of several areas is of their sum", async () => {
    const event = await shop.publishEvent([{ units: 2 }, { units: 2, priceInCents: 7_000_000 }]);
    const items = event.areaIds.map((areaId) => ({ area_id: areaId, quantity: 2 }));
    const reservation = await shop.hold(event, items);
    expect(await pay(reservation)).toMatchObject({ body: { amount_in_cents: 35_000_000 } });
  });

  test("costs what was quoted at the hold, whatever the organizer changes", async () => {
    const { areaId, reservation } = await heldUnits(1);
    const body = { price_in_cents: 99_000_000 };
    expect((await shop.asOrganizer("PATCH", `/v1/areas/${areaId}`, { body })).status).toBe(200);
    expect(await pay(reservation)).toMatchObject({ body: { amount_in_cents: 10_000_000 } });
  });

  test("can be started after the event was taken off sale", async () => {
    const { event, reservation } = await heldUnits(1);
    await shop.asOrganizer("POST", `/v1/events/${event.eventId}/unpublish`);
    expect((await pay(reservation)).status).toBe(201);
  });

  test.each([
    ["an apostrophe and SQL", "Robert'); DROP TABLE payments; --"],
    ["letters beyond the first plane", "𝓐na 👩‍👩‍👧 Ñandú"],
    ["right-to-left text", "مريم حداد"],
    ["HTML", "<script>alert(1)</script>"],
  ])("is started for a name with %s, kept as it is", async (_what, name) => {
    const { reservation } = await heldUnits(1);
    expect((await pay(reservation, { full_name: name })).status).toBe(201);
    const { rows } = await shop.database.query<{ name: string }>(
      "SELECT customer_data ->> 'full_name' AS name FROM payments WHERE reservation_id = $1",
      [reservation.id],
    );
    expect(rows).toEqual([{ name }]);
  });

  test("once is not extended for ever: starting more payments adds no more time", async () => {
    const { reservation } = await heldUnits(1);
    const expiries: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      expiries.push(Date.parse(startedShape.parse((await pay(reservation)).body).expires_at));
    }
    const holdMs = Date.parse(reservation.expires_at);
    for (const expiry of expiries) expect(expiry - holdMs).toBeLessThanOrEqual(900_000);
    expect(await shop.payments(reservation.id)).toHaveLength(3);
  });
});

describe("an idempotency key", () => {
  test("starts one payment, once or ten times at once", async () => {
    const { reservation } = await heldUnits(1);
    const key = newKey();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => pay(reservation, { email: "b@example.com" }, key)),
    );
    const again = await pay(reservation, { email: "b@example.com" }, key);
    expect(again.status).toBe(201);
    for (const { body } of answers) expect(body).toEqual(again.body);
    expect(await shop.payments(reservation.id)).toHaveLength(1);
  });

  test("is refused for another buyer, and nothing changes", async () => {
    const { event, reservation } = await heldUnits(1);
    const key = newKey();
    expect((await pay(reservation, {}, key)).status).toBe(201);
    await shop.unitsBecome(event.areaIds[0] ?? "", "r");
    const before = [await readReservation(reservation), await shop.payments(reservation.id)];
    const other = await pay(reservation, { email: "thief@example.com" }, key);
    expectProblem(other, 422, "command_reused");
    expect([await readReservation(reservation), await shop.payments(reservation.id)]).toEqual(
      before,
    );
  });

  test("gets the same payment again after it was paid", async () => {
    const { reservation } = await heldUnits(1);
    const key = newKey();
    const first = startedShape.parse((await pay(reservation, {}, key)).body);
    await shop.payAtCheckout(first.checkout_url, { outcome: "approve" });
    expect(await shop.paymentBeyond(first, reservation, ["pending", "approved"])).toBe("settled");
    const again = await pay(reservation, {}, key);
    expect(again.status).toBe(201);
    expect(again.body).toMatchObject({
      id: first.id,
      checkout_url: first.checkout_url,
      status: "settled",
    });
  });

  test("of one reservation says nothing about another", async () => {
    const [one, two] = await Promise.all([heldUnits(1), heldUnits(1)]);
    const key = newKey();
    const first = startedShape.parse((await pay(one.reservation, {}, key)).body);
    const second = startedShape.parse((await pay(two.reservation, {}, key)).body);
    expect(first.id).not.toBe(second.id);
  });

  test.each(["a".repeat(15), "a".repeat(256), "0123456789 0123456789"])(
    "%j is refused",
    async (key) => {
      const { reservation } = await heldUnits(1);
      expectProblem(await pay(reservation, {}, key), 400, "idempotency_key_invalid");
      expect(await shop.payments(reservation.id)).toEqual([]);
    },
  );
});

describe("no payment is started", () => {
  async function expectUntouched(reservation: HeldReservation, before: unknown): Promise<void> {
    expect(await readReservation(reservation)).toEqual(before);
    expect(await shop.payments(reservation.id)).toEqual([]);
  }

  test("without a token, with a forged one, or with an expired one", async () => {
    const { reservation } = await heldUnits(1);
    const before = await readReservation(reservation);
    const body = { gateway: "wompi", buyer };
    expectProblem(await call("POST", "/v1/payments", { body }), 401, "reservation_token_required");
    const claims = claimsOf(reservation.token);
    const secret = variables["RESERVATION_TOKEN_SECRET"] ?? "";
    const forged = { token: reservationToken(claims, `${secret}x`) };
    expectProblem(await pay(forged), 401, "reservation_token_forged");
    const expired = { token: reservationToken({ ...claims, x: 1 }, secret) };
    expectProblem(await pay(expired), 401, "reservation_token_expired");
    await expectUntouched(reservation, before);
  });

  test("for less than the gateway takes, and the hold gets no longer", async () => {
    const { reservation } = await heldUnits(1, { priceInCents: 149_998, serviceInCents: 1 });
    const before = await readReservation(reservation);
    const answer = await pay(reservation);
    expectProblem(answer, 422, "amount_too_small");
    expect(answer.body).toMatchObject({ min_in_cents: 150_000 });
    await expectUntouched(reservation, before);
    const enough = await heldUnits(1, { priceInCents: 150_000, serviceInCents: 0 });
    expect((await pay(enough.reservation)).status).toBe(201);
  });

  test("for what was released", async () => {
    const { reservation } = await heldUnits(1);
    await asBuyer(reservation.token, "DELETE", `/v1/reservations/${reservation.id}`);
    expectProblem(await pay(reservation), 410, "hold_expired");
    expect(await shop.payments(reservation.id)).toEqual([]);
  });

  test("for what is paid already", async () => {
    const event = await shop.publishEvent([{ units: 1 }]);
    const items = [{ area_id: event.areaIds[0] ?? "", quantity: 1 }];
    const { reservation, payment } = await shop.buy(event, items);
    expectProblem(await pay(reservation), 409, "already_paid");
    expect(await shop.payments(reservation.id)).toMatchObject([
      { id: payment.id, status: "settled" },
    ]);
  });

  describe("from a body nobody may send", () => {
    let held: Awaited<ReturnType<typeof heldUnits>>;
    let before: unknown;
    beforeAll(async () => {
      held = await heldUnits(1);
      before = await readReservation(held.reservation);
    });
    afterAll(() => expectUntouched(held.reservation, before));

    test.each(badBodies)("$what", async ({ body, headers = {}, status, code }) => {
      const answer = await asBuyer(held.reservation.token, "POST", "/v1/payments", {
        body,
        headers,
      });
      expectProblem(answer, status, code);
    });

    test.each([
      ["body.gateway", { gateway: "payu", buyer }],
      ["body.gateway", { buyer }],
      ["body.buyer", { gateway: "wompi" }],
      ["body.buyer", { gateway: "wompi", buyer: [buyer] }],
      ["body.amount_in_cents", { gateway: "wompi", buyer, amount_in_cents: 1 }],
      ["body.reservation_id", { gateway: "wompi", buyer, reservation_id: UNKNOWN_ID }],
    ])("%s in %j", async (path, body) => {
      const answer = await asBuyer(held.reservation.token, "POST", "/v1/payments", { body });
      expectInvalid(answer, path);
    });

    test.each([
      ["full_name", undefined],
      ["full_name", "An"],
      ["full_name", "    a    "],
      ["full_name", "a".repeat(121)],
      ["full_name", 7],
      ["full_name", { toString: "Ana" }],
      ["full_name", "Ana\u0000Rojas"],
      ["full_name", "Ana \ud800 Rojas"],
      ["full_name", "Ana \udc00\ud800 Rojas"],
      ["full_name", "Ana\r\nBcc: all@example.com"],
      ["full_name", "Ana\u0085Rojas"],
      ["email", undefined],
      ["email", "ana"],
      ["email", "ana@localhost"],
      ["email", "ana@example.com\r\nBcc: all@example.com"],
      ["email", "ana@example.com,eve@example.com"],
      ["email", "Ana <ana@example.com>"],
      ["email", "ana\u0000@example.com"],
      ["email", `${"a".repeat(250)}@example.com`],
      ["email", ["ana@example.com"]],
      ["document_type", "DNI"],
      ["document_type", "constructor"],
      ["document_number", "123"],
      ["document_number", "1".repeat(21)],
      ["document_number", "12 34'"],
      ["document_number", "1234\n"],
      ["document_number", 1_020_304_050],
      ["phone", "123456"],
      ["phone", "+573001234567"],
      ["phone", "٣٠٠١٢٣٤٥٦٧"],
      ["phone", 3_001_234_567],
      ["phone_prefix", "57"],
      ["phone_prefix", "+57000"],
      ["phone_prefix", null],
      ["secret", true],
      ["__proto__x", 1],
    ])("a buyer whose %s is %j", async (field, value) => {
      const answer = await pay(held.reservation, { [field]: value });
      expectInvalid(answer, `body.buyer.${field}`);
    });

    test.each([
      ["PUT", "/v1/payments"],
      ["POST", "/v1/payments/"],
      ["GET", "/v1/payments"],
      ["DELETE", `/v1/payments/${UNKNOWN_ID}`],
    ])("%s %s is no address", async (method, path) => {
      expectProblem(await asBuyer(held.reservation.token, method, path), 404, "route_not_found");
    });
  });
});

describe("reading a payment", () => {
  test("needs the token of its own reservation", async () => {
    const [one, two] = await Promise.all([heldUnits(1), heldUnits(1)]);
    const { checkout_url: _url, ...started } = z
      .looseObject({ id: z.string(), checkout_url: z.string() })
      .parse((await pay(one.reservation)).body);
    const path = `/v1/payments/${started.id}`;
    const read = await asBuyer(one.reservation.token, "GET", path);
    expect(read).toMatchObject({ status: 200, body: started });
    expect(JSON.stringify(read.body)).not.toMatch(/ana@|Rojas|1020304050/);
    expectProblem(await asBuyer(two.reservation.token, "GET", path), 404, "payment_not_found");
    expectProblem(await call("GET", path), 401, "reservation_token_required");
    const unknown = `/v1/payments/${UNKNOWN_ID}`;
    expectProblem(await asBuyer(one.reservation.token, "GET", unknown), 404, "payment_not_found");
    expectInvalid(await asBuyer(one.reservation.token, "GET", "/v1/payments/%00"), "param.id");
    expectInvalid(await asBuyer(one.reservation.token, "GET", "/v1/payments/1'--"), "param.id");
  });

  test("tells the method once it is paid", async () => {
    const { reservation } = await heldUnits(1);
    const payment = await shop.startPayment(reservation, newEmail());
    await shop.payAtCheckout(payment.checkout_url, { outcome: "approve", method: "NEQUI" });
    await shop.paymentBeyond(payment, reservation, ["pending", "approved"]);
    expect(await asBuyer(reservation.token, "GET", `/v1/payments/${payment.id}`)).toMatchObject({
      body: { status: "settled", method: "NEQUI", refund_in_cents: 0 },
    });
  });

  test("is not what the page does that the payer's browser comes back to: it shows nothing of anybody", async () => {
    const path = "/v1/payments/%3Cscript%3Ealert(1)%3C%2Fscript%3E/return?id=1&env=test";
    const answer = await call("GET", path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toContain("text/html");
    expect(answer.body).toEqual((await call("GET", `/v1/payments/${UNKNOWN_ID}/return`)).body);
  });
});
